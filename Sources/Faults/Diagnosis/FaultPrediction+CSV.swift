extension FaultPrediction {
  /// The header above `csv` lines: what is said of the window, then a column for the share of each sensor.
  public static func csvHeader(sensors: [String]) -> String {
    let own = [
      "row", "time", "fault", "description", "probability", "alarm", "entropy", "remaining", "zeroShot",
      "refusedRows", "needsCheck", "reasons",
    ]
    return (own + sensors.map { "share " + $0 }).map(field).joined(separator: ",")
  }

  /// One line of separated values without its end (RFC 4180): the numbers of `json`, empty where that has null, reasons
  /// joined by blanks.
  /// - Parameter sensors: in the order of the header; those without a share stay empty.
  public func csv(sensors: [String]) -> String {
    func number(_ value: Double?, decimals: Int = 4) -> String {
      let text = JSONLine.number(value, decimals: decimals)
      return text == "null" ? "" : text
    }
    let own = [
      "\(row)", time ?? "", fault ?? "", description ?? "", number(probability), "\(alarm)", number(entropy),
      number(remaining, decimals: 2), "\(isZeroShot)", "\(refusedRows)", "\(needsCheck)",
      reasons.joined(separator: " "),
    ]
    let shares = Dictionary(
      contributions.map { ($0.sensor, $0.share) }, uniquingKeysWith: { first, _ in first })
    return (own + sensors.map { number(shares[$0]) }).map(FaultPrediction.field).joined(separator: ",")
  }

  /// In quotes where it needs them.
  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
