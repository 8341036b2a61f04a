import Decoders
import Encoders
import Foundation

/// Watches what a model does not see of a stream: sensors that died, rows at another rate, missing, twice or in a wrong
/// order. A window of such rows is not to be trusted without a word.
struct StreamWatch {
  private let names: [String]
  /// Sensors that are watched: those that the recording has, and that training saw moving at all.
  private let isWatched: [Bool]
  /// Sensors of which a window without any change is rare in training.
  private let moves: [Bool]
  private let window: Int
  private var pulses: [SensorPulse]
  private var clock: RowClock

  /// Standard deviations from the mean of training windows, beyond which standing still is rare.
  private static let rare: Float = -2
  /// Place of the deviation of a window among the statistics of a channel, and its logarithm for no deviation at all.
  private static let spread = (place: 15, least: logf(0.05))

  /// - Parameters:
  ///   - set: what training showed of the sensors.
  ///   - columns: of each sensor in the recording; nil for one that it lacks.
  ///   - tolerance: share from which on a rate is another than the training's.
  init(_ set: ChannelSet, columns: [Int?], rows: Int, tolerance: Double) {
    names = set.channels.map(\.name)
    isWatched = zip(set.statistics, columns).map { $0.high > $0.low && $1 != nil }
    let width = set.featureMeans.count / max(1, names.count)
    moves = names.indices.map { channel in
      guard width > Self.spread.place else { return false }
      let place = channel * width + Self.spread.place
      let found = (Self.spread.least - set.featureMeans[place]) / (set.featureDeviations[place] + 0.05)
      return found < Self.rare
    }
    window = rows
    pulses = names.map { _ in SensorPulse() }
    clock = RowClock(interval: set.interval, tolerance: tolerance)
  }

  /// Takes the values of one row, in the order of the sensors.
  /// - Parameters:
  ///   - time: seconds; nil without a time column, NaN where it could not be read.
  ///   - repeats: whether the values are those of the row before.
  mutating func take(_ values: ArraySlice<Float>, row: Int, time: Double?, repeats: Bool) {
    for (channel, value) in values.enumerated() where isWatched[channel] {
      pulses[channel].take(value, row: row, window: window, moves: moves[channel])
    }
    if let time, time.isFinite { clock.take(time, row: row, repeats: repeats, window: window) }
  }

  /// Why the window that ends at `row` should not be trusted without a look; empty where nothing speaks against it.
  mutating func doubts(row: Int) -> [String] {
    var found: [String] = []
    for channel in pulses.indices where isWatched[channel] {
      guard let stretch = pulses[channel].doubt(row: row, window: window, moves: moves[channel]) else {
        continue
      }
      let what = stretch.isHeld ? "has not changed" : "has given no value"
      let until =
        stretch.to < row ? "from row \(stretch.from) to row \(stretch.to)" : "since row \(stretch.from)"
      found.append("“\(names[channel])” \(what) \(until).")
    }
    return found + clock.doubts(window: window)
  }
}

extension StreamWatch {
  /// What a restart goes on from.
  struct Saved: Codable {
    var pulses: [SensorPulse]
    var clock: RowClock.Saved
  }

  var saved: Saved { Saved(pulses: pulses, clock: clock.saved) }

  mutating func resume(_ saved: Saved) {
    guard saved.pulses.count == pulses.count else { return }
    pulses = saved.pulses
    clock.resume(saved.clock)
  }
}
