import Decoders
import Foundation
import Testing

/// What single pictures look like: turn, colour, transparency, size.
@Suite struct PictureTests {
  static func pixel(_ frame: Frame, _ x: Int, _ y: Int) -> [Int] {
    guard case .uint8(let samples) = frame.raster.samples else { return [] }
    let channels = frame.raster.shape.count == 3 ? frame.raster.shape[2] : 1
    let start = (y * frame.raster.shape[1] + x) * channels
    return samples[start..<start + channels].map { Int($0) }
  }

  static func first(_ name: String, _ options: DecodeOptions = DecodeOptions()) throws -> Frame {
    var decoder = try VideoDecoder(path: Fixture.path(name), options: options)
    let frame = try decoder.next()
    return try #require(frame)
  }

  @Test("The header's turn is applied, but not to stored frames")
  func turned() throws {
    let decoder = try VideoDecoder(path: Fixture.path("turned.mov"), options: DecodeOptions())
    #expect((decoder.header.width, decoder.header.height) == (48, 64))
    #expect(decoder.header.metadata["rotation"] == .integer(90))
    let frames = try Fixture.frames(decoder)
    let stored = try Fixture.frames(
      VideoDecoder(path: Fixture.path("turned.mov"), options: DecodeOptions(stored: true)))
    #expect(stored.map(Fixture.index) == Array(0..<20))
    for (turned, stored) in zip(frames, stored) {
      let shapes = [turned.raster.shape, stored.raster.shape]
      try #require(shapes == [[64, 48, 3], [48, 64, 3]])
      // A quarter turn clockwise: the stored left column becomes the top row, read upwards.
      var wrong = 0
      for y in 0..<64 {
        for x in 0..<48 where Self.pixel(turned, x, y) != Self.pixel(stored, y, 47 - x) { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }

  @Test("Grey clips are grey, deep and full-range colours come out right")
  func colours() throws {
    let grey = try Self.first("grey.mkv").raster.shape
    #expect(grey == [48, 64])
    for name in ["deep.mkv", "colour.avi"] {
      let frame = try Self.first(name)
      for (own, expected) in zip(
        Self.pixel(frame, 10, 20) + Self.pixel(frame, 50, 20), [200, 40, 40, 40, 40, 40])
      {
        #expect(abs(own - expected) <= 4, "\(name)")
      }
    }
  }

  @Test("Transparent parts of a GIF are white and frames do not smear")
  func transparency() throws {
    let frames = try Fixture.frames(
      VideoDecoder(path: Fixture.path("see-through.gif"), options: DecodeOptions()))
    for (i, frame) in frames.enumerated() {
      let shape = frame.raster.shape
      #expect(shape == [48, 64, 3])
      for x in 0..<64 {
        let inside = 4 * i <= x && x < 4 * i + 16
        let pixel = Self.pixel(frame, x, 20)
        #expect(
          zip(pixel, inside ? [200, 30, 30] : [255, 255, 255]).allSatisfy { abs($0 - $1) <= 8 },
          "frame \(i), column \(x)")
      }
    }
  }

  @Test(
    "enoughSide shrinks to that shorter side by averaging",
    arguments: [("h264.mp4", 24), ("deep.mkv", 12), ("turned.mov", 24)])
  func shrinks(name: String, side: Int) throws {
    let full = try Self.first(name), small = try Self.first(name, DecodeOptions(enoughSide: side))
    let shape = small.raster.shape
    #expect(shape.prefix(2).min() == side)
    #expect(
      Double(shape[0]) / Double(shape[1]) == Double(full.raster.shape[0]) / Double(full.raster.shape[1]))
    // Each small pixel is near the mean of the block it stands for.
    let block = full.raster.shape[0] / shape[0]
    var worst = 0.0
    for y in 0..<shape[0] {
      for x in 0..<shape[1] {
        for c in 0..<3 {
          var sum = 0
          for v in 0..<block {
            for u in 0..<block { sum += Self.pixel(full, x * block + u, y * block + v)[c] }
          }
          worst = max(worst, abs(Double(sum) / Double(block * block) - Double(Self.pixel(small, x, y)[c])))
        }
      }
    }
    #expect(worst <= 3)
  }

  @Test("enoughSide never enlarges")
  func neverEnlarges() throws {
    let shape = try Self.first("h264.mp4", DecodeOptions(enoughSide: 4096)).raster.shape
    #expect(shape == [48, 64, 3])
    let odd = try Self.first("h264.mp4", DecodeOptions(enoughSide: 37)).raster.shape
    #expect(odd == [37, 49, 3])
  }

  @Test("Metadata says what the clip is")
  func metadata() throws {
    let header = try VideoDecoder(path: Fixture.path("h264.mp4"), options: DecodeOptions()).header
    #expect(header.format == .video && header.kind == .clip)
    #expect((header.frameCount, header.width, header.height) == (60, 64, 48))
    #expect(header.metadata["codec"] == .string("h264"))
    #expect(header.metadata["container"] == .string("mp4/mov"))
    #expect(header.metadata["frames"] == .integer(60))
    guard case .number(let duration) = header.metadata["duration"],
      case .number(let rate) = header.metadata["frameRate"]
    else {
      Issue.record("no duration or rate")
      return
    }
    #expect(abs(duration - 2.4) < 1e-9 && abs(rate - 25) < 1e-9)
  }
}
