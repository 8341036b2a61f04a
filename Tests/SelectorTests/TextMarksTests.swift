import Decoders
import Foundation
import Layers
import Selector
import Testing

@Suite("Text in pictures")
struct TextMarksTests {
  /// Letters of five by seven dots, drawn for this test.
  private static let letters: [Character: [String]] = [
    "A": [".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
    "B": ["####.", "#...#", "#...#", "####.", "#...#", "#...#", "####."],
    "E": ["#####", "#....", "#....", "####.", "#....", "#....", "#####"],
    "H": ["#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
    "L": ["#....", "#....", "#....", "#....", "#....", "#....", "#####"],
    "N": ["#...#", "##..#", "#.#.#", "#.#.#", "#..##", "#...#", "#...#"],
    "S": [".####", "#....", "#....", ".###.", "....#", "....#", "####."],
    "T": ["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."],
  ]

  /// Soft blobs with noise, as tissue looks; then lines of text in one tone.
  private func raster(
    _ lines: [String], scale: Int = 2, ink: Float = 255, ground: Float? = nil, width: Int = 480,
    height: Int = 400
  ) -> Raster {
    var rng = SeededGenerator(seed: 8)
    func blob(_ x: Float, _ y: Float, at centre: Float, _ spread: Float) -> Float {
      let distance = (x - centre) * (x - centre) + (y - 200) * (y - 200)
      return 90 * exp(-distance / spread)
    }
    var levels = [Float](repeating: ground ?? 0, count: width * height)
    if ground == nil {
      for place in levels.indices {
        let x = Float(place % width), y = Float(place / width)
        levels[place] = 40 + blob(x, y, at: 150, 9000) + blob(x, y, at: 330, 7000)
        levels[place] += 5 * rng.normal()
      }
    }
    for (row, line) in lines.enumerated() {
      for (column, letter) in line.enumerated() {
        for (dy, dots) in (Self.letters[letter] ?? []).enumerated() {
          for (dx, dot) in dots.enumerated() where dot == "#" {
            for y in 0..<scale {
              for x in 0..<scale {
                let py = 12 + row * 11 * scale + dy * scale + y, px = 14 + column * 6 * scale + dx * scale + x
                levels[py * width + px] = ink
              }
            }
          }
        }
      }
    }
    return Raster(shape: [height, width], samples: .uint8(levels.map { UInt8(max(0, min(255, $0))) }))
  }

  @Test("Lines of letters are found and counted, whatever their tone")
  func lines() {
    let found = TextMarks(raster(["HANS BLEST", "BASEL", "ATHEN"]))
    #expect(found.lines >= 3 && found.lines <= 4 && found.letters >= 18 && !found.isPage)
    let dark = TextMarks(raster(["HANS BLEST", "BASEL"], ink: 0, ground: 200))
    #expect(dark.lines >= 2)
  }

  @Test("A side marker, and tissue alone, are no text")
  func none() {
    #expect(TextMarks(raster([])) == TextMarks())
    #expect(TextMarks(raster(["L"], scale: 4)).lines == 0)
    #expect(TextMarks(raster(["LA"], scale: 3)).lines == 0)
  }

  @Test("A page full of text is no scan")
  func page() {
    let page = raster(
      Array(repeating: "THE BEST LANE AT SEA HAS BEEN SENT", count: 16), ink: 10, ground: 245)
    #expect(TextMarks(page).isPage)
  }
}
