import Foundation

/// Any JSON value. Objects have no order; they are written with their keys sorted.
public enum JSONTree: Sendable, Equatable, Codable {
  /// One value; `integer` and `number` are both numbers in JSON.
  case null, bool(Bool), integer(Int), number(Double), string(String)
  /// Values in order, and values by name.
  case array([JSONTree]), object([String: JSONTree])

  /// Takes any value; numbers without a fraction become `integer`.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONTree].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  /// Writes the value itself, without the names of the cases.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let bool): try value.encode(bool)
    case .integer(let integer): try value.encode(integer)
    case .number(let number): try value.encode(number)
    case .string(let string): try value.encode(string)
    case .array(let array): try value.encode(array)
    case .object(let object): try value.encode(object)
    }
  }
}

/// JSON text with keys in the order in which they are given, so that the same content is the same bytes.
///
/// Objects and lists stand on lines of their own, two spaces deeper each; lists of numbers stay on one line.
indirect enum OrderedJSON {
  case value(JSONTree)
  case list([OrderedJSON])
  case object([(key: String, value: OrderedJSON)])

  static func string(_ text: String) -> OrderedJSON { .value(.string(text)) }
  static func number(_ number: Double) -> OrderedJSON { .value(.number(number)) }
  static func bool(_ bool: Bool) -> OrderedJSON { .value(.bool(bool)) }

  var text: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .value(.object(let object)):
      Self.object(object.sorted { $0.key < $1.key }.map { ($0.key, .value($0.value)) }).write(
        to: &text, indent: indent)
    case .value(.array(let array)): Self.list(array.map { .value($0) }).write(to: &text, indent: indent)
    case .value(let value): text += Self.scalar(value)
    case .list(let list) where list.allSatisfy(\.isNumber):
      text += "["
      for (i, item) in list.enumerated() {
        if i > 0 { text += ", " }
        item.write(to: &text, indent: indent)
      }
      text += "]"
    case .list(let list):
      write(list.map { (nil, $0) }, between: ("[", "]"), to: &text, indent: indent)
    case .object(let object):
      write(object.map { ($0.key, $0.value) }, between: ("{", "}"), to: &text, indent: indent)
    }
  }

  private func write(
    _ items: [(String?, OrderedJSON)], between braces: (String, String), to text: inout String, indent: Int
  ) {
    text += braces.0
    for (i, (key, value)) in items.enumerated() {
      text += (i > 0 ? ",\n" : "\n") + String(repeating: " ", count: indent + 2)
      if let key { text += Self.quoted(key) + ": " }
      value.write(to: &text, indent: indent + 2)
    }
    text += (items.isEmpty ? "" : "\n" + String(repeating: " ", count: indent)) + braces.1
  }

  private var isNumber: Bool {
    switch self {
    case .value(.integer), .value(.number): true
    default: false
    }
  }

  private static func scalar(_ value: JSONTree) -> String {
    switch value {
    case .bool(let bool): bool ? "true" : "false"
    case .integer(let integer): String(integer)
    // JSON knows no infinity and no NaN; whole numbers are written without a fraction.
    case .number(let number) where !number.isFinite: "null"
    case .number(let number):
      Int(exactly: number).map { abs($0) < 1 << 53 ? String($0) : "\(number)" } ?? "\(number)"
    case .string(let string): quoted(string)
    default: "null"
    }
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
