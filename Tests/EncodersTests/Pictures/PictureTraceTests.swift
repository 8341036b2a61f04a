import Encoders
import Testing

@Suite("Traces of pictures")
struct PictureTraceTests {
  /// Blobs and stripes that depend on `seed`, on a common ground that every picture shares, as chests do.
  private func picture(_ seed: Int, side: Int = 112, gain: Float = 1, level: Float = 0) -> Picture {
    var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    func draw() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24)
    }
    let blobs = (0..<60).map { _ in
      (x: draw(), y: draw(), size: 0.02 + 0.05 * draw(), height: 80 * draw() - 40)
    }
    var pixels: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side {
        let x = (Float(column) + 0.5) / Float(side), y = (Float(row) + 0.5) / Float(side)
        var value = 60 + 120 * (1 - abs(2 * x - 1)) * (1 - (y - 0.5) * (y - 0.5))
        for blob in blobs {
          let distance = ((x - blob.x) * (x - blob.x) + (y - blob.y) * (y - blob.y)) / (blob.size * blob.size)
          if distance < 1 { value += blob.height * (1 - distance) }
        }
        pixels.append(UInt8(max(0, min(255, gain * value + level))))
      }
    }
    return Picture(side: side, channels: 1, pixels: pixels)
  }

  private func likeness(_ a: Picture, _ b: Picture) throws -> Float? {
    try #require(PictureTrace(a)).likeness(to: #require(PictureTrace(b)))
  }

  @Test("A copy is known again: darker, flatter, or with the noise of another encoding")
  func copies() throws {
    for seed in 0..<10 {
      let own = picture(seed)
      #expect(try likeness(own, own) ?? 0 > 0.9999)
      #expect(try likeness(own, picture(seed, gain: 0.7, level: 30)) ?? 0 > 0.97)
      let noisy = Picture(
        side: own.side, channels: 1,
        pixels: own.pixels.enumerated().map { UInt8(max(0, min(255, Int($1) + ($0 * 31 + $0 / 7) % 9 - 4))) })
      #expect(try likeness(own, noisy) != nil)
    }
  }

  @Test("Pictures that share their ground and little else are two, though their coarse parts agree")
  func others() throws {
    let traces = try (0..<20).map { try #require(PictureTrace(picture($0))) }
    for a in 0..<20 {
      for b in 0..<a { #expect(traces[a].likeness(to: traces[b]) == nil, "\(a) and \(b)") }
    }
  }

  @Test("Colour tells drawings of one shape apart")
  func colour() throws {
    func disc(_ colour: [UInt8]) -> Picture {
      Picture(
        side: 64, channels: 3,
        pixels: (0..<4096).flatMap { place -> [UInt8] in
          let (row, column) = (place / 64 - 32, place % 64 - 32)
          return row * row + column * column < 500 ? colour : [0, 0, 0]
        })
    }
    #expect(try likeness(disc([200, 40, 40]), disc([200, 40, 40])) != nil)
    #expect(try likeness(disc([200, 40, 40]), disc([40, 40, 200])) == nil)
  }

  @Test("A picture without content has no trace")
  func blank() {
    #expect(PictureTrace(Picture(side: 40, channels: 1, pixels: .init(repeating: 90, count: 1600))) == nil)
  }
}
