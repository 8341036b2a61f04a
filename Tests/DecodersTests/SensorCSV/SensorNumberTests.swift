import Decoders
import Foundation
import Testing

/// Numbers as read from files against the C library's strtod and strtof, bit by bit.
@Suite struct SensorNumberTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private func check(
    _ written: [String], decimal: Character = ".", sourceLocation: SourceLocation = #_sourceLocation
  )
    throws
  {
    let text =
      "time;x\n"
      + written.map { cell in
        let cell = decimal == "," ? cell.replacingOccurrences(of: ".", with: ",") : cell
        return "\(cell);\(cell)\n"
      }.joined()
    let (series, _, refused) = try SensorReader.readAll(path: folder.write("in.csv", text))
    #expect(refused.count == 0, sourceLocation: sourceLocation)
    try #require(series.count == written.count, sourceLocation: sourceLocation)
    for (index, cell) in written.enumerated() {
      let wide = strtod(cell, nil), narrow = strtof(cell, nil)
      #expect(series.time?[index].bitPattern == wide.bitPattern, "\(cell)", sourceLocation: sourceLocation)
      #expect(series.values[index].bitPattern == narrow.bitPattern, "\(cell)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [".", ","] as [Character])
  func shortDecimals(decimal: Character) throws {
    var generator = Generator(state: 1)
    try check(
      (0..<20_000).map { _ in
        let digits = Int.random(in: 0...6, using: &generator)
        return String(format: "%.\(digits)f", Double.random(in: -2000...2000, using: &generator))
      }, decimal: decimal)
  }

  @Test func anyDigits() throws {
    var generator = Generator(state: 2)
    try check(
      (0..<20_000).map { _ in
        func digits(_ most: Int) -> String {
          String(
            (0..<Int.random(in: 0...most, using: &generator)).map { _ in
              "0123456789".randomElement(using: &generator)!
            })
        }
        var text = ["", "-", "+"].randomElement(using: &generator)! + digits(20)
        if Bool.random(using: &generator) { text += "." + digits(20) }
        if !text.contains(where: \.isNumber) { text += "0" }
        if Int.random(in: 0..<3, using: &generator) == 0 {
          text +=
            ["e", "E"].randomElement(using: &generator)! + ["", "-", "+"].randomElement(using: &generator)!
            + String(Int.random(in: 0...15, using: &generator))
        }
        return text
      })
  }

  @Test func everyBitPattern() throws {
    var generator = Generator(state: 3)
    var cells: [String] = []
    while cells.count < 10_000 {
      let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      if value.isFinite { cells.append(String(format: "%.9g", value)) }
    }
    try check(cells)
  }

  @Test func betweenFloats() throws {
    var generator = Generator(state: 4)
    // The middle between two floats, and a hair above and below it.
    try check(
      (0..<3000).flatMap { _ in
        let low = Float.random(in: 0.001...1e6, using: &generator)
        let middle = (Double(low) + Double(low.nextUp)) / 2
        let text = String(format: "%.40f", middle)
        return [
          text, text + "1", String(format: "%.17g", middle.nextDown), String(format: "%.17g", middle.nextUp),
        ]
      })
  }

  @Test func extremes() throws {
    try check([
      "0", "-0", "0.0", "00012.500", "3.4028234e38", "-3.4028234663852886e38", "1e-45", "1.17549435e-38",
      "1e-320", "1e-400",
      "9007199254740993", "16777217", "123456789012345678901234567890",
      "0." + String(repeating: "0", count: 60) + "1",
      String(repeating: "1", count: 38), "1." + String(repeating: "3", count: 900), "5e-0", "1E+05",
    ])
  }

  @Test(arguments: ["1e", "1.2.3", "0x10", "1_000", "--1", "1 2", "١٢", "1e+", ".", "+", "1f", "12%", "1,5"])
  func refusesOtherText(cell: String) throws {
    let (series, _, refused) = try SensorReader.readAll(
      path: folder.write("in.csv", "a;b\n1.5;2\n2.5;3\n3.5;4\n\(cell);5\n"))
    #expect(series.rows == [1, 2, 3])
    #expect(refused.count == 1)
  }
}
