import Encoders
import Layers

/// Random changes of a window, as another day, another sensor, another speed or another load would make.
struct SeriesAugmenter: Sendable {
  var settings: Augmentation.Series
  /// How channels move with the load; nil where it was not measured, and then they stay.
  var load: LoadDirection?

  func apply(
    to window: SeriesWindow, statistics: [ChannelSet.Statistics], using rng: inout some RandomNumberGenerator
  ) -> SeriesWindow {
    let channels = window.channels
    let rows = window.count
    let cut = Int(Float(rows) * settings.crop)
    let from = cut > 0 ? rng.below(cut + 1) : 0
    let to = rows - (cut > 0 ? rng.below(cut + 1) : 0)
    var values = Array(window.values[from * channels..<to * channels])
    if settings.speed > 0 || settings.timeWarp > 0 { values = resampled(values, channels, using: &rng) }
    if settings.load > 0, let load {
      load.move(&values, by: settings.load * rng.normal(), statistics: statistics)
    }
    for channel in 0..<channels {
      let known = statistics[channel]
      let factor = 1 + settings.scaling * rng.normal()
      let missing = rng.uniform() < settings.channelDropout
      for place in stride(from: channel, to: values.count, by: channels) {
        if missing {
          values[place] = .nan
        } else {
          values[place] =
            known.mean + (values[place] - known.mean) * factor
            + settings.jitter * known.deviation * rng.normal()
        }
      }
    }
    return SeriesWindow(values: values, channels: channels, set: window.set)
  }

  /// The rows as a machine of another speed and an uneven course would have given them.
  ///
  /// A faster machine goes through the window in fewer rows; of a slower one only a part is seen, at a random place,
  /// so that nothing is made up beyond the ends.
  private func resampled(
    _ values: [Float], _ channels: Int, using rng: inout some RandomNumberGenerator
  ) -> [Float] {
    let rows = values.count / channels
    guard rows > 1 else { return values }
    let factor = settings.speed > 0 ? 1 + settings.speed * rng.uniform(-1, 1) : 1
    let last = Float(rows - 1)
    let count = min(rows, Int(last / factor) + 1)
    let free = last - Float(count - 1) * factor
    let start = settings.speed > 0 ? max(0, free) * rng.uniform() : 0
    let course =
      settings.timeWarp > 0
      ? TimeWarp.places(count, strength: settings.timeWarp, using: &rng) : (0..<count).map(Float.init)
    return TimeWarp.read(values, channels: channels, at: course.map { min(last, start + $0 * factor) })
  }
}
