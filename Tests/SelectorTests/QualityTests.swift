import Decoders
import Encoders
import Layers
import Selector
import Testing

@Suite("Quality of pictures and windows")
struct QualityTests {
  /// Squares and a slope, with sharp edges.
  private let sharp: Picture = {
    var pixels: [UInt8] = []
    for y in 0..<40 {
      for x in 0..<40 {
        let isLight = (y / 5 + x / 5) % 2 == 1
        pixels.append(UInt8(30 + x * 3 + (isLight ? 80 : 0)))
      }
    }
    return Picture(side: 40, channels: 1, pixels: pixels)
  }()

  private func damaged(_ damage: Damage) -> Picture {
    var rng = SeededGenerator(seed: 1)
    return damage.apply(to: sharp, using: &rng)
  }

  @Test("Blur, saturation and blankness are seen where they are")
  func pictures() {
    let good = Quality(sharp), blurred = Quality(damaged(.blur)), bright = Quality(damaged(.overexposure))
    let blank = Quality(damaged(.blank)), noisy = Quality(damaged(.noise))
    #expect(good.complaints.isEmpty)
    #expect(blurred.blur > good.blur + 0.2 && noisy.blur <= good.blur)
    #expect(bright.saturation > good.saturation + 0.3)
    #expect(good.saturation == 0)
    #expect(blank.contrast < 0.03 && good.contrast > 0.2)
    #expect(blank.entropy < good.entropy)
    #expect(blank.complaints.contains { $0 == .blank })
    let even = Quality(Picture(side: 8, channels: 3, pixels: [UInt8](repeating: 90, count: 192)))
    #expect(even.contrast == 0 && even.blur == 1 && even.entropy == 0)
  }

  @Test("Two levels in equal parts have one bit of entropy")
  func entropy() {
    let half = Quality(Picture(side: 4, channels: 1, pixels: (0..<16).map { $0 < 8 ? 0 : 255 }))
    #expect(abs(half.entropy - 1 / 8) < 1e-6 && half.saturation == 1 && abs(half.contrast - 1) < 1e-6)
  }

  @Test("Frames that repeat, and clips without any")
  func clips() {
    let moving = Quality(clip: [sharp, damaged(.noise), sharp])
    let frozen = Quality(clip: [sharp, sharp, sharp])
    #expect(moving.frozen == 0 && frozen.frozen == 1)
    #expect(frozen.complaints.contains { $0.text.contains("never changes") })
    #expect(Quality(clip: []).missing == 1)
  }

  private let set = ChannelSet(
    channels: [Channel(name: "a"), Channel(name: "b")],
    statistics: [
      .init(mean: 5, deviation: 2, low: 0, high: 10), .init(mean: 0, deviation: 1, low: -2, high: 2),
    ],
    rows: 20, stride: 5)

  private func window(_ change: (Int, Int, Float) -> Float) -> SeriesWindow {
    var rng = SeededGenerator(seed: 2)
    var values: [Float] = []
    for row in 0..<20 {
      for channel in 0..<2 {
        let known = set.statistics[channel]
        values.append(change(row, channel, known.mean + known.deviation * rng.uniform(-1, 1)))
      }
    }
    return SeriesWindow(values: values, channels: 2, set: 0)
  }

  @Test("Missing, frozen and out-of-range values are counted")
  func windows() {
    #expect(Quality(window { $2 }, set: set).complaints.isEmpty)
    let missing = Quality(window { row, channel, value in channel == 1 && row < 10 ? .nan : value }, set: set)
    #expect(missing.missing == 0.25 && missing.outside == 0 && missing.frozen == 0)
    let frozen = Quality(window { _, channel, value in channel == 0 ? 5 : value }, set: set)
    #expect(frozen.frozen == 0.5 && frozen.missing == 0)
    // A tenth of the range beyond what training saw is still ordinary.
    let beyond = Quality(
      window { row, channel, value in channel == 0 ? (row < 10 ? 11.5 : 10.9) : value }, set: set)
    #expect(beyond.outside == 0.25)
    let gone = Quality(window { _, _, _ in .nan }, set: set)
    #expect(gone.missing == 1 && gone.outside == 0)
    #expect(gone.complaints.contains { $0.text == "100 % is missing" })
  }

  @Test("Damage to windows is what it says")
  func damage() {
    var rng = SeededGenerator(seed: 4)
    let whole = window { $2 }
    func apply(_ damage: Damage) -> Quality {
      Quality(damage.apply(to: whole, statistics: set.statistics, using: &rng), set: set)
    }
    func most(_ damage: Damage, _ part: KeyPath<Quality, Float>) -> Float {
      (0..<10).map { _ in apply(damage)[keyPath: part] }.max() ?? 0
    }
    #expect(
      most(.dropout, \.missing) >= 0.5 && most(.stuck, \.frozen) >= 0.5 && most(.shifted, \.outside) > 0.2)
    #expect(most(.blur, \.missing) == 0)
  }
}
