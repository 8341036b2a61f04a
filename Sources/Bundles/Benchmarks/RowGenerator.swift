import Encoders
import Foundation

/// Rows of a machine that a bundle knows, as CSV: every sensor wanders about its mean in training. The same rows at
/// every run.
struct RowGenerator {
  let names: [String]
  private let means: [Float], deviations: [Float]
  private let interval: Double
  private var levels: [Float]
  private var state: UInt64 = 0x5EED
  /// Rows made so far.
  private(set) var rows = 0

  /// - Parameter set: its sensors and what training showed of them.
  init(_ set: ChannelSet) {
    names = set.channels.map(\.name)
    (means, deviations) = (set.statistics.map(\.mean), set.statistics.map(\.deviation))
    interval = set.interval ?? 1
    levels = names.map { _ in 0 }
  }

  var header: [UInt8] { Array((["time"] + names).joined(separator: ",").utf8) + [0x0A] }

  /// Appends a row: time and values with four decimals.
  mutating func append(to text: inout [UInt8]) {
    rows += 1
    RowGenerator.write(Double(rows) * interval, &text)
    for channel in levels.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Deviation about 1, and neighbours that are alike.
      let noise = Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
      levels[channel] = 0.9 * levels[channel] + 0.75 * noise
      text.append(UInt8(ascii: ","))
      RowGenerator.write(Double(means[channel] + deviations[channel] * levels[channel]), &text)
    }
    text.append(0x0A)
  }

  private static func write(_ value: Double, _ text: inout [UInt8]) {
    let scaled = (value * 10_000).rounded()
    guard abs(scaled) < 1e18 else {
      text += Array("\(value)".utf8)
      return
    }
    if scaled < 0 { text.append(UInt8(ascii: "-")) }
    let (whole, part) = UInt64(abs(scaled)).quotientAndRemainder(dividingBy: 10_000)
    text += Array("\(whole)".utf8)
    text.append(UInt8(ascii: "."))
    for power in [1000, 100, 10, 1] as [UInt64] { text.append(UInt8(0x30 + part / power % 10)) }
  }
}
