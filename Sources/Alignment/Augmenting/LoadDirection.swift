import Encoders
import Foundation

/// How the channels of a machine move together from one operating point to another.
///
/// Each window is described by the level of every channel and by the logarithm of its spread; the direction is the
/// first principal one of what is left when the mean of the windows with the same labels is taken off. Load is what
/// differs between windows of one state, so that a step along it leaves the state what it is, while the first
/// direction of all windows together would as often lead from one fault to another (the idea of within-class
/// covariance: Hatch, Kajarekar and Stolcke 2006). The spread is needed for vibration, whose level is always zero and
/// which answers to load by its size.
public struct LoadDirection: Sendable, Hashable {
  /// Change of each channel's level for one deviation along the direction, in the channel's train deviations.
  let levels: [Float]
  /// Change of the logarithm of each channel's spread.
  let spreads: [Float]

  /// Windows that are looked at; the direction of one principal component needs no more.
  private static let most = 2000
  /// Added to a spread, in train deviations, so that a channel that stands still has a logarithm.
  private static let still: Float = 0.05

  /// - Parameter windows: of one channel set, each with what tells its state; windows of one state belong together.
  /// - Returns: nil where no state has two windows, or all windows of a state are the same.
  init?(_ windows: [(window: SeriesWindow, state: [Float])], set: ChannelSet) {
    let channels = set.channels.count
    let some = stride(from: 0, to: windows.count, by: max(1, windows.count / Self.most)).map { windows[$0] }
    let states = Dictionary(grouping: some, by: \.state).values.filter { $0.count > 1 }
    let points = states.flatMap { members -> [[Float]] in
      let found = members.map { Self.describe($0.window, set) }
      let means = (0..<2 * channels).map { place -> Float in
        let there = found.map { $0[place] }.filter(\.isFinite)
        return there.isEmpty ? 0 : there.reduce(0, +) / Float(there.count)
      }
      return found.map { point in zip(point, means).map { $0.isFinite ? $0 - $1 : 0 } }
    }
    guard let plane = PrincipalPlane(points), let axis = plane.axes.first else { return nil }
    let variance = points.reduce(0.0) { $0 + plane.place($1).0 * plane.place($1).0 } / Double(points.count)
    let moves = axis.map { Float($0 * variance.squareRoot()) }
    (levels, spreads) = (Array(moves[..<channels]), Array(moves[channels...]))
  }

  /// Levels of all channels, then logarithms of their spreads; NaN for a channel without values.
  private static func describe(_ window: SeriesWindow, _ set: ChannelSet) -> [Float] {
    var levels: [Float] = [], spreads: [Float] = []
    for channel in 0..<window.channels {
      let known = set.statistics[channel]
      let values = window.channel(channel).filter(\.isFinite).map { ($0 - known.mean) / known.deviation }
      let mean = values.reduce(0, +) / Float(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
      levels.append(mean)
      spreads.append(logf(variance.squareRoot() + still))
    }
    return levels + spreads
  }

  /// Moves a window along the direction.
  /// - Parameters:
  ///   - values: `[row, channel]`; missing values stay missing.
  ///   - amount: in deviations of the windows of one state.
  func move(_ values: inout [Float], by amount: Float, statistics: [ChannelSet.Statistics]) {
    let channels = levels.count
    for channel in 0..<channels {
      let places = stride(from: channel, to: values.count, by: channels).filter { values[$0].isFinite }
      guard !places.isEmpty else { continue }
      let mean = places.reduce(0) { $0 + values[$1] } / Float(places.count)
      let level = mean + amount * levels[channel] * statistics[channel].deviation
      let gain = expf(amount * spreads[channel])
      for place in places { values[place] = level + (values[place] - mean) * gain }
    }
  }
}

extension Dataset {
  /// The direction of load in each channel set; nil for a set whose windows have no labels, since nothing tells
  /// there what a change of load must leave alone.
  public func loadDirections() -> [LoadDirection?] {
    channelSets.indices.map { set in
      let windows = train.compactMap { sample -> (window: SeriesWindow, state: [Float])? in
        guard case .series(let window) = sample.input, window.set == set, let labels = sample.labels else {
          return nil
        }
        return (window, [Float(sample.task)] + labels)
      }
      return LoadDirection(windows, set: channelSets[set])
    }
  }
}
