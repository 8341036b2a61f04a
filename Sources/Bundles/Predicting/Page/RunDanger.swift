import Faults
import Files

/// The probability of each fault over time, with the threshold below which a window is quiet and the alarms below.
struct RunDanger {
  let frame: RunFrame
  let timeline: FaultTimeline
  let rule: AlarmRule

  /// Faults with a colour of their own.
  private static let most = 5
  private static let height = 120.0

  /// Empty where the bundle names no faults.
  var html: String {
    guard !timeline.labels.isEmpty else { return "" }
    let (named, rest) = shown
    let height = RunDanger.height
    var body = frame.shading(height)
    let sums = frame.points.map { point in (named + rest).reduce(Float(0)) { $0 + probability(point, $1) } }
    // Shares of labels that do not exclude each other can add up to more than the strip has.
    let scale = Double(max(1, sums.max() ?? 1))
    var base = [Double](repeating: 0, count: frame.points.count)
    for (place, label) in named.enumerated() {
      body.append(band(&base, scale, "class=\"k\(place)\"") { Double(probability($0, label)) })
    }
    if !rest.isEmpty {
      body.append(
        band(&base, scale, "class=\"rest\"") { point in
          rest.reduce(0) { $0 + Double(probability(point, $1)) }
        })
    }
    let line = height * (1 - rule.release / scale)
    body.append(SVGText.line(0, line, RunFrame.width, line, "class=\"release\""))
    let peak = frame.points.max { $0.danger < $1.danger }
    let words =
      peak.map {
        "Probability of a fault, at most \(ResultsText.percent(Double($0.danger), 0)) at row \($0.row)."
      }
      ?? "Probability of a fault."
    return """
      <figure class="strips">
      <h3>Probability of a fault</h3>
      \(legend(named, rest))
      \(frame.numbers)
      \(frame.strip("0 to 100 %", "dashed: quiet below \(ResultsText.percent(rule.release, 0))", words, "lines tall", height, body))
      \(alarms)
      \(frame.axis)
      </figure>
      """
  }

  /// The faults worth a colour, the most probable first, and all others.
  private var shown: (named: [Int], rest: [Int]) {
    let faults = timeline.labels.indices.filter { !timeline.normal[$0] }
    let peaks = Dictionary(
      uniqueKeysWithValues: faults.map { label in
        (label, frame.points.map { probability($0, label) }.max() ?? 0)
      })
    let weights = Dictionary(
      uniqueKeysWithValues: faults.map { label in
        (label, frame.points.reduce(Float(0)) { $0 + probability($1, label) } + 4 * (peaks[label] ?? 0))
      })
    let named = faults.filter { (peaks[$0] ?? 0) >= 0.1 }
      .sorted { (weights[$0] ?? 0, $1) > (weights[$1] ?? 0, $0) }.prefix(RunDanger.most)
    return (Array(named), faults.filter { !named.contains($0) })
  }

  private func probability(_ point: FaultTimeline.Point, _ label: Int) -> Float {
    point.probabilities.indices.contains(label) ? point.probabilities[label] : 0
  }

  private func band(
    _ base: inout [Double], _ scale: Double, _ style: String, _ value: (FaultTimeline.Point) -> Double
  ) -> String {
    let over = frame.points.indices.map { base[$0] + value(frame.points[$0]) / scale }
    func steps(_ values: [Double]) -> [String] {
      values.indices.flatMap { place in
        let (from, to) = frame.extent(place)
        let y = SVGText.number(RunDanger.height * (1 - min(1, max(0, values[place]))))
        return ["\(SVGText.number(from)),\(y)", "\(SVGText.number(to)),\(y)"]
      }
    }
    let path = steps(over) + steps(base).reversed()
    base = over
    return "<polygon points=\"\(path.joined(separator: " "))\" \(style)/>"
  }

  private func legend(_ named: [Int], _ rest: [Int]) -> String {
    var entries = named.enumerated().map { place, label in ("k\(place)", timeline.labels[label]) }
    if !rest.isEmpty { entries.append(("rest", named.isEmpty ? "faults" : "other faults")) }
    entries += [("event", "event"), ("run-up", "run-up since its first sign")]
    let items = entries.map { style, name in
      "<li><svg class=\"mark\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">"
        + "<rect width=\"14\" height=\"14\" rx=\"2\" class=\"\(style)\"/></svg>\(Markup.escaped(name))</li>"
    }
    return "<ul class=\"legend\">\(items.joined())</ul>"
  }

  private var alarms: String {
    let bars =
      frame.runs { $0.alarm }.map { SVGText.rectangle($0.0, 0, $0.1, 10, "class=\"alarm\"") }
      + frame.runs { $0.needsCheck }.map { SVGText.rectangle($0.0, 10, $0.1, 6, "class=\"doubt\"") }
    let doubts = frame.points.contains(where: \.needsCheck)
    return frame.strip(
      "Windows that alarm", doubts ? "below in yellow: a person should look" : "",
      "\(timeline.alarms) of \(timeline.windows) windows alarm.", "lines flat", 16, bars)
  }
}
