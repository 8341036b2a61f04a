import Foundation
import Reports
import Testing

@Suite struct HL7Tests {
  /// Segments as lists of fields, by the delimiters of the message itself.
  static func segments(_ message: String) -> [[String]] {
    message.split(separator: "\r").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// HL7 v2.5.1, 2.7, read back.
  static func unescaped(_ text: String) -> String {
    var result = "", rest = text[...]
    while let start = rest.firstIndex(of: "\\") {
      result += rest[..<start]
      let body = rest[rest.index(after: start)...]
      guard let end = body.firstIndex(of: "\\") else { return "unfinished escape" }
      switch body[..<end] {
      case "F": result += "|"
      case "S": result += "^"
      case "T": result += "&"
      case "R": result += "~"
      case "E": result += "\\"
      case ".br": result += "\n"
      case let hex where hex.hasPrefix("X"):
        result += UInt32(hex.dropFirst(), radix: 16).flatMap(Unicode.Scalar.init).map(String.init) ?? "?"
      default: return "unknown escape \(body[..<end])"
      }
      rest = body[body.index(after: end)...]
    }
    return result + rest
  }

  @Test("The message is an ORU^R01 of version 2.5.1 without identity")
  func message() throws {
    let message = try HL7Renderer().render(Example.report())
    #expect(message.hasSuffix("\r") && !message.contains("\n"))
    let segments = Self.segments(message)
    #expect(segments.map { $0[0] }.prefix(3) == ["MSH", "PID", "OBR"])
    #expect(segments.dropFirst(3).allSatisfy { $0[0] == "OBX" })
    let head = segments[0]  // MSH-1 is the separator itself
    #expect(head[1] == "^~\\&" && head[6] == "20260504093000+0000" && head[8] == "ORU^R01^ORU_R01")
    #expect(head[10] == "P" && head[11] == "2.5.1" && head[17] == "UNICODE UTF-8" && head[9].count == 20)
    #expect(segments[1].dropFirst(2).allSatisfy { $0.isEmpty })
    #expect(segments[2][3] == "chest-042" && segments[2][4] == "18748-4^Diagnostic imaging report^LN")
    #expect(segments[2][22] == "20260504093000+0000" && segments[2][24] == "RAD" && segments[2][25] == "P")
    #expect(
      segments.dropFirst(3).enumerated().allSatisfy {
        $1[1] == "\($0 + 1)" && $1.count == 12 && $1[11] == "P"
      })
  }

  @Test("Findings carry LOINC answers and their probability in OBX-9")
  func findings() throws {
    let rows = Self.segments(try HL7Renderer().render(Example.report())).filter {
      $0[0] == "OBX" && $0[3].hasPrefix("FINDING^")
    }
    #expect(
      rows.map { $0[5] } == ["LA9634-2^Absent^LN", "LA9633-4^Present^LN", "LA11884-6^Indeterminate^LN"])
    #expect(rows.map { $0[9] } == ["0.04", "0.87", "0.5"])
    #expect(rows.map { $0[8] } == ["N", "A", ""])
    let texts = Self.segments(try HL7Renderer().render(Example.report())).filter {
      $0[0] == "OBX" && $0[3].hasPrefix("18782-3")
    }
    #expect(
      texts.map { Self.unescaped($0[5]) } == ["Blunted left costophrenic angle.\nThe heart is not enlarged."])
  }

  @Test("Delimiters and control characters are escaped and come back")
  func escapes() throws {
    let message = try HL7Renderer().render(Example.hostileReport())
    #expect(message.contains(#"A\F\B\S\C\T\D\R\E\E\F"#) && message.contains(#"\X01\"#))
    let segments = Self.segments(message)
    #expect(segments[2].count == 26)
    #expect(Self.unescaped(segments[2][3]) == Example.hostile.replacing("\r\n", with: "\n"))
    let reason = try #require(segments.first { $0.count > 3 && $0[3].hasPrefix("REASON^") })
    #expect(Self.unescaped(reason[5]) == Example.hostile.replacing("\r\n", with: "\n"))
    #expect(segments.filter { $0[0] == "OBX" }.allSatisfy { $0.count == 12 })
  }
}
