import Foundation
import Training

extension ProcessGroup {
  /// The batches of predictions of every process, in the order of their ranks.
  func exchange(_ mine: [[Prediction]]) throws -> [[[Prediction]]] {
    var numbers: [Float] = []
    for batch in mine {
      numbers.append(Float(batch.count))
      for prediction in batch { prediction.pack(into: &numbers) }
    }
    return try gather(numbers.withUnsafeBytes { Data($0) }).map { bytes in
      var values = [Float](repeating: 0, count: bytes.count / MemoryLayout<Float>.size)
      _ = values.withUnsafeMutableBytes { bytes.copyBytes(to: $0) }
      var rest = values[...], batches: [[Prediction]] = []
      while let count = rest.popFirst() {
        batches.append((0..<Int(count)).map { _ in Prediction(unpacking: &rest) })
      }
      return batches
    }
  }
}

extension Prediction {
  /// Lengths and numbers one after the other.
  fileprivate func pack(into numbers: inout [Float]) {
    numbers += [Float(logits.count), Float(embedding.count), value == nil ? 0 : 1, value ?? 0]
    numbers += logits + embedding
  }

  /// - Precondition: `pack` wrote what comes next.
  fileprivate init(unpacking rest: inout ArraySlice<Float>) {
    let head = Array(rest.prefix(4))
    rest = rest.dropFirst(4)
    let labels = Int(head[0]), width = Int(head[1])
    self.init(
      logits: Array(rest.prefix(labels)), value: head[2] > 0 ? head[3] : nil,
      embedding: Array(rest.dropFirst(labels).prefix(width)))
    rest = rest.dropFirst(labels + width)
  }
}
