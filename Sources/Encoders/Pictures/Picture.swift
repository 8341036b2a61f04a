import Decoders

/// One picture as encoders take it: 8 bits, grey or RGB, brought to a square.
public struct Picture: Sendable, Hashable {
  /// Pixels a side; pictures are square.
  public let side: Int
  /// 1 (grey) or 3 (RGB).
  public let channels: Int
  /// `[side, side, channels]`, row after row.
  public let pixels: [UInt8]  // [side, side, channels]

  /// - Parameter pixels: `[side, side, channels]`, row after row.
  public init(side: Int, channels: Int, pixels: [UInt8]) {
    precondition(pixels.count == side * side * channels)
    (self.side, self.channels, self.pixels) = (side, channels, pixels)
  }

  /// Brings a decoded frame to `side` x `side`: alpha laid on black, colour to the channels asked for, samples
  /// wider than 8 bits windowed between their 0.5 and 99.5 percentiles, each axis resampled with a triangle
  /// filter as wide as the reduction. The aspect ratio is not kept: places keep their relative position.
  public init(_ raster: Raster, side: Int, channels: Int) {
    let source = raster.shape.count > 2 ? raster.shape[raster.shape.count - 1] : 1
    let resized: Planes
    if case .uint8(let bytes) = raster.samples, source == channels, raster.shape[0] == side,
      raster.shape[1] == side
    {
      self.init(side: side, channels: channels, pixels: bytes)
      return
    }
    if case .uint8(let bytes) = raster.samples, source == 1 || source == 3 {
      resized = Resampling.resize(
        bytes, height: raster.shape[0], width: raster.shape[1], channels: source, to: (side, side))
    } else {
      resized = Resampling.resize(Planes(raster, channels: source < 3 ? 1 : channels), to: side)
    }
    self.init(side: side, channels: channels, pixels: resized.bytes(channels: channels))
  }

  /// At half the side: the means of two by two pixels, rounded; a last odd line or column is left out.
  public var halved: Picture {
    let half = side / 2, line = side * channels
    var out = [UInt8](repeating: 0, count: half * half * channels)
    for y in 0..<half {
      for x in 0..<half {
        for channel in 0..<channels {
          let first = 2 * y * line + 2 * x * channels + channel
          let sum =
            Int(pixels[first]) + Int(pixels[first + channels]) + Int(pixels[first + line])
            + Int(pixels[first + line + channels])
          out[(y * half + x) * channels + channel] = UInt8((sum + 2) / 4)
        }
      }
    }
    return Picture(side: half, channels: channels, pixels: out)
  }
}

/// Samples as floats in 0...255, `[height, width, channels]`.
struct Planes {
  var height: Int
  var width: Int
  var channels: Int
  var values: [Float]

  init(height: Int, width: Int, channels: Int, values: [Float]) {
    (self.height, self.width, self.channels, self.values) = (height, width, channels, values)
  }

  init(_ raster: Raster, channels: Int) {
    let source = raster.shape.count > 2 ? raster.shape[raster.shape.count - 1] : 1
    (height, width, self.channels) = (raster.shape[0], raster.shape[1], channels)
    let hasAlpha = source == 2 || source == 4
    let samples = Planes.eightBit(raster.samples, alphaEvery: hasAlpha ? source : nil)
    let isColour = source >= 3
    var out = [Float](repeating: 0, count: height * width * channels)
    for pixel in 0..<height * width {
      let base = pixel * source
      let alpha = hasAlpha ? samples[base + source - 1] / 255 : 1
      for channel in 0..<channels {
        let value: Float
        if isColour && channels == 1 {
          value = Planes.luma(samples[base], samples[base + 1], samples[base + 2])
        } else {
          value = samples[base + (isColour ? channel : 0)]
        }
        out[pixel * channels + channel] = value * alpha
      }
    }
    values = out
  }

  /// Rounded to bytes: grey repeated or colour brought to its luma where the number of channels differs.
  func bytes(channels wanted: Int) -> [UInt8] {
    if wanted == channels { return Resampling.bytes(values) }
    var out: [Float] = []
    out.reserveCapacity(height * width * wanted)
    for base in stride(from: 0, to: values.count, by: channels) {
      let grey =
        channels < 3 ? values[base] : Planes.luma(values[base], values[base + 1], values[base + 2])
      for _ in 0..<wanted { out.append(grey) }
    }
    return Resampling.bytes(out)
  }

  /// Of ITU-R BT.601.
  static func luma(_ red: Float, _ green: Float, _ blue: Float) -> Float {
    0.299 * red + 0.587 * green + 0.114 * blue
  }

  /// - Parameter alphaEvery: samples a pixel where the last of them is its opacity, which is no brightness: it
  ///   takes no part in the window and keeps its own scale, from 0 to the type's maximum.
  private static func eightBit(_ samples: Raster.Samples, alphaEvery: Int?) -> [Float] {
    switch samples {
    case .uint8(let v): v.map(Float.init)
    case .int8(let v): v.map { Float($0) + 128 }
    case .uint16(let v): windowed(v.map(Float.init), alphaEvery, opaque: 65535)
    case .int16(let v): windowed(v.map(Float.init), alphaEvery, opaque: 32767)
    case .uint32(let v): windowed(v.map(Float.init), alphaEvery, opaque: 0x1p32)
    case .int32(let v): windowed(v.map(Float.init), alphaEvery, opaque: 0x1p31)
    case .float32(let v): windowed(v, alphaEvery, opaque: 1)
    case .float64(let v): windowed(v.map(Float.init), alphaEvery, opaque: 1)
    }
  }

  private static func windowed(_ values: [Float], _ alphaEvery: Int?, opaque: Float) -> [Float] {
    guard let count = alphaEvery else { return windowed(values) }
    let colours = windowed(
      values.indices.filter { $0 % count != count - 1 }.map { values[$0] })
    return values.indices.map { place in
      let (pixel, channel) = place.quotientAndRemainder(dividingBy: count)
      guard channel == count - 1 else { return colours[pixel * (count - 1) + channel] }
      return values[place].isFinite ? max(0, min(255, values[place] * (255 / opaque))) : 0
    }
  }

  private static func windowed(_ values: [Float]) -> [Float] {
    // Every so many samples are enough for percentiles, and sorting all of a large film is slow.
    let step = max(1, values.count / 65536)
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.filter(\.isFinite).sorted()
    guard let first = sorted.first else { return values.map { _ in 0 } }
    let low = sorted[Int(Float(sorted.count - 1) * 0.005)]
    let high = sorted[Int(Float(sorted.count - 1) * 0.995)]
    guard high > low else { return values.map { $0 > first ? 255 : 0 } }
    return values.map { $0.isFinite ? max(0, min(255, ($0 - low) * (255 / (high - low)))) : 0 }
  }
}
