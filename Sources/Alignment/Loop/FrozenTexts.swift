import Encoders
import Layers
import Synchronization
import Tensors

/// What a text encoder that is not trained makes of texts: each is encoded once, without dropout, and looked up then.
/// Shared by the replicas of a training.
final class FrozenTexts: Sendable {
  private let encoder: TextEncoder
  private let precision: ElementType
  private let known = Mutex<[[Int]: [Float]]>([:])

  /// - Parameter precision: of the matrix products.
  init(_ encoder: TextEncoder, precision: ElementType) {
    (self.encoder, self.precision) = (encoder, precision)
  }

  /// Summaries of texts: `[texts, width]`.
  /// - Parameter texts: token ids.
  func summaries(of texts: [[Int]]) -> Tensor {
    let width = encoder.configuration.width
    let rows = known.withLock { known in texts.map { known[$0] } }
    // Outside the lock, so that replicas do not wait for each other.
    let found = zip(texts, rows).map { text, row in row ?? encode(text) }
    known.withLock { known in
      for (text, row) in zip(texts, found) { known[text] = row }
    }
    return Tensor(found.flatMap { $0 }, shape: [texts.count, width])
  }

  /// By itself: what stands beside a text must not change its last bits.
  private func encode(_ text: [Int]) -> [Float] {
    var unused = SeededGenerator(seed: 0)
    return encoder([text], on: Tape(.inference, precision: precision), using: &unused).summary.floats()
  }
}
