import Foundation

/// Reads JSON (RFC 8259) into `JSONValue`; the depth of nesting is bounded.
struct JSONReader {
  /// Where and why reading stopped.
  struct Fault: Error {
    var offset: Int
    var reason: String
  }

  private let bytes: [UInt8]
  private var next = 0
  private static let deepest = 64

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func read(_ bytes: [UInt8], path: String) throws(TokenizerError) -> JSONValue {
    var reader = JSONReader(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.next = 3 }
    do throws(Fault) {
      let value = try reader.value(depth: 0)
      reader.skipSpace()
      guard reader.next == bytes.count else { throw reader.fault("something follows the end of the JSON") }
      return value
    } catch {
      throw TokenizerError(
        .malformed, path: path, place: "byte \(error.offset)",
        reason: "This is no valid JSON: \(error.reason).",
        remedy: "Copy or download the file again.")
    }
  }

  private func fault(_ reason: String) -> Fault { Fault(offset: next, reason: reason) }

  private mutating func skipSpace() {
    while next < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[next]) { next += 1 }
  }

  private mutating func peek() throws(Fault) -> UInt8 {
    skipSpace()
    guard next < bytes.count else { throw fault("the file ends early") }
    return bytes[next]
  }

  private mutating func value(depth: Int) throws(Fault) -> JSONValue {
    guard depth < Self.deepest else { throw fault("it nests deeper than \(Self.deepest)") }
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(Fault) -> JSONValue {
    guard bytes[next...].starts(with: text.utf8) else { throw fault("an unknown word stands here") }
    next += text.utf8.count
    return value
  }

  private mutating func number() throws(Fault) -> JSONValue {
    let start = next
    while next < bytes.count, "+-.0123456789Ee".utf8.contains(bytes[next]) { next += 1 }
    guard let first = bytes[start..<next].first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
      let number = Double(String(decoding: bytes[start..<next], as: UTF8.self)), number.isFinite
    else {
      next = start
      throw fault("a value is expected here")
    }
    return .number(number)
  }

  private mutating func array(_ depth: Int) throws(Fault) -> JSONValue {
    next += 1
    var elements: [JSONValue] = []
    if try peek() == UInt8(ascii: "]") {
      next += 1
      return .array([])
    }
    while true {
      elements.append(try value(depth: depth + 1))
      let mark = try peek()
      guard mark == UInt8(ascii: ",") || mark == UInt8(ascii: "]") else {
        throw fault("a comma or ] is expected")
      }
      next += 1
      if mark == UInt8(ascii: "]") { return .array(elements) }
    }
  }

  private mutating func object(_ depth: Int) throws(Fault) -> JSONValue {
    next += 1
    var fields: [(key: Bytes, value: JSONValue)] = []
    if try peek() == UInt8(ascii: "}") {
      next += 1
      return .object([])
    }
    while true {
      guard try peek() == UInt8(ascii: "\"") else { throw fault("a name in quotes is expected") }
      let key = try string()
      guard try peek() == UInt8(ascii: ":") else { throw fault("a colon is expected") }
      next += 1
      fields.append((key, try value(depth: depth + 1)))
      let mark = try peek()
      guard mark == UInt8(ascii: ",") || mark == UInt8(ascii: "}") else {
        throw fault("a comma or } is expected")
      }
      next += 1
      if mark == UInt8(ascii: "}") { return .object(fields) }
    }
  }

  private mutating func string() throws(Fault) -> Bytes {
    next += 1
    var result: [UInt8] = []
    while true {
      guard next < bytes.count else { throw fault("a text has no closing quote") }
      let byte = bytes[next]
      next += 1
      switch byte {
      case UInt8(ascii: "\""): return Bytes(result)
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0..<0x20:
        next -= 1
        throw fault("a text holds a control character")
      default: result.append(byte)
      }
    }
  }

  private mutating func escape(into result: inout [UInt8]) throws(Fault) {
    guard next < bytes.count else { throw fault("the file ends early") }
    let mark = bytes[next]
    next += 1
    switch mark {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(mark)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "u"):
      var code = try fourDigits()
      if (0xD800..<0xDC00).contains(code), next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"),
        bytes[next + 1] == UInt8(ascii: "u")
      {
        next += 2
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair is missing") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair is missing") }
      result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default:
      next -= 1
      throw fault("an unknown escape stands here")
    }
  }

  private mutating func fourDigits() throws(Fault) -> UInt32 {
    guard next + 4 <= bytes.count,
      bytes[next..<next + 4].allSatisfy({
        UInt8(ascii: "0") <= $0 && Character(Unicode.Scalar($0)).isHexDigit
      }),
      let code = UInt32(String(decoding: bytes[next..<next + 4], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits are expected") }
    next += 4
    return code
  }
}
