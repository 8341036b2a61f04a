import Alignment
import Decoders
import Encoders
import Foundation
import Layers
import Testing
import Training

/// Windows of 64 rows whose course stands among the features row by row, so that what a change did can be read there.
@Suite("Windows varied in training") struct SeriesAugmenterTests {
  private static let rows = 64

  private func set(_ channels: Int) -> ChannelSet {
    ChannelSet(
      channels: (0..<channels).map { Channel(name: "c\($0)") },
      statistics: (0..<channels).map { _ in .init(mean: 0, deviation: 1, low: -9, high: 9) },
      rows: Self.rows, stride: 1)
  }

  /// The courses of a window after the changes, `[channel][row]`.
  private func courses(
    _ values: [Float], channels: Int, seed: UInt64, loads: [LoadDirection?] = [],
    _ change: (inout Augmentation.Series) -> Void
  ) -> [[Float]] {
    var augmentation = Augmentation()
    change(&augmentation.series)
    let configuration = SeriesConfiguration(sets: [set(channels)], points: Self.rows, bands: 0)
    var builder = BatchBuilder(vision: nil, series: configuration, augmentation: augmentation)
    builder.loads = loads
    var rng = SeededGenerator(seed: seed)
    let window = SampleInput.series(SeriesWindow(values: values, channels: channels, set: 0))
    guard case .series(let tensor, _) = builder.build([window], augmenting: true, using: &rng) else {
      return []
    }
    let width = SeriesFeatures.count(configuration), all = tensor.floats()
    return (0..<channels).map { channel in
      let start = channel * width + SeriesFeatures.statistics
      // The course is compressed: sign(x) log(1 + |x|).
      return all[start..<start + Self.rows].map { $0 < 0 ? 1 - expf(-$0) : expf($0) - 1 }
    }
  }

  private var ramp: [Float] { (0..<Self.rows).flatMap { [Float($0) / 63, -Float($0) / 63] } }

  @Test("A warp bends the time of all channels alike, and goes forward from end to end") func warp() {
    let plain = courses(ramp, channels: 2, seed: 1) { $0.jitter = 0 }
    let bent = courses(ramp, channels: 2, seed: 1) { $0.timeWarp = 0.5 }
    #expect(abs(bent[0][0]) < 1e-4 && abs(bent[0][63] - 1) < 1e-4)
    #expect(zip(bent[0], bent[0].dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(bent[0], plain[0]).map { abs($0 - $1) }.max() ?? 0 > 0.02)
    #expect(zip(bent[0], bent[1]).allSatisfy { abs($0 + $1) < 1e-4 })
  }

  @Test("Another speed stretches time evenly, within its bounds", arguments: 1...6) func speed(seed: UInt64) {
    // A sum of steps over the rows of the window: the rise of a row tells the speed.
    let course = courses(ramp, channels: 2, seed: seed) { $0.speed = 0.3 }[0]
    let steps = zip(course.dropFirst(), course).map { $0 - $1 }
    let mean = steps.reduce(0, +) / 63
    #expect(steps.allSatisfy { abs($0 - mean) < 2e-3 }, "no bend")
    #expect(course[0] >= -1e-4 && course[63] <= 1 + 1e-4, "nothing is made up beyond the ends")
    #expect(mean * 63 > 0.68)
  }

  @Test("Speeds differ from draw to draw") func speeds() {
    let ends = (0..<8).map { seed in courses(ramp, channels: 2, seed: seed) { $0.speed = 0.3 }[0][63] }
    #expect((ends.max() ?? 0) - (ends.min() ?? 0) > 0.02)
  }

  /// Two states that differ in the third channel; load raises the level of the first and spreads the second.
  private func machine() -> Dataset {
    var rng = SeededGenerator(seed: 3)
    let samples = (0..<60).map { row -> Sample in
      let load = rng.normal(), state = row % 2
      let values = (0..<Self.rows).flatMap { _ -> [Float] in
        [
          2 * load + 0.3 * rng.normal(), expf(0.5 * load) * rng.normal(),
          10 * Float(state) + 0.3 * rng.normal(),
        ]
      }
      return Sample(
        id: "\(row)", group: nil, input: .series(SeriesWindow(values: values, channels: 3, set: 0)), task: 0,
        labels: state == 0 ? [1, 0] : [0, 1], target: nil, texts: [], inputKey: "\(row)")
    }
    return Dataset(
      tasks: [LabelTask(name: "state", labels: ["off", "on"], exclusive: true)], kinds: [[.series]],
      descriptions: [[[], []]], channelSets: [set(3)], train: samples, validation: [], test: [])
  }

  @Test("Another load moves level and spread together and leaves what tells states alone") func load() throws
  {
    let data = machine()
    let loads = data.loadDirections()
    #expect(loads.count == 1 && loads[0] != nil)
    guard case .series(let window) = data.train[0].input else { return }
    let before = courses(window.values, channels: 3, seed: 1) { $0.jitter = 0 }
    let changes = (UInt64(0)..<6).map { seed -> (level: Float, spread: Float, other: Float) in
      let after = courses(window.values, channels: 3, seed: seed, loads: loads) { $0.load = 1 }
      func mean(_ x: [Float]) -> Float { x.reduce(0, +) / Float(x.count) }
      func spread(_ x: [Float]) -> Float { mean(x.map { ($0 - mean(x)) * ($0 - mean(x)) }).squareRoot() }
      return (
        mean(after[0]) - mean(before[0]), logf(spread(after[1]) / spread(before[1])),
        abs(mean(after[2]) - mean(before[2]))
      )
    }
    #expect((changes.map { abs($0.level) }.max() ?? 0) > 1)
    for change in changes where abs(change.level) > 0.3 {
      // As made: a level of 2 comes with half a logarithm.
      #expect(abs(change.spread / change.level - 0.25) < 0.05)
      #expect(change.other < 0.1 * abs(change.level))
    }
  }

  @Test("Without labels there is no load to move along; missing values stay missing") func missing() {
    var data = machine()
    for index in data.train.indices { data.train[index].labels = nil }
    #expect(data.loadDirections() == [nil])
    // The second half of the second channel is missing: its course goes on with the last value.
    let gap = (0..<Self.rows).flatMap { [Float(1), $0 < 32 ? 0.5 : Float.nan] }
    let found = courses(gap, channels: 2, seed: 2) { ($0.speed, $0.timeWarp) = (0.2, 0.4) }
    #expect(found.joined().allSatisfy { $0.isFinite })
    #expect(found[1].allSatisfy { abs($0 - 0.5) < 1e-4 })
  }
}
