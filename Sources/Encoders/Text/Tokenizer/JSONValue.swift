/// A JSON value whose objects keep the order and the exact scalars of their keys.
///
/// Foundation's decoders hold objects in dictionaries of `String`, where names that differ only in
/// Unicode normalisation are one; in a vocabulary they are two tokens.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(Bytes)
  case array([JSONValue])
  case object([(key: Bytes, value: JSONValue)])

  /// The last value of `key`, as other readers take it; nil where this is no object or has no such key.
  subscript(_ key: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    let bytes = Bytes(key)
    return fields.last { $0.key == bytes }?.value
  }

  var text: String? {
    guard case .string(let bytes) = self else { return nil }
    return bytes.text
  }

  var integer: Int? {
    guard case .number(let number) = self else { return nil }
    return Int(exactly: number)
  }

  var isNull: Bool {
    guard case .null = self else { return false }
    return true
  }

  var elements: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }
}
