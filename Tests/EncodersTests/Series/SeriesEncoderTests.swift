import Decoders
import Encoders
import Layers
import Tensors
import Testing

@Suite("Series encoder")
struct SeriesEncoderTests {
  private let set = ChannelSet(
    channels: [Channel(name: "a"), Channel(name: "b"), Channel(name: "c")],
    statistics: [ChannelSet.Statistics](repeating: .init(mean: 0, deviation: 1, low: -1, high: 1), count: 3),
    rows: 20, stride: 5)

  private func encoder(blocks: Int, depth: Int) -> SeriesEncoder {
    var rng = SeededGenerator(seed: 2)
    return SeriesEncoder(
      SeriesConfiguration(
        sets: [set], points: 4, bands: 2, width: 24, hidden: 32, blocks: blocks, depth: depth, tokenWidth: 16),
      using: &rng)
  }

  /// Features of two windows; the second channel of the first has `flag`, and `values` as its features.
  private func batch(_ encoder: SeriesEncoder, flag: Float, values: Float) -> Tensor {
    let features = SeriesFeatures.count(encoder.configuration)
    var rng = SeededGenerator(seed: 3)
    var x = (0..<2 * 3 * features).map { _ in rng.normal() }
    for channel in 0..<6 { x[(channel + 1) * features - 1] = 1 }
    for feature in 0..<features - 1 { x[features + feature] = values * rng.normal() }
    x[2 * features - 1] = flag
    return Tensor(x, shape: [2, 3, features])
  }

  private func run(_ encoder: SeriesEncoder, _ x: Tensor) -> Encoded {
    var rng = SeededGenerator(seed: 4)
    return encoder(x, set: 0, on: Tape(.inference), using: &rng)
  }

  @Test("A missing channel says nothing: neither to the summary nor to other tokens")
  func missing() throws {
    let encoder = encoder(blocks: 0, depth: 2)
    let zero = run(encoder, batch(encoder, flag: 0, values: 0))
    let noise = run(encoder, batch(encoder, flag: 0, values: 9))
    #expect(zero.mask?.floats() == [1, 0, 1, 1, 1, 1])
    #expect(distance(zero.summary.floats(), noise.summary.floats()) < 1e-6)
    let (a, b) = (zero.tokens.floats(), noise.tokens.floats())
    #expect(distance(Array(a[..<16]), Array(b[..<16])) < 1e-6)
    #expect(distance(Array(a[32..<48]), Array(b[32..<48])) < 1e-6)
    // The same noise in a channel that is there does count.
    let there = run(encoder, batch(encoder, flag: 1, values: 9))
    #expect(distance(zero.summary.floats(), there.summary.floats()) > 1e-3)
  }

  @Test("Windows of one batch do not touch each other")
  func independent() {
    let encoder = encoder(blocks: 1, depth: 1)
    let both = batch(encoder, flag: 1, values: 1)
    let features = both.shape[2]
    let second = Tensor(Array(both.floats()[(3 * features)...]), shape: [1, 3, features])
    let a = run(encoder, both), b = run(encoder, second)
    #expect(a.summary.shape == [2, 24] && a.tokens.shape == [2, 3, 16])
    #expect(distance(Array(a.summary.floats()[24...]), b.summary.floats()) < 1e-5)
  }

  @Test("Without any channel the summary is still a number")
  func empty() {
    let encoder = encoder(blocks: 1, depth: 1)
    let x = Tensor(zeros: [1, 3, SeriesFeatures.count(encoder.configuration)])
    #expect(run(encoder, x).summary.floats().allSatisfy { $0.isFinite })
  }

  @Test("Every parameter has a name of its own")
  func names() {
    let names = encoder(blocks: 2, depth: 2).parameters("series").map(\.name)
    #expect(Set(names).count == names.count)
  }
}
