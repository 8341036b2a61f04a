extension FaultEvent {
  /// The event in a few sentences: when, what, how sure, and which sensors show it.
  public var sentence: String {
    var parts = [headline]
    if firstSign.row < start.row { parts.append("First sign at \(firstSign.words).") }
    parts.append(
      isOpen
        ? "It still goes on at \(end.words)."
        : "It was over after \(end.words).")
    let named = others.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !named.isEmpty {
      let list = named.prefix(3).map { "\($0.value) \($0.value == 1 ? "window" : "windows") \($0.key)" }
      parts.append("In between the answer was otherwise: \(list.joined(separator: ", ")).")
    }
    if let lead {
      parts.append(
        "At the start the bundle foresaw \(JSONLine.number(lead, decimals: 0)) to the failure, in the units of its training."
      )
    }
    return parts.joined(separator: " ")
  }

  /// The first of these sentences.
  public var headline: String {
    let when = start.time == nil ? "From row \(start.row) on" : "From \(start.words) on"
    let shown = leading.enumerated().map { place, part in
      place == 0
        ? "\(part.sensor) carries \(FaultEvent.percent(part.share)) of it"
        : "\(part.sensor) \(FaultEvent.percent(part.share))"
    }
    return "\(when) \(fault), \(FaultEvent.percent(peak)) sure"
      + (shown.isEmpty ? "." : ": \(shown.joined(separator: ", ")).")
  }

  /// A share of 1 in words. Nothing is ever wholly sure.
  static func percent(_ share: Double) -> String {
    share > 0.995 && share < 1 ? "over 99 %" : "\(JSONLine.number(share * 100, decimals: 0)) %"
  }
}
