import Encoders
import Reports
import Testing

@Suite("Evidence by deletion") struct DeletionTestTests {
  private static let side = 60
  private typealias Square = (x: Int, y: Int, size: Int)

  private func picture(_ squares: [Square]) -> Picture {
    var pixels = [UInt8](repeating: 20, count: Self.side * Self.side)
    for square in squares {
      for row in square.y..<square.y + square.size {
        for column in square.x..<square.x + square.size { pixels[row * Self.side + column] = 250 }
      }
    }
    return Picture(side: Self.side, channels: 1, pixels: pixels)
  }

  private func region(_ square: Square) -> Occlusion.Region {
    let unit = 1 / Double(Self.side)
    let (x, y, size) = (Double(square.x) * unit, Double(square.y) * unit, Double(square.size) * unit)
    return Occlusion.Region(x: x, y: y, width: size, height: size, strength: 1)
  }

  /// Counts bright pixels.
  private func bright(_ variants: [[Picture]]) -> [Float] {
    variants.map { frames in
      var count = 0
      for frame in frames { count += frame.pixels.count { $0 > 200 } }
      return Float(count)
    }
  }

  @Test("The region of what is looked at passes, another place does not") func passes() throws {
    let square: Square = (12, 20, 12), frames = [picture([square])]
    let right = try #require(DeletionTest().run(frames, regions: [region(square)], score: bright))
    #expect(right.region == 144 && right.others.count == 8 && right.passes)
    // Places beside a region may overlap it by a tenth.
    #expect(right.others.allSatisfy { $0 <= 15 })
    let wrong = try #require(
      DeletionTest(others: 200).run(frames, regions: [region((40, 40, 12))], score: bright))
    #expect(wrong.region == 0 && wrong.others.max() ?? 0 > 70 && !wrong.passes)
    // An answer that nothing changes rests nowhere.
    let blind = try #require(
      DeletionTest().run(frames, regions: [region(square)]) { $0.map { _ in 1 } })
    #expect(!blind.passes)
  }

  @Test("A second place of the same finding is no other place") func second() throws {
    let (small, large): (Square, Square) = ((4, 4, 10), (45, 30, 15)), frames = [picture([small, large])]
    let first = region((3, 3, 15))
    let both = try #require(
      DeletionTest(others: 200).run(frames, regions: [first, region(large)], score: bright))
    #expect(both.region == 100 && both.passes)
    let alone = try #require(DeletionTest(others: 200).run(frames, regions: [first], score: bright))
    #expect(alone.others.max() == 225 && !alone.passes)
  }

  @Test("The cover takes the colour around it, in every frame") func cover() throws {
    // Grey left, white right, a bright square in the grey: its cover must be grey again.
    var pixels = [UInt8](repeating: 90, count: Self.side * Self.side)
    for row in 0..<Self.side { for column in 40..<Self.side { pixels[row * Self.side + column] = 255 } }
    for row in 20..<30 { for column in 10..<20 { pixels[row * Self.side + column] = 180 } }
    let frame = Picture(side: Self.side, channels: 1, pixels: pixels)
    var greys: [Int] = []
    _ = DeletionTest().run([frame, frame], regions: [region((10, 20, 10))]) { variants in
      greys = variants[1].map { $0.pixels.count { $0 == 90 } }
      return variants.map { _ in 0 }
    }
    #expect(greys == [40 * 60, 40 * 60])
  }

  @Test("A region that fills the picture has no other place") func whole() {
    let frames = [picture([(10, 10, 10)])]
    #expect(DeletionTest().run(frames, regions: [region((0, 0, 60))], score: bright) == nil)
    #expect(DeletionTest().run(frames, regions: [region((0, 0, 45))], score: bright) == nil)
    #expect(DeletionTest().run(frames, regions: [], score: bright) == nil)
  }
}
