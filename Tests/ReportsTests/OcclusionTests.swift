import Encoders
import Foundation
import Reports
import Testing

@Suite("Evidence by occlusion")
struct OcclusionTests {
  private static let side = 60

  /// Dark with a bright square.
  private func picture(x: Int, y: Int, size: Int) -> Picture {
    var pixels = [UInt8](repeating: 20, count: Self.side * Self.side)
    for row in y..<y + size { for column in x..<x + size { pixels[row * Self.side + column] = 250 } }
    return Picture(side: Self.side, channels: 1, pixels: pixels)
  }

  /// Counts bright pixels: a scorer that looks at the square alone.
  private static func brightness(_ variants: [[Picture]]) -> [[Float]] {
    variants.map { frames in
      let bright = frames.reduce(0) { $0 + $1.pixels.count { $0 > 200 } }
      return [Float(bright) / Float(frames.count) / 20]
    }
  }

  @Test("The region lies on a planted bright square", arguments: [(10, 15, 12), (40, 5, 10), (25, 40, 15)])
  func findsSquare(x: Int, y: Int, size: Int) throws {
    let regions = Occlusion().regions([picture(x: x, y: y, size: size)], score: Self.brightness)
    let region = try #require(regions[0].first)
    // In an image of another size and shape than the picture that was encoded.
    let box = region.pixels(width: 1200, height: 600)
    let wanted = (
      x: Double(x) * 20, y: Double(y) * 10, w: Double(size) * 20, h: Double(size) * 10
    )
    let across = min(box[0] + box[2], wanted.x + wanted.w) - max(box[0], wanted.x)
    let down = min(box[1] + box[3], wanted.y + wanted.h) - max(box[1], wanted.y)
    let shared = max(0, across) * max(0, down)
    let union = box[2] * box[3] + wanted.w * wanted.h - shared
    #expect(shared / union > 0.35, "\(box) for \(wanted)")
    #expect(box[0] >= 0 && box[1] >= 0 && box[0] + box[2] <= 1200 && box[1] + box[3] <= 600)
  }

  @Test("A clip's region is covered in all frames")
  func findsInClip() throws {
    let frames = (0..<4).map { _ in picture(x: 20, y: 20, size: 10) }
    let region = try #require(Occlusion(steps: 1).regions(frames, score: Self.brightness)[0].first)
    #expect(region.x <= 20.0 / 60 + 1e-9 && region.x + region.width >= 30.0 / 60 - 1e-9)
  }

  @Test("An answer that no place changes has no region")
  func nothing() {
    let regions = Occlusion().regions([picture(x: 10, y: 10, size: 10)]) { $0.map { _ in [1, -2] } }
    #expect(regions == [[], []])
  }

  @Test("Each finding has its own region")
  func severalFindings() throws {
    let regions = Occlusion().regions([picture(x: 5, y: 5, size: 10)]) { variants in
      variants.map { frames in
        let pixels = frames[0].pixels
        // The second answer rests on the lower right, which is dark: covering makes it brighter.
        let corner = (45..<60).reduce(0) { sum, y in
          sum + (45..<60).reduce(0) { $0 + Int(pixels[y * 60 + $1]) }
        }
        return [Float(pixels.count { $0 > 200 }) / 10, -Float(corner) / 500]
      }
    }
    let first = try #require(regions[0].first), second = try #require(regions[1].first)
    #expect(first.x + first.width < 0.5 && second.x >= 0.5)
  }

  @Test("Covers overlap only where the answer falls, and come eight at a time")
  func looksCloser() {
    var sizes: [Int] = []
    func count(_ score: @escaping ([[Picture]]) -> [[Float]]) -> Int {
      sizes = []
      _ = Occlusion().regions([picture(x: 12, y: 12, size: 8)]) { variants in
        sizes.append(variants.count)
        return score(variants)
      }
      #expect(sizes.allSatisfy { $0 == 8 })
      return sizes.count * 8
    }
    // 1 + 36 covers side by side, and none between them.
    #expect(count { $0.map { _ in [0] } } == 40)
    // The square lies under one cover and so under eight that overlap it, and is tried as a whole.
    #expect(count(Self.brightness) == 40 + 8 + 8)
    // An answer that falls everywhere is looked at everywhere: 121 covers.
    #expect(count { $0.enumerated().map { index, _ in [index == 0 ? 10 : 0] } } > 121)
  }
}
