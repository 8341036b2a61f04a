extension FaultEvent {
  /// One JSON object without line end.
  ///
  /// Keys: `event` (its number), `fault`, `description`, `open`, `startRow`, `startTime`, `endRow`, `endTime`,
  /// `firstSignRow`, `firstSignTime`, `lead`, `leadFromFirstSign`, `probability` (the greatest), `probabilityRow`,
  /// `windows`, `others` (windows by the fault that they named), `sensors` (mean shares, the greatest first),
  /// `nearestTraining` (`id`, `distance`), `nearestEvents` (`in`, `event`, `row`, `time`, `fault`, `likeness`),
  /// `sentence`.
  public var json: String {
    let shares = sensors.map { "\(JSONLine.text($0.sensor)):\(JSONLine.number($0.share))" }
    let named = others.sorted { $0.key < $1.key }.map { "\(JSONLine.text($0.key)):\($0.value)" }
    let training = nearestTraining.map {
      "{\"id\":\(JSONLine.text($0.id)),\"distance\":\(JSONLine.number($0.distance))}"
    }
    let parts = [
      "\"event\":\(number)", "\"fault\":\(JSONLine.text(fault))",
      "\"description\":\(JSONLine.text(description))", "\"open\":\(isOpen)",
      FaultEvent.pair("start", start), FaultEvent.pair("end", end), FaultEvent.pair("firstSign", firstSign),
      "\"lead\":\(JSONLine.number(lead, decimals: 2))",
      "\"leadFromFirstSign\":\(JSONLine.number(leadFromFirstSign, decimals: 2))",
      "\"probability\":\(JSONLine.number(peak))", "\"probabilityRow\":\(peakRow)", "\"windows\":\(windows)",
      "\"others\":{\(named.joined(separator: ","))}", "\"sensors\":{\(shares.joined(separator: ","))}",
      "\"nearestTraining\":[\(training.joined(separator: ","))]",
      "\"nearestEvents\":[\(nearestEvents.map(\.json).joined(separator: ","))]",
      "\"sentence\":\(JSONLine.text(sentence))",
    ]
    return "{\(parts.joined(separator: ","))}"
  }

  private static func pair(_ name: String, _ moment: EventMoment) -> String {
    "\"\(name)Row\":\(moment.row),\"\(name)Time\":\(JSONLine.text(moment.time))"
  }

  /// The first line of a CSV of events, without line end.
  public static let csvHeader =
    "event,fault,description,open,startRow,startTime,endRow,endTime,firstSignRow,firstSignTime,lead,"
    + "leadFromFirstSign,probability,probabilityRow,windows,others,sensors,nearestTraining,nearestEvents,sentence"

  /// One line of that CSV without line end (RFC 4180). Lists are parted by semicolons, `name=value`.
  public var csv: String {
    func text(_ value: Double?, _ decimals: Int = 4) -> String {
      value == nil ? "" : JSONLine.number(value, decimals: decimals)
    }
    let parts: [String] = [
      "\(number)", fault, description ?? "", "\(isOpen)", "\(start.row)", start.time ?? "", "\(end.row)",
      end.time ?? "", "\(firstSign.row)", firstSign.time ?? "", text(lead, 2), text(leadFromFirstSign, 2),
      text(peak), "\(peakRow)", "\(windows)",
      others.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";"),
      sensors.map { "\($0.sensor)=\(text($0.share))" }.joined(separator: ";"),
      nearestTraining.map { "\($0.id)=\(text($0.distance))" }.joined(separator: ";"),
      nearestEvents.map { "\($0.event.source):\($0.event.number)=\(text($0.likeness))" }.joined(
        separator: ";"),
      sentence,
    ]
    return parts.map(FaultEvent.cell).joined(separator: ",")
  }

  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
