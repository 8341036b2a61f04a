import Foundation
import Layers
import Tensors
import Testing

@Suite("How many heads a layer has")
struct HeadRuleTests {
  @Test("Dynamic: one for each 64 tokens, at least 2 and at most 8")
  func dynamic() {
    let rule = HeadRule.dynamic
    #expect(
      [1, 127, 128, 191, 192, 320, 512, 513, 9999].map { rule.heads(tokens: $0, width: 96 * 35) }
        == [2, 2, 2, 2, 3, 5, 8, 8, 8])
  }

  @Test("The number divides the width")
  func divisors() {
    #expect(HeadRule.dynamic.heads(tokens: 512, width: 100) == 5)
    #expect(HeadRule.dynamic.heads(tokens: 100, width: 7) == 1)
    #expect(HeadRule.fixed(4).heads(tokens: 1, width: 96) == 4)
    #expect(HeadRule.fixed(5).heads(tokens: 1, width: 96) == 4)
    #expect(HeadRule.fixed(50).heads(tokens: 1, width: 6) == 6)
  }

  @Test("A number or the word dynamic in files, nothing else")
  func coding() throws {
    let text = #"[4, "dynamic"]"#
    let rules = try JSONDecoder().decode([HeadRule].self, from: Data(text.utf8))
    #expect(rules == [.fixed(4), .dynamic])
    #expect(String(decoding: try JSONEncoder().encode(rules), as: UTF8.self) == #"[4,"dynamic"]"#)
    for wrong in ["[0]", "[-2]", #"["many"]"#, "[true]", "[null]"] {
      #expect(throws: (any Error).self) { try JSONDecoder().decode([HeadRule].self, from: Data(wrong.utf8)) }
    }
  }
}

@Suite("Fixed features of places")
struct SinusoidalPositionTests {
  @Test("A place has the same features at any resolution")
  func resolution() {
    // The centre of cell 1 of 3 is that of cell 4 of 9.
    let coarse = SinusoidalPosition.line(3, features: 16).floats(),
      fine = SinusoidalPosition.line(9, features: 16).floats()
    #expect(distance(Array(coarse[16..<32]), Array(fine[64..<80])) < 1e-4)
    #expect(distance(Array(coarse[16..<32]), Array(fine[16..<32])) > 0.1)
    let small = SinusoidalPosition.grid(height: 1, width: 3, features: 16).floats()
    let large = SinusoidalPosition.grid(height: 3, width: 9, features: 16).floats()
    #expect(distance(Array(small[16..<32]), Array(large[(9 + 4) * 16..<(9 + 5) * 16])) < 1e-4)
  }

  @Test("Rows and columns are told apart, and no two cells are alike")
  func different() {
    let grid = SinusoidalPosition.grid(height: 8, width: 8, features: 32).floats()
    let cells = (0..<64).map { Array(grid[$0 * 32..<$0 * 32 + 32]) }
    for a in 0..<64 { for b in 0..<a { #expect(distance(cells[a], cells[b]) > 0.05) } }
  }

  @Test("Sine and cosine of half a period at first, and zeros where the width does not divide")
  func values() {
    let features = SinusoidalPosition.features([[0, 0.25, 1]], width: 7)
    #expect(features.shape == [3, 7])
    let found = features.floats()
    #expect(distance(Array(found[7..<9]), [0.5 * Float(2).squareRoot(), 0.5 * Float(2).squareRoot()]) < 1e-6)
    #expect(distance(Array(found[0..<7]), [0, 1, 0, 1, 0, 1, 0]) < 1e-6)
    #expect(distance(Array(found[14..<16]), [0, -1]) < 1e-6)
  }
}
