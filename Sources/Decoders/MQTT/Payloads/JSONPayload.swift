/// Reads a JSON object of numbers, or an array of such objects (RFC 8259).
///
/// Objects in objects and arrays are flattened, names joined by dots; true counts as 1, false as 0 and null as missing.
/// A string is taken as a number or time where it is one.
struct JSONPayload {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  /// Deeper payloads are refused: they are no rows, and the stack has an end.
  private static let deepest = 32

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// - Throws: `PayloadProblem` with the byte at which the text is no JSON, or no rows.
  static func rows(_ bytes: UnsafeBufferPointer<UInt8>) throws(PayloadProblem) -> [PayloadRow] {
    var reader = JSONPayload(bytes)
    var rows: [PayloadRow] = []
    reader.skipBlanks()
    if reader.take(UInt8(ascii: "[")) {
      reader.skipBlanks()
      if !reader.take(UInt8(ascii: "]")) {
        repeat {
          reader.skipBlanks()
          rows.append(try reader.row())
          reader.skipBlanks()
        } while reader.take(UInt8(ascii: ","))
        try reader.expect(UInt8(ascii: "]"), "A comma or ] is missing.")
      }
    } else {
      rows.append(try reader.row())
    }
    reader.skipBlanks()
    guard reader.place == bytes.count else { throw reader.problem("Text follows the JSON value.") }
    return rows
  }

  private mutating func row() throws(PayloadProblem) -> PayloadRow {
    guard next == UInt8(ascii: "{") else { throw problem("An object of numbers is expected here.") }
    var row = PayloadRow()
    row.byte = place
    try value("", 0, &row)
    return row
  }

  private mutating func value(_ name: String, _ depth: Int, _ row: inout PayloadRow) throws(PayloadProblem) {
    guard depth < Self.deepest else { throw problem("The value is nested too deeply.") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): try object(name, depth, &row)
    case UInt8(ascii: "["): try array(name, depth, &row)
    case UInt8(ascii: "\""):
      let start = place
      var text = try string()
      text.withUTF8 { row.add(name, $0, byte: start) }
    default: try literal(name, &row)
    }
  }

  private mutating func object(_ name: String, _ depth: Int, _ row: inout PayloadRow) throws(PayloadProblem) {
    place += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw problem("A name in quotes is expected here.") }
      let key = try string()
      skipBlanks()
      try expect(UInt8(ascii: ":"), "A colon is missing.")
      try value(name.isEmpty ? key : name + "." + key, depth + 1, &row)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "A comma or } is missing.")
  }

  private mutating func array(_ name: String, _ depth: Int, _ row: inout PayloadRow) throws(PayloadProblem) {
    place += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return }
    var index = 0
    repeat {
      try value("\(name).\(index)", depth + 1, &row)
      index += 1
      skipBlanks()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "A comma or ] is missing.")
  }

  private mutating func literal(_ name: String, _ row: inout PayloadRow) throws(PayloadProblem) {
    let start = place
    while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<place])
    switch String(decoding: text, as: UTF8.self) {
    case "true": row.values.append((name, 1))
    case "false": row.values.append((name, 0))
    case "null": row.values.append((name, .nan))
    default:
      guard let first = text.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else {
        place = start
        throw problem(
          text.isEmpty ? "A value is missing." : "“\(decodeText(text).prefix(40))” is no JSON value.")
      }
      let known = (row.values.count, row.timeText)
      row.add(name, text, byte: start)
      guard row.values.count > known.0 || (row.timeText != known.1 && row.time?.isNaN == false) else {
        place = start
        throw problem("“\(decodeText(text).prefix(40))” is no finite 32-bit number.")
      }
    }
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20
  }

  private mutating func string() throws(PayloadProblem) -> String {
    let start = place
    place += 1
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      guard bytes[place] >= 0x20 else { throw problem("A control character stands in a string.") }
      if bytes[place] == UInt8(ascii: "\\") {
        text += Array(String(try escape()).utf8)
      } else {
        text.append(bytes[place])
        place += 1
      }
    }
    guard place < bytes.count else {
      place = start
      throw problem("The string is never closed.")
    }
    place += 1
    guard let found = String(validating: text, as: UTF8.self) else {
      place = start
      throw problem("The string is no UTF-8.")
    }
    return found
  }

  private mutating func escape() throws(PayloadProblem) -> Unicode.Scalar {
    place += 1
    let plain: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r", 0x74: "\t",
    ]
    if let scalar = plain[next] {
      place += 1
      return scalar
    }
    guard next == UInt8(ascii: "u") else { throw problem("This escape is unknown.") }
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code), place + 1 < bytes.count, next == UInt8(ascii: "\\"),
      bytes[place + 1] == UInt8(ascii: "u")
    {
      place += 1
      code = 0x10000 + (code - 0xD800) << 10 + (try hexadecimal()) - 0xDC00
    }
    guard let scalar = Unicode.Scalar(code) else { throw problem("This escape stands for no character.") }
    return scalar
  }

  /// Four digits behind the `u` at hand.
  private mutating func hexadecimal() throws(PayloadProblem) -> UInt32 {
    guard place + 4 < bytes.count,
      let code = UInt32(String(decoding: bytes[place + 1...place + 4], as: UTF8.self), radix: 16)
    else { throw problem("An escape needs four hexadecimal digits.") }
    place += 5
    return code
  }

  private var next: UInt8 { place < bytes.count ? bytes[place] : 0 }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ reason: String) throws(PayloadProblem) {
    guard take(byte) else { throw problem(reason) }
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private func problem(_ reason: String) -> PayloadProblem { PayloadProblem(byte: place, reason: reason) }
}
