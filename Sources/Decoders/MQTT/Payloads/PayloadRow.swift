/// One row, or a part of one, as a payload tells it.
struct PayloadRow: Equatable {
  /// Names as the payload has them, levels joined by dots; NaN for a value that is missing.
  var values: [(name: String, value: Float)] = []
  /// Text that stands where a number could, and its first byte.
  var texts: [(name: String, text: String, byte: Int)] = []
  /// Seconds, NaN where they could not be read; nil without a time.
  var time: Double?
  /// As written.
  var timeText: String?
  /// Whether a number counts the messages.
  var isCounted = false
  /// Of the payload.
  var byte = 0

  /// Names under which messages carry their time, and a number that counts them.
  private static let times: Set = ["time", "timestamp", "ts"]
  private static let counters: Set = ["seq", "sequence"]

  static func == (a: PayloadRow, b: PayloadRow) -> Bool {
    a.values.elementsEqual(b.values) { $0.name == $1.name && $0.value.bitPattern == $1.value.bitPattern }
      && a.texts.elementsEqual(b.texts) { $0.name == $1.name && $0.text == $1.text }
      && a.time == b.time && a.timeText == b.timeText
  }

  static func isTime(_ name: String) -> Bool { times.contains(name.lowercased()) }
  static func isCounter(_ name: String) -> Bool { counters.contains(name.lowercased()) }

  /// Takes what stands under a name.
  mutating func add(_ name: String, _ text: UnsafeBufferPointer<UInt8>, byte: Int) {
    if time == nil, PayloadRow.isTime(name) {
      (time, timeText) = (PayloadTime.seconds(text), decodeText(text))
      return
    }
    switch PayloadRow.number(text) {
    case let value?:
      if PayloadRow.isCounter(name) { isCounted = true }
      values.append((name, value))
    case nil: texts.append((name, String(decodeText(text).prefix(40)), byte))
    }
  }

  /// Nil for text; NaN for nothing and for words that say so.
  static func number(_ text: UnsafeBufferPointer<UInt8>, decimal: UInt8 = UInt8(ascii: ".")) -> Float? {
    PayloadTime.float(text, decimal)
  }
}
