import Encoders
import Layers

/// Random changes of a window, as another day or another sensor would make.
struct SeriesAugmenter: Sendable {
  var settings: Augmentation.Series

  func apply(
    to window: SeriesWindow, statistics: [ChannelSet.Statistics], using rng: inout some RandomNumberGenerator
  ) -> SeriesWindow {
    let channels = window.channels
    let rows = window.count
    let cut = Int(Float(rows) * settings.crop)
    let from = cut > 0 ? rng.below(cut + 1) : 0
    let to = rows - (cut > 0 ? rng.below(cut + 1) : 0)
    var values = Array(window.values[from * channels..<to * channels])
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
}
