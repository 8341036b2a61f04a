import Decoders
import Encoders
import Foundation
import Layers
import Testing

/// Two channels as Scripts/reference/make-encoder-values makes them.
private func window(_ rows: Int, missing: [Int] = []) -> SeriesWindow {
  var values: [Float] = []
  for t in 0..<rows {
    for channel in 0..<2 {
      let wave: Double = 3 * sin(Double(t) * (0.2 + 0.3 * Double(channel)))
      let slope: Double = 0.05 * Double(t * channel)
      let exact: Double = wave + slope + Double(t * 37 % 11) * 0.1
      values.append(missing.contains(t) ? .nan : Float((exact * 1000).rounded(.toNearestOrEven) / 1000))
    }
  }
  return SeriesWindow(values: values, channels: 2, set: 0)
}

private let set = ChannelSet(
  channels: [Channel(name: "a"), Channel(name: "b")],
  statistics: [ChannelSet.Statistics](repeating: .init(mean: 0.5, deviation: 2, low: -3, high: 4), count: 2),
  rows: 60, stride: 10)

@Suite("Features of sensor windows")
struct SeriesFeaturesTests {
  @Test("The values that NumPy gives for the formulas, with and without gaps")
  func numpy() throws {
    for known in try EncoderValues.read().windows {
      let configuration = SeriesConfiguration(sets: [set], points: known.points, bands: known.bands)
      let found = SeriesFeatures.compute(
        window(known.rows, missing: known.missing), set: set, configuration: configuration)
      #expect(distance(found, known.features.flatMap { $0 }) < 2e-3, "\(known.rows) rows, \(known.missing)")
    }
  }

  @Test("A missing row leaves what the others say as it is")
  func gap() {
    let configuration = SeriesConfiguration(sets: [set], points: 8, bands: 5)
    let all = window(40)
    var gap = all, cut = all
    gap.values.replaceSubrange(20..<22, with: [.nan, .nan])
    cut.values.removeSubrange(20..<22)
    let a = SeriesFeatures.compute(gap, set: set, configuration: configuration)
    let b = SeriesFeatures.compute(cut, set: set, configuration: configuration)
    let width = SeriesFeatures.count(configuration)
    // The change along a straight line (13) and the course go by the rows' places; all else by values alone.
    for channel in 0..<2 {
      let places = Array(0..<13) + Array(14..<20) + Array(28..<width)
      #expect(places.allSatisfy { abs(a[channel * width + $0] - b[channel * width + $0]) < 1e-6 })
    }
    #expect(a.allSatisfy { $0.isFinite })
  }

  @Test("A channel without any value is zeros, flag included, and leaves the other as it is")
  func absent() {
    let configuration = SeriesConfiguration(sets: [set], points: 8, bands: 5)
    let whole = window(40)
    var half = whole
    for row in 0..<40 { half.values[row * 2 + 1] = row % 2 == 0 ? .nan : .infinity }
    let width = SeriesFeatures.count(configuration)
    let measured = SeriesFeatures.measure([whole, window(60)], set: set, configuration: configuration)
    for known in [set, measured] {
      let a = SeriesFeatures.compute(whole, set: known, configuration: configuration)
      let b = SeriesFeatures.compute(half, set: known, configuration: configuration)
      #expect(Array(b[width...]) == [Float](repeating: 0, count: width))
      #expect(Array(a[..<width]) == Array(b[..<width]))
      #expect(a[width - 1] == 1 && a[2 * width - 1] == 1)
    }
  }

  @Test("Measured features have mean 0 and about unit deviation over training, and stay within 5")
  func standardised() {
    let configuration = SeriesConfiguration(sets: [set], points: 8, bands: 5)
    let windows = (30..<60).map { window($0) }
    let measured = SeriesFeatures.measure(windows, set: set, configuration: configuration)
    let width = SeriesFeatures.count(configuration)
    let all = windows.map { SeriesFeatures.compute($0, set: measured, configuration: configuration) }
    for feature in 0..<width - 1 {
      let mean = all.reduce(Float(0)) { $0 + $1[feature] } / Float(all.count)
      #expect(abs(mean) < 0.05, "\(feature)")
    }
    let wild = SeriesWindow(values: (0..<80).map { $0 % 3 == 0 ? 1e9 : -1e9 }, channels: 2, set: 0)
    let far = SeriesFeatures.compute(wild, set: measured, configuration: configuration)
    #expect(far.allSatisfy { abs($0) <= 5 } && far.contains { abs($0) == 5 })
  }

  @Test("Statistics of channels leave gaps out and never have a deviation of 0")
  func statistics() {
    let windows = [
      SeriesWindow(values: [1e6 + 1, 5, .nan, .nan], channels: 2, set: 0),
      SeriesWindow(values: [1e6 + 3, 5, 1e6 + 5, 5, 1e6 + 7, .nan], channels: 2, set: 0),
    ]
    let found = ChannelSet.statistics(of: windows)
    #expect(found[0].mean == 1e6 + 4 && abs(found[0].deviation - Float(5).squareRoot()) < 1e-3)
    #expect(found[0].low == 1e6 + 1 && found[0].high == 1e6 + 7)
    #expect(found[1].mean == 5 && found[1].deviation == 1)
    let none = ChannelSet.statistics(of: [SeriesWindow(values: [.nan, .nan], channels: 1, set: 0)])
    #expect(none == [.init(mean: 0, deviation: 1, low: 0, high: 0)])
  }

  @Test("Channels are found by name, whatever their case and order")
  func columns() {
    #expect(set.columns(in: [Channel(name: "x"), Channel(name: " B"), Channel(name: "A")]) == [2, 1])
    #expect(set.columns(in: [Channel(name: "b")]) == [nil, 0])
  }
}
