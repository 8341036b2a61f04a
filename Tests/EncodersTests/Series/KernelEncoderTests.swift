import Decoders
import Encoders
import Foundation
import Layers
import Tensors
import Testing

@Suite("Series encoder over responses of convolutions") struct KernelEncoderTests {
  private let set = ChannelSet(
    channels: [Channel(name: "a"), Channel(name: "b")],
    statistics: [ChannelSet.Statistics](repeating: .init(mean: 0, deviation: 1, low: -3, high: 3), count: 2),
    rows: 30, stride: 5)

  private func configuration(_ encoder: SeriesConfiguration.Encoder) -> SeriesConfiguration {
    SeriesConfiguration(
      sets: [set], points: 4, bands: 2, encoder: encoder, responses: 400, width: 24, hidden: 32, blocks: 1,
      depth: 1, tokenWidth: 16)
  }

  private func windows(_ count: Int) -> [SeriesWindow] {
    var rng = SeededGenerator(seed: 5)
    return (0..<count).map { index in
      SeriesWindow(
        values: (0..<30).flatMap { [sinf(Float($0 * (index + 1)) / 5), rng.normal()] }, channels: 2, set: 0)
    }
  }

  @Test(
    "Responses are a multiple of 168, standardised on train windows, and none of a channel that is missing")
  func features() throws {
    var shape = configuration(.both)
    #expect(shape.responseCount == 336 && configuration(.features).responseCount == 0)
    let train = windows(20)
    shape.sets = [SeriesFeatures.measure(train, set: set, configuration: shape, seed: 3)]
    let range = SeriesFeatures.responses(shape), width = SeriesFeatures.count(shape)
    #expect(range.count == 336 && range.upperBound == width - 1)
    let found = train.map { SeriesFeatures.compute($0, set: shape.sets[0], configuration: shape) }
    for channel in 0..<2 {
      let means = range.map { place in found.reduce(0) { $0 + $1[channel * width + place] } / 20 }
      #expect(means.allSatisfy { abs($0) < 0.2 })
      let spread = range.map { place in found.map { abs($0[channel * width + place]) }.max() ?? 0 }
      #expect(spread.count { $0 > 0.5 } > 150, "responses differ between windows")
    }
    let plain = configuration(.features)
    let before = SeriesFeatures.compute(
      train[0], set: SeriesFeatures.measure(train, set: set, configuration: plain), configuration: plain)
    let own = SeriesFeatures.count(plain)
    #expect(Array(found[0][..<(own - 1)]) == Array(before[..<(own - 1)]), "other features stay as they were")
    var gone = train[0]
    for place in stride(from: 1, to: 60, by: 2) { gone.values[place] = .nan }
    let half = SeriesFeatures.compute(gone, set: shape.sets[0], configuration: shape)
    #expect(Array(half[..<width]) == Array(found[0][..<width]))
    #expect(half[width...].allSatisfy { $0 == 0 })
  }

  @Test("An encoder reads what its configuration says", arguments: SeriesConfiguration.Encoder.allCases)
  func reads(_ encoder: SeriesConfiguration.Encoder) {
    var rng = SeededGenerator(seed: 2)
    let shape = configuration(encoder), model = SeriesEncoder(configuration(encoder), using: &rng)
    let width = SeriesFeatures.count(shape)
    func run(_ change: Range<Int>) -> [Float] {
      var rng = SeededGenerator(seed: 4)
      var x = (0..<2 * width).map { _ in rng.normal() }
      for place in change { x[place] += 1 }
      (x[width - 1], x[2 * width - 1]) = (1, 1)
      let encoded = model(Tensor(x, shape: [1, 2, width]), set: 0, on: Tape(.inference), using: &rng)
      return encoded.summary.floats() + encoded.tokens.floats()
    }
    let plain = run(0..<0)
    #expect((distance(run(0..<SeriesFeatures.statistics), plain) > 1e-4) == (encoder != .kernels))
    if encoder != .features { #expect(distance(run(SeriesFeatures.responses(shape)), plain) > 1e-4) }
  }

  @Test("Convolutions that do not fit are found before weights are made") func problems() {
    var shape = configuration(.kernels)
    #expect(!shape.problems.isEmpty, "a set without convolutions")
    shape.sets = [SeriesFeatures.measure(windows(4), set: set, configuration: shape)]
    #expect(shape.problems.isEmpty)
    shape.responses = 168
    #expect(!shape.problems.isEmpty, "fewer than were measured")
    shape = configuration(.features)
    shape.responses = 0
    #expect(shape.problems.isEmpty, "read by nobody")
  }

  @Test("What a description does not name is usual") func decoded() throws {
    let short = try JSONDecoder().decode(
      SeriesConfiguration.self, from: Data(#"{"encoder": "kernels"}"#.utf8))
    #expect(short == SeriesConfiguration(sets: [], encoder: .kernels))
  }
}
