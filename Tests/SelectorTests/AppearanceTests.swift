import Encoders
import Foundation
import Selector
import Testing

@Suite("Plain appearance")
struct AppearanceTests {
  private static let side = 64

  private func picture(_ value: (Int, Int) -> Int) -> Picture {
    let pixels = (0..<Self.side * Self.side).map {
      UInt8(max(0, min(255, value($0 % Self.side, $0 / Self.side))))
    }
    return Picture(side: Self.side, channels: 1, pixels: pixels)
  }

  /// Smooth shading from dark to bright, with a little noise that depends on the seed.
  private func smooth(_ seed: Int) -> Picture {
    picture { x, y in 60 + 2 * x + (x * 7 + y * 13 + seed * 31) % 5 }
  }

  @Test("Measures have unit length, whatever the size and the number of channels", arguments: [28, 64, 112])
  func unitLength(side: Int) {
    for channels in [1, 3] {
      let pixels = (0..<side * side * channels).map { UInt8($0 * 37 % 251) }
      let found = Appearance.measures(Picture(side: side, channels: channels, pixels: pixels))
      #expect(found.count == 87)
      #expect(abs(found.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
      #expect(found.allSatisfy { $0.isFinite })
    }
    let blank = Appearance.measures(
      Picture(side: side, channels: 1, pixels: [UInt8](repeating: 90, count: side * side)))
    #expect(blank.allSatisfy { $0.isFinite })
  }

  @Test("Pictures of another kind are strange to those of one kind")
  func tellsApart() {
    let known = Familiarity(
      embeddings: (0..<40).map { Appearance.measures(smooth($0)) }, ids: (0..<40).map(String.init),
      heldOut: (40..<60).map { Appearance.measures(smooth($0)) })
    #expect(known.strangeness(Appearance.measures(smooth(99))) < 1.5)
    let stripes = picture { x, _ in x % 4 < 2 ? 30 : 220 }
    let disc = picture { x, y in (x - 32) * (x - 32) + (y - 32) * (y - 32) < 400 ? 200 : 5 }
    #expect(known.strangeness(Appearance.measures(stripes)) > 3)
    #expect(known.strangeness(Appearance.measures(disc)) > 3)
  }

  @Test("A clip that moves differs from one that stands still")
  func motion() {
    let still = Appearance.measures(clip: (0..<4).map { _ in smooth(1) })
    let moving = Appearance.measures(
      clip: (0..<4).map { shift in picture { x, y in 60 + (2 * (x + 9 * shift)) % 128 } })
    #expect(still.count == 87 && still.last == 0)
    #expect((moving.last ?? 0) > 0.1)
  }
}
