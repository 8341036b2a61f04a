/// Where messages come from or go to: `mqtt://host:port/topic`, or `mqtts://` over TLS.
public struct BrokerAddress: Sendable, Equatable, CustomStringConvertible {
  /// Whether TLS is spoken.
  public var isSecure: Bool
  /// Name or address of the machine.
  public var host: String
  /// 1883 by default, 8883 over TLS.
  public var port: Int
  /// A topic, or a filter with `+` (one level) and `#` (all that follow).
  public var topic: String

  /// Whether a text names a broker rather than a file.
  public static func isOne(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("mqtt://") || start.hasPrefix("mqtts://")
  }

  /// - Throws: `DecodingError` (`malformed`) for what is no such address, and for one with a password in it.
  public init(_ text: String) throws(DecodingError) {
    guard BrokerAddress.isOne(text), let mark = text.range(of: "://") else {
      throw BrokerAddress.refusal(text, "It does not begin with mqtt:// or mqtts://.")
    }
    isSecure = text.lowercased().hasPrefix("mqtts")
    let rest = text[mark.upperBound...]
    // A topic may hold every character, `#` and `?` among them; the first slash ends the host.
    guard let slash = rest.firstIndex(of: "/") else {
      throw BrokerAddress.refusal(text, "It names no topic.")
    }
    topic = String(rest[rest.index(after: slash)...])
    let machine = rest[..<slash]
    guard !machine.contains("@") else {
      throw DecodingError(
        .malformed, file: "\(isSecure ? "mqtts" : "mqtt")://…",
        reason: "A user or password stands in the address.",
        remedy:
          "Leave it out, since others can read command lines; set BRAID_MQTT_USER and BRAID_MQTT_PASSWORD, or name a file with --mqtt-login."
      )
    }
    var name = machine, number: Int? = isSecure ? 8883 : 1883
    if machine.hasPrefix("["), let end = machine.firstIndex(of: "]") {
      name = machine[machine.index(after: machine.startIndex)..<end]
      let behind = machine[machine.index(after: end)...]
      if !behind.isEmpty { number = behind.hasPrefix(":") ? Int(behind.dropFirst()) : nil }
    } else if let colon = machine.lastIndex(of: ":") {
      (name, number) = (machine[..<colon], Int(machine[machine.index(after: colon)...]))
    }
    guard let number, (1...65535).contains(number) else {
      throw BrokerAddress.refusal(text, "Its port is no number between 1 and 65535.")
    }
    (host, port) = (String(name), number)
    guard !host.isEmpty else { throw BrokerAddress.refusal(text, "It names no host.") }
    guard !topic.isEmpty, topic.utf8.count < 65536, !topic.contains("\0") else {
      throw BrokerAddress.refusal(text, "It names no topic.")
    }
  }

  /// Whether the topic stands for several.
  public var isFilter: Bool { topic.split(separator: "/").contains { $0 == "+" || $0 == "#" } }

  /// As it was given, with the port.
  public var description: String { "\(machine)/\(topic)" }

  var machine: String {
    "\(isSecure ? "mqtts" : "mqtt")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  private static func refusal(_ text: String, _ reason: String) -> DecodingError {
    DecodingError(
      .malformed, file: text, reason: reason,
      remedy: "Write mqtt://HOST[:PORT]/TOPIC, such as mqtt://localhost/plant/m1/#.")
  }
}
