import Encoders
import Layers

/// Ways in which inputs break in practice, done on purpose so that the selector learns to tell them.
public enum Damage: String, Sendable, CaseIterable {
  /// Of pictures and clips `blur`, `overexposure` and `blank`; of series `dropout` (no values), `stuck` (the first
  /// value held) and `shifted` (by 4 deviations); of all of them `noise`.
  case blur, overexposure, noise, blank, dropout, stuck, shifted

  /// A damaged copy; damages that make no sense for a kind leave it as it is.
  public func apply(to picture: Picture, using rng: inout some RandomNumberGenerator) -> Picture {
    let pixels: [UInt8]
    switch self {
    case .blur: pixels = Damage.blurred(picture)
    case .overexposure:
      pixels = picture.pixels.map { UInt8(min(255, Float($0) * 1.6 + 110)) }
    case .noise:
      pixels = picture.pixels.map { UInt8(max(0, min(255, Float($0) + 70 * rng.normal()))) }
    case .blank:
      let level = Float(rng.below(256))
      pixels = picture.pixels.map { _ in UInt8(max(0, min(255, level + 2 * rng.normal()))) }
    case .dropout, .stuck, .shifted: return picture
    }
    return Picture(side: picture.side, channels: picture.channels, pixels: pixels)
  }

  /// A damaged copy of a window.
  public func apply(
    to window: SeriesWindow, statistics: [ChannelSet.Statistics], using rng: inout some RandomNumberGenerator
  ) -> SeriesWindow {
    var values = window.values
    let share = rng.uniform(0.3, 1)
    for channel in 0..<window.channels where rng.uniform() < share {
      let known = statistics[channel]
      let first = values[channel]
      for place in stride(from: channel, to: values.count, by: window.channels) {
        switch self {
        case .dropout: values[place] = .nan
        case .stuck: values[place] = first
        case .noise: values[place] += 2 * known.deviation * rng.normal()
        case .shifted: values[place] += 4 * known.deviation
        case .blur, .overexposure, .blank: break
        }
      }
    }
    return SeriesWindow(values: values, channels: window.channels, set: window.set)
  }

  private static func blurred(_ picture: Picture) -> [UInt8] {
    let side = picture.side, channels = picture.channels, reach = max(2, picture.side / 10)
    var values = picture.pixels.map(Float.init)
    for vertical in [false, true] {
      let source = values
      for y in 0..<side {
        for x in 0..<side {
          for channel in 0..<channels {
            var sum: Float = 0
            for offset in -reach...reach {
              let px = vertical ? x : max(0, min(side - 1, x + offset))
              let py = vertical ? max(0, min(side - 1, y + offset)) : y
              sum += source[(py * side + px) * channels + channel]
            }
            values[(y * side + x) * channels + channel] = sum / Float(2 * reach + 1)
          }
        }
      }
    }
    return values.map { UInt8(max(0, min(255, $0))) }
  }
}
