import Foundation

/// Where a piece of work stands at one moment.
struct ProgressSnapshot {
  var label: String
  var unit: String
  var done: Int
  /// nil for a stream whose length is not known.
  var total: Int?
  /// Seconds since the start.
  var elapsed: Double
  /// Units a second; nil until something was done.
  var rate: Double?
  var note: String
  var isFinal: Bool

  /// Seconds left at the present rate; nil where there is no total or no rate.
  var left: Double? {
    guard let total, let rate, rate > 0, !isFinal else { return nil }
    return Double(max(0, total - done)) / rate
  }

  /// One line for a terminal, at most `width` characters.
  func bar(width: Int) -> String {
    var parts = [label]
    if let total, total > 0 {
      let share = min(1, Double(done) / Double(total))
      let filled = Int(share * 20)
      parts.append(
        "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled) + "]")
      parts.append("\(Int(share * 100))%")
      parts.append("\(done)/\(total) \(unit)")
    } else {
      parts.append("\(done) \(unit)")
    }
    if let rate { parts.append("\(Self.short(rate)) \(unit)/s") }
    if isFinal {
      parts.append("in \(Self.clock(elapsed))")
    } else if let left {
      parts.append("\(Self.clock(left)) left")
    }
    if !note.isEmpty { parts.append(note) }
    return String(parts.joined(separator: "  ").prefix(max(1, width)))
  }

  /// One object on one line, for a log.
  func json() -> String {
    var fields = [("progress", JSONText.quoted(label)), ("done", "\(done)")]
    if let total { fields.append(("total", "\(total)")) }
    fields.append(("unit", JSONText.quoted(unit)))
    fields.append(("elapsed", Self.decimal(elapsed)))
    if let rate { fields.append(("rate", Self.decimal(rate))) }
    if let left { fields.append(("left", Self.decimal(left))) }
    if !note.isEmpty { fields.append(("note", JSONText.quoted(note))) }
    if isFinal { fields.append(("final", "true")) }
    return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  /// `m:ss`, with hours where there are any.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.rounded(), 0), 1e9))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// Three digits are enough to judge a rate by.
  private static func short(_ rate: Double) -> String {
    rate >= 100 ? String(format: "%.0f", rate) : String(format: rate >= 10 ? "%.1f" : "%.2f", rate)
  }

  private static func decimal(_ value: Double) -> String {
    value.isFinite ? String(format: "%.3f", value) : "null"
  }
}
