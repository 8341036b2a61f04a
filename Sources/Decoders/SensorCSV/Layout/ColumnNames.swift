/// Names and units out of the cells of a header.
enum ColumnNames {
  /// `Temp [°C]` and `Temp (°C)` into name and unit; nil as unit where there is none.
  static func split(_ written: String) -> (name: String, unit: String?) {
    let text = written.trimming()
    for (open, close) in [("[", "]"), ("(", ")")] as [(Character, Character)] {
      guard text.last == close, let start = text.lastIndex(of: open) else { continue }
      let name = String(text[..<start]).trimming()
      let unit = String(text[text.index(after: start)...].dropLast()).trimming()
      guard !name.isEmpty, unit.count <= 16, !unit.contains(close) else { continue }
      return (name, unit.isEmpty ? nil : unit)
    }
    return (text, nil)
  }

  /// A cell of a units row without its brackets; nil for an empty one or a dash.
  static func unit(_ written: String) -> String? {
    var text = written.trimming()
    if let first = text.first, let last = text.last, text.count > 1,
      (first == "[" && last == "]") || (first == "(" && last == ")")
    {
      text = String(text.dropFirst().dropLast()).trimming()
    }
    return text.isEmpty || text == "-" ? nil : text
  }

  /// Names and units of a whole header. Names that are alike without their units keep the whole text; those that
  /// are alike even so are numbered, and empty ones are called `column N`.
  static func all(_ written: [String]) -> [(name: String, unit: String?)] {
    var result = written.map(split)
    let short = Dictionary(result.map { ($0.name, 1) }, uniquingKeysWith: +)
    var taken: Set<String> = []
    for index in result.indices {
      if short[result[index].name, default: 0] > 1 { result[index].name = written[index].trimming() }
      if result[index].name.isEmpty { result[index].name = "column \(index + 1)" }
      let base = result[index].name
      var count = 2
      while !taken.insert(result[index].name).inserted {
        result[index].name = "\(base) (\(count))"
        count += 1
      }
    }
    return result
  }

  /// How much a name speaks for a column of numbers being the time: 0 is the strongest, nil means not at all.
  static func timeRank(_ name: String) -> Int? {
    let plain = String(split(name).name.lowercased().filter { $0.isLetter || $0.isNumber })
    let strong: Set<String> = [
      "time", "date", "datetime", "timestamp", "ts", "epoch", "unixtime", "unix", "utc", "utctime",
      "localtime",
      "dateandtime", "datum", "zeit", "zeitstempel", "uhrzeit", "datumuhrzeit", "heure", "horodatage",
      "fecha", "hora",
      "fechahora", "tijd", "tijdstip", "dataora", "czas",
    ]
    if strong.contains(plain) { return 0 }
    let units: Set<String> = [
      "s", "sec", "secs", "second", "seconds", "ms", "msec", "us", "ns", "min", "mins", "minute", "minutes",
      "h", "hr",
      "hrs", "hour", "hours", "d", "day", "days", "stamp", "utc", "local", "index",
    ]
    for start in ["time", "timestamp", "elapsed", "elapsedtime", "runtime", "datetime", "epoch", "zeit", "t"]
    where plain.hasPrefix(start) && units.contains(String(plain.dropFirst(start.count))) {
      // `t_s` and the like, but not `ts1` or `th`.
      if start == "t" && !name.contains("_") { continue }
      return 1
    }
    if [
      "elapsed", "elapsedtime", "seconds", "second", "secs", "sec", "milliseconds", "minutes", "hours",
      "days",
    ]
    .contains(plain) {
      return 1
    }
    if ["cycle", "cycles", "cyclenumber", "timecycles", "timeincycles", "timecycle", "timestep"].contains(
      plain)
    {
      return 2
    }
    if ["index", "idx", "sample", "sampleindex", "sampleno", "samplenumber", "step", "row", "rownumber"]
      .contains(plain)
    {
      return 3
    }
    return nil
  }
}

extension String {
  /// Without white space at both ends.
  func trimming() -> String {
    var view = self[...]
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }
}
