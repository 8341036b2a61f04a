import Layers
import Reports
import Testing

@Suite("Sizes of round bodies")
struct RoundBodyTests {
  /// A disc of one tone, its border a pixel soft, on a slope with noise.
  private func picture(diameter: Double, at x: Double, _ y: Double, noise: Float) -> [Float] {
    var rng = SeededGenerator(seed: 4)
    return (0..<120 * 140).map { place in
      let (row, column) = (Double(place / 140), Double(place % 140))
      let distance = ((column - x) * (column - x) + (row - y) * (row - y)).squareRoot()
      let inside = min(1, max(0, diameter / 2 - distance + 0.5))
      return Float(60 + 0.3 * column + 45 * inside) + noise * rng.normal()
    }
  }

  @Test("A disc is told to a tenth of its size and two pixels of its place", arguments: [12.0, 20, 34, 50])
  func disc(diameter: Double) throws {
    let found = try #require(
      RoundBody(
        levels: picture(diameter: diameter, at: 71, 58, noise: 6), width: 140, height: 120, least: 6))
    #expect(abs(found.diameter - diameter) <= max(1.5, diameter / 10), "\(found)")
    #expect(abs(found.x - 71) <= max(2, diameter / 8) && abs(found.y - 58) <= max(2, diameter / 8))
    #expect(found.contrast > 30)
  }

  @Test("Where nothing stands out there is no size")
  func nothing() {
    #expect(
      RoundBody(
        levels: picture(diameter: 0, at: 0, 0, noise: 2), width: 140, height: 120, least: 6) == nil)
    #expect(RoundBody(levels: [Float](repeating: 0, count: 36), width: 6, height: 6, least: 1) == nil)
  }
}
