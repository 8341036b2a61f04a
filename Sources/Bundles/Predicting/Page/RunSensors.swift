import Faults
import Files

/// A strip for each sensor: what it read, and below it how much it spoke for the answer. Those that matter come first.
struct RunSensors {
  let frame: RunFrame
  let timeline: FaultTimeline
  let units: [String: String]
  /// Where shares count, in words, and the mean share of each sensor there.
  private let place: String, means: [Double]

  /// Sensors that are seen without a click.
  private static let open = 8
  private static let height = 60.0, bar = 12.0
  /// Columns of a strip: more than a screen shows side by side would only make the page large.
  private static let columns = 600, fewColumns = 200

  init(frame: RunFrame, timeline: FaultTimeline, units: [String: String]) {
    (self.frame, self.timeline, self.units) = (frame, timeline, units)
    let alarms = frame.points.filter(\.alarm)
    let within = alarms.filter { point in
      frame.events.contains { point.row >= $0.firstSign.row && point.row <= $0.end.row }
    }
    let counted: [FaultTimeline.Point]
    (counted, place) =
      !within.isEmpty
      ? (within, "in events") : alarms.isEmpty ? (frame.points, "everywhere") : (alarms, "in alarms")
    means = timeline.sensors.indices.map { sensor in
      let shares = counted.map { $0.shares.indices.contains(sensor) ? Double($0.shares[sensor]) : 0 }
      return shares.filter(\.isFinite).reduce(0, +) / Double(max(1, counted.count))
    }
  }

  /// Empty where nothing is known of sensors.
  var html: String {
    let order = self.order
    guard !order.isEmpty else { return "" }
    let leading = order.prefix(RunSensors.open), rest = order.dropFirst(RunSensors.open)
    let more =
      rest.isEmpty
      ? ""
      : """
      <details>
      <summary>\(ResultsText.count(rest.count, "more sensor"))</summary>
      \(rest.map { strip($0, RunSensors.fewColumns) }.joined(separator: "\n"))
      </details>
      """
    return """
      <figure class="strips">
      <h3>Sensors, those that matter first</h3>
      <p class="quiet lead">Line and band: mean, least and greatest reading of a window. The bar below a sensor is the darker \
      the more of the answer at that time is its.</p>
      \(leading.map { strip($0, RunSensors.columns) }.joined(separator: "\n"))
      \(frame.axis)
      \(more)
      </figure>
      """
  }

  private var order: [Int] {
    timeline.sensors.indices.sorted { (means[$0], $1) > (means[$1], $0) }
  }

  private func share(_ point: FaultTimeline.Point, _ sensor: Int) -> Float {
    point.shares.indices.contains(sensor) ? point.shares[sensor] : 0
  }

  private func strip(_ sensor: Int, _ columns: Int) -> String {
    let name = timeline.sensors[sensor]
    let levels = self.levels(sensor, columns)
    let low = levels.map(\.level.low).min() ?? 0, high = levels.map(\.level.high).max() ?? 0
    let unit = units[name].map { " " + $0 } ?? ""
    let mean = means[sensor]
    var notes: [String] = []
    if !levels.isEmpty {
      notes.append("\(ResultsText.short(Double(low))) to \(ResultsText.short(Double(high)))\(unit)")
    }
    if mean >= 0.005 { notes.append("share \(place) \(ResultsText.percent(mean, 0))") }
    let note = notes.joined(separator: ", ")
    var parts: [String] = []
    if !levels.isEmpty {
      parts.append(
        frame.strip(name, note, "\(name): \(note).", "lines", RunSensors.height, course(levels, low, high)))
    } else {
      parts.append(
        "<p class=\"strip-name\"><b>\(Markup.escaped(name))</b> <span>\(Markup.escaped(note))</span></p>")
    }
    parts.append(
      frame.drawing("Share of \(name) in the answers over time.", "lines heat", RunSensors.bar, heat(sensor)))
    return parts.joined(separator: "\n")
  }

  /// Levels of a sensor at the middle of each column.
  private func levels(_ sensor: Int, _ columns: Int) -> [(x: Double, level: SensorLevel)] {
    let size = max(1, (frame.points.count + columns - 1) / columns)
    return stride(from: 0, to: frame.points.count, by: size).compactMap { start in
      let part = frame.points[start..<min(frame.points.count, start + size)]
      let known = part.compactMap { point in
        point.levels.indices.contains(sensor) && point.levels[sensor].mean.isFinite
          ? point.levels[sensor] : nil
      }
      guard let low = known.map(\.low).min(), let high = known.map(\.high).max() else { return nil }
      let mean = known.reduce(Float(0)) { $0 + $1.mean } / Float(known.count)
      let middle = part[part.startIndex + part.count / 2]
      return (frame.x(middle.row), SensorLevel(low: low, mean: mean, high: high))
    }
  }

  private func course(_ levels: [(x: Double, level: SensorLevel)], _ low: Float, _ high: Float) -> [String] {
    // A little room above and below, so that flat lines are seen.
    let span = max(high - low, abs(high) * 1e-3 + 1e-9) * 1.1, bottom = (low + high) / 2 - span / 2
    func place(_ x: Double, _ value: Float) -> String {
      let y = RunSensors.height * Double(1 - (value - bottom) / span)
      return "\(SVGText.number(x)),\(SVGText.number(y))"
    }
    let band = levels.map { place($0.x, $0.level.high) } + levels.reversed().map { place($0.x, $0.level.low) }
    return frame.shading(RunSensors.height) + [
      "<polygon points=\"\(band.joined(separator: " "))\" class=\"span\"/>",
      "<polyline points=\"\(levels.map { place($0.x, $0.level.mean) }.joined(separator: " "))\" class=\"mean\"/>",
    ]
  }

  private func heat(_ sensor: Int) -> [String] {
    // One step of colour for each tenth keeps the page small.
    (1...10).flatMap { step in
      frame.runs { (share($0, sensor) * 10).rounded() == Float(step) }.map {
        SVGText.rectangle(
          $0.0, 0, $0.1, RunSensors.bar, "class=\"warm\" fill-opacity=\"\(Double(step) / 10)\"")
      }
    }
  }
}
