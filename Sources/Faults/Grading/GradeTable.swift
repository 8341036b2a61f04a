extension RecordingGrade {
  /// The grades as text: a line a sensor, with the reasons below it.
  public var table: String {
    var lines = ["\(path): \(rows) rows" + (refusedRows > 0 ? ", \(refusedRows) more could not be read" : "")]
    if let time {
      var line = "time \(time.column): \(time.grade.rawValue)"
      if let interval = time.interval { line += ", a row every \(short(interval))" }
      lines.append(line)
      lines += time.findings.map { "      \($0.reason)" }
    }
    if !textColumns.isEmpty { lines.append("text, not graded: " + textColumns.joined(separator: ", ")) }
    let header = ["grade", "sensor", "unit", "missing", "median", "usable range", "noise"]
    let cells = sensors.map { sensor in
      let figures = sensor.figures
      return [
        "\(sensor.grade.rawValue) \(sensor.verdict)", sensor.sensor, sensor.unit ?? "",
        figures.rows == 0 ? "" : percent(Double(figures.missing) / Double(figures.rows)),
        figures.median.map(short) ?? "",
        figures.lowest.flatMap { low in figures.highest.map { "\(short(low)) … \(short($0))" } } ?? "",
        figures.noise.map(short) ?? "",
      ]
    }
    let widths = header.indices.map { column in ([header] + cells).map { $0[column].count }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      var text = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
        separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    lines += ["", line(header)]
    for (sensor, row) in zip(sensors, cells) {
      lines.append(line(row))
      lines += sensor.findings.map { "      \($0.reason)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
