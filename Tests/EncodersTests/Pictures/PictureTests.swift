import Decoders
import Encoders
import Testing

@Suite("Decoded frames to pictures")
struct PictureTests {
  @Test("Changes of size are Pillow's BILINEAR to one level")
  func resize() throws {
    for known in try EncoderValues.read().resized {
      let (height, width, channels) = (known.height, known.width, known.channels)
      var samples: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<channels {
            let texture = (x * y) % 31 * 4
            let level: Int = x * 7 + y * 13 + c * 50 + texture
            samples.append(UInt8(level % 256))
          }
        }
      }
      let shape = channels == 1 ? [height, width] : [height, width, channels]
      let picture = Picture(
        Raster(shape: shape, samples: .uint8(samples)), side: known.side, channels: channels)
      try #require(picture.pixels.count == known.pixels.count)
      let worst = zip(picture.pixels, known.pixels).map { abs(Int($0) - $1) }.max()
      #expect(worst ?? 255 <= 1, "\(known)")
    }
  }

  /// A square of 4 x 4 pixels at its own size.
  private func square(_ samples: Raster.Samples, depth: Int, channels: Int) -> [UInt8] {
    Picture(
      Raster(shape: depth == 1 ? [4, 4] : [4, 4, depth], samples: samples), side: 4, channels: channels
    ).pixels
  }

  @Test("Wide samples are windowed between their percentiles, whatever their offset")
  func window() {
    let ramp = (0..<16).map { UInt16(30_000 + $0 * 10) }
    let found = square(.uint16(ramp), depth: 1, channels: 1)
    #expect(found.first == 0 && found[14] == 255)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 })
    let signed = square(.int16((0..<16).map { Int16(-1000 + $0 * 10) }), depth: 1, channels: 1)
    #expect(signed == found)
    let float = square(.float32((0..<16).map { $0 == 3 ? .nan : Float($0) }), depth: 1, channels: 1)
    #expect(float[3] == 0 && float[14] == 255)
    #expect(
      square(.float64([Double](repeating: 7, count: 16)), depth: 1, channels: 1)
        == [UInt8](repeating: 0, count: 16))
  }

  @Test("Grey becomes three equal channels, colour becomes luma")
  func channels() {
    let grey = square(.uint8(Array(0..<16)), depth: 1, channels: 3)
    #expect(grey == (0..<16).flatMap { [$0, $0, $0] })
    let red = square(.uint8((0..<16).flatMap { _ in [200, 0, 0] as [UInt8] }), depth: 3, channels: 1)
    #expect(red == [UInt8](repeating: 60, count: 16))
    let white = square(.uint8([UInt8](repeating: 255, count: 48)), depth: 3, channels: 1)
    #expect(white.allSatisfy { $0 == 255 })
    #expect(square(.int8([Int8](repeating: -28, count: 16)), depth: 1, channels: 1)[0] == 100)
  }

  @Test("Opacity lies on black")
  func alpha() {
    let grey = square(
      .uint8((0..<16).flatMap { [200, $0 < 8 ? 255 : 51] as [UInt8] }), depth: 2, channels: 1)
    #expect(grey == [UInt8](repeating: 200, count: 8) + [UInt8](repeating: 40, count: 8))
    let colour = square(
      .uint8((0..<16).flatMap { _ in [100, 150, 200, 0] as [UInt8] }), depth: 4, channels: 3)
    #expect(colour.allSatisfy { $0 == 0 })
  }

  @Test("An opaque alpha channel does not darken a 16-bit picture")
  func wideAlpha() {
    let plain = square(.uint16((0..<16).map { UInt16(1000 + $0 * 10) }), depth: 1, channels: 1)
    let opaque = square(.uint16((0..<16).flatMap { [UInt16(1000 + $0 * 10), 65535] }), depth: 2, channels: 1)
    #expect(opaque == plain)
    let half = square(.uint16((0..<16).flatMap { [UInt16(1000 + $0 * 10), 32768] }), depth: 2, channels: 1)
    #expect(zip(half, plain).allSatisfy { abs(2 * Int($0) - Int($1)) <= 2 })
  }
}
