import Encoders
import Layers
import Tensors
import Testing

@Suite("Text encoder")
struct TextEncoderTests {
  private func summaries(_ texts: [[Int]], heads: HeadRule = .fixed(4), length: Int = 12) -> [[Float]] {
    var rng = SeededGenerator(seed: 8)
    let encoder = TextEncoder(
      TextConfiguration(vocabulary: 50, length: length, width: 16, depth: 2, heads: heads), using: &rng)
    let found = encoder(texts, on: Tape(.inference), using: &rng).summary.floats()
    return texts.indices.map { Array(found[$0 * 16..<$0 * 16 + 16]) }
  }

  @Test("What a text is batched with does not matter")
  func padding() {
    let text = [3, 9, 4]
    let alone = summaries([text])[0]
    let among = summaries([[1], text, Array(10..<22), []])
    #expect(distance(alone, among[1]) < 1e-5)
    #expect(distance(alone, among[2]) > 1e-2)
    #expect(among[3].allSatisfy { $0.isFinite })
  }

  @Test("Nor with dynamic heads beside a long text")
  func dynamicHeads() {
    let text = [3, 9, 4]
    let alone = summaries([text], heads: .dynamic, length: 300)[0]
    let among = summaries([text, (0..<280).map { $0 % 50 }], heads: .dynamic, length: 300)[0]
    #expect(distance(alone, among) < 1e-5)
  }

  @Test("Order matters, and what is beyond the length is cut")
  func order() {
    let found = summaries([[1, 2, 3], [3, 2, 1], Array(1...12), Array(1...20)])
    #expect(distance(found[0], found[1]) > 1e-3)
    #expect(distance(found[2], found[3]) < 1e-6)
  }
}
