import Files
import Foundation

/// Draws a timeline as one SVG file that needs nothing else.
///
/// From top to bottom over the same rows: probabilities of the faults as stacked bands, alarms, the sensors that
/// speak for the answer, and the remaining life if the bundle tells it.
struct FaultTimelineDrawing {
  let timeline: FaultTimeline
  private let points: [FaultTimeline.Point]
  private var out: [String] = []
  private var y = 0.0
  private let firstRow: Double, lastRow: Double

  private static let width = 1200.0, left = 150.0, plotWidth = 730.0
  private static let legend = left + plotWidth + 28
  private static let rest = "#c9ced6", quiet = "#d5ecd9", ink = "#1f2933", dim = "#5f6b7a"
  /// Colours that people with colour blindness tell apart (after Okabe and Ito 2008), strong to weak.
  private static let palette = [
    "#d55e00", "#0072b2", "#cc79a7", "#e69f00", "#56b4e9", "#7b5ea7", "#8c6d46", "#b0413e",
  ]
  private static let sensorRows = 6

  init(_ timeline: FaultTimeline) {
    self.timeline = timeline
    points = timeline.allPoints
    firstRow = Double(points.first?.row ?? 0)
    lastRow = Double(points.last?.row ?? 1)
  }

  /// The file.
  func svg() -> String {
    var copy = self
    return copy.draw()
  }

  private mutating func draw() -> String {
    heading()
    if !timeline.labels.isEmpty {
      probabilities()
      alarms()
    }
    contributions()
    remaining()
    axis()
    let height = y + 16
    let body = out.joined(separator: "\n")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVGText.number(Self.width)) \(SVGText.number(height))" \
      width="\(SVGText.number(Self.width))" height="\(SVGText.number(height))" role="img" \
      font-family="system-ui, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif" font-size="13" \
      fill="\(Self.ink)">
      <title>\(Markup.escaped(timeline.title))</title>
      \(SVGText.rectangle(0, 0, Self.width, height, "fill=\"#ffffff\""))
      \(body)
      </svg>

      """
  }

  // MARK: Parts

  private mutating func heading() {
    out.append(
      SVGText.text(24, 34, SVGText.short(timeline.title, 90), "font-size=\"19\" font-weight=\"600\""))
    let rows =
      points.isEmpty ? "no window" : "\(timeline.windows) windows up to row \(points[points.count - 1].row)"
    let first = points.first { $0.alarm }
    let alarm = first.map { point in
      "first alarm at row \(point.row)" + (point.time.map { " (\($0))" } ?? "") + ": \(point.fault ?? "")"
    }
    out.append(
      SVGText.text(24, 57, "\(rows); \(alarm ?? "no alarm")", "fill=\"\(Self.dim)\" font-size=\"14\""))
    y = 82
  }

  /// Labels worth a colour of their own, the most probable first, and the colour of each label.
  private var shown: (order: [Int], colors: [Int: String]) {
    let faults = timeline.labels.indices.filter { !timeline.normal[$0] }
    let weight = Dictionary(
      uniqueKeysWithValues: faults.map { label in
        (label, points.reduce(Float(0)) { $0 + probability($1, label) } + 4 * peak(label))
      })
    let order = faults.filter { peak($0) >= 0.1 }.sorted { (weight[$0] ?? 0, $1) > (weight[$1] ?? 0, $0) }
      .prefix(Self.palette.count)
    return (Array(order), Dictionary(uniqueKeysWithValues: zip(order, Self.palette)))
  }

  private func probability(_ point: FaultTimeline.Point, _ label: Int) -> Float {
    label < point.probabilities.count ? point.probabilities[label] : 0
  }

  private func peak(_ label: Int) -> Float { points.map { probability($0, label) }.max() ?? 0 }

  private mutating func probabilities() {
    let height = 210.0, top = y + 22
    section("Probability of each fault")
    let (order, colors) = shown
    frame(top, height)
    for share in [0.0, 0.5, 1] {
      out.append(
        SVGText.text(
          Self.left - 8, top + height * (1 - share) + 4, "\(Int(share * 100)) %",
          "text-anchor=\"end\" fill=\"\(Self.dim)\" font-size=\"12\""))
    }
    // Shares of several labels that do not exclude each other can add up to more than the plot has.
    let sums = points.map { $0.probabilities.reduce(0, +) }
    let scale = max(1, sums.max() ?? 1)
    var base = [Double](repeating: 0, count: points.count)
    func band(_ labels: [Int], _ color: String, _ name: String) {
      guard !labels.isEmpty else { return }
      let over = points.indices.map { place in
        base[place] + Double(labels.reduce(Float(0)) { $0 + probability(points[place], $1) } / scale)
      }
      let upper = steps(over.map { top + height * (1 - min(1, $0)) })
      let lower = steps(base.map { top + height * (1 - min(1, $0)) }).reversed()
      let all = (upper + lower).map { "\(SVGText.number($0.0)),\(SVGText.number($0.1))" }
      out.append(
        "<polygon points=\"\(all.joined(separator: " "))\" fill=\"\(color)\"><title>\(Markup.escaped(name))</title></polygon>"
      )
      base = over
    }
    for label in order { band([label], colors[label] ?? Self.rest, timeline.labels[label]) }
    let others = timeline.labels.indices.filter { !timeline.normal[$0] && !order.contains($0) }
    band(others, Self.rest, "other faults")
    band(timeline.labels.indices.filter { timeline.normal[$0] }, Self.quiet, "normal")
    for share in [0.25, 0.5, 0.75] {
      let at = top + height * (1 - share)
      out.append(
        SVGText.line(
          Self.left, at, Self.left + Self.plotWidth, at, "stroke=\"#ffffff\" stroke-opacity=\"0.6\""))
    }
    key(order, colors, hasOthers: !others.isEmpty, top: top)
    y = top + height + 12
  }

  private mutating func key(_ order: [Int], _ colors: [Int: String], hasOthers: Bool, top: Double) {
    var at = top + 2
    func entry(_ color: String, _ name: String, _ detail: String?) {
      out.append(SVGText.rectangle(Self.legend, at, 13, 13, "fill=\"\(color)\" rx=\"2\""))
      out.append(SVGText.text(Self.legend + 20, at + 11, SVGText.short(name, 34), "font-weight=\"600\""))
      at += 17
      if let detail, detail != name {
        for line in SVGText.wrapped(detail, 38, lines: 3) {
          out.append(
            SVGText.text(Self.legend + 20, at + 9, line, "fill=\"\(Self.dim)\" font-size=\"11.5\""))
          at += 14
        }
      }
      at += 4
    }
    let details = order.count <= 3
    for label in order {
      entry(colors[label] ?? Self.rest, timeline.labels[label], details ? timeline.descriptions[label] : nil)
    }
    if hasOthers { entry(Self.rest, "other faults", nil) }
    if let normal = timeline.normal.firstIndex(of: true) { entry(Self.quiet, timeline.labels[normal], nil) }
  }

  private mutating func alarms() {
    let top = y
    out.append(SVGText.text(Self.left - 8, top + 13, "Alarm", "text-anchor=\"end\" font-weight=\"600\""))
    out.append(SVGText.rectangle(Self.left, top, Self.plotWidth, 18, "fill=\"#f1f3f5\""))
    runs { $0.alarm }.forEach { out.append(SVGText.rectangle($0.0, top, $0.1, 18, "fill=\"#b00020\"")) }
    runs { $0.needsCheck }.forEach { out.append(SVGText.rectangle($0.0, top, $0.1, 18, "fill=\"#f2b705\"")) }
    out.append(SVGText.rectangle(Self.legend, top + 2, 13, 13, "fill=\"#b00020\" rx=\"2\""))
    out.append(SVGText.text(Self.legend + 20, top + 13, "alarm"))
    if points.contains(where: \.needsCheck) {
      out.append(SVGText.rectangle(Self.legend + 80, top + 2, 13, 13, "fill=\"#f2b705\" rx=\"2\""))
      out.append(SVGText.text(Self.legend + 100, top + 13, "a person should look"))
    }
    y = top + 36
  }

  /// The sensors with the largest shares where something is wrong, or anywhere if nothing is.
  private mutating func contributions() {
    guard points.contains(where: { !$0.shares.isEmpty }) else { return }
    let grave = points.filter(\.alarm)
    let counted = grave.isEmpty ? points : grave
    let means = timeline.sensors.indices.map { sensor in
      counted.reduce(Float(0)) { $0 + share($1, sensor) } / Float(max(1, counted.count))
    }
    let order = means.indices.filter { means[$0] > 0 }.sorted { means[$0] > means[$1] }.prefix(
      Self.sensorRows)
    guard !order.isEmpty else { return }
    section(grave.isEmpty ? "Sensors that speak for the answer" : "Sensors that speak for the alarms")
    let top = y + 22, height = 20.0
    for (line, sensor) in order.enumerated() {
      let at = top + Double(line) * (height + 3)
      out.append(
        SVGText.text(
          Self.left - 8, at + 14, SVGText.short(timeline.sensors[sensor], 18), "text-anchor=\"end\""))
      out.append(SVGText.rectangle(Self.left, at, Self.plotWidth, height, "fill=\"#f1f3f5\""))
      // One step of colour for each tenth keeps the file small.
      for step in 1...10 {
        for run in runs({ Int((share($0, sensor) * 10).rounded()) == step }) {
          out.append(
            SVGText.rectangle(
              run.0, at, run.1, height, "fill=\"#0b4f8a\" fill-opacity=\"\(Double(step) / 10)\""))
        }
      }
      out.append(
        SVGText.text(
          Self.legend, at + 14, "\(Int((means[sensor] * 100).rounded())) %", "fill=\"\(Self.dim)\""))
    }
    out.append(
      SVGText.text(
        Self.legend + 48, top + 14, grave.isEmpty ? "mean share" : "mean share in alarms",
        "fill=\"\(Self.dim)\" font-size=\"12\""))
    y = top + Double(order.count) * (height + 3) + 14
  }

  private func share(_ point: FaultTimeline.Point, _ sensor: Int) -> Float {
    sensor < point.shares.count ? point.shares[sensor] : 0
  }

  private mutating func remaining() {
    let known = points.compactMap(\.remaining)
    guard let greatest = known.max() else { return }
    section("Remaining life")
    let top = y + 22, height = 110.0
    let high = max(greatest, 1e-9)
    frame(top, height)
    for tick in SVGText.ticks(from: 0, to: high, count: 3) {
      let at = top + height * (1 - tick / high)
      out.append(SVGText.line(Self.left, at, Self.left + Self.plotWidth, at, "stroke=\"#e3e7ec\""))
      out.append(
        SVGText.text(
          Self.left - 8, at + 4, SVGText.number(tick),
          "text-anchor=\"end\" fill=\"\(Self.dim)\" font-size=\"12\""))
    }
    let course = points.compactMap { point in
      point.remaining.map { (x(Double(point.row)), top + height * (1 - max(0, $0) / high)) }
    }
    let path = course.map { "\(SVGText.number($0.0)),\(SVGText.number($0.1))" }.joined(separator: " ")
    out.append(
      "<polyline points=\"\(path)\" fill=\"none\" stroke=\"#0b4f8a\" stroke-width=\"2\" stroke-linejoin=\"round\"/>"
    )
    if let last = points.last?.remaining {
      out.append(SVGText.text(Self.legend, top + 14, "at the end: \(SVGText.number(last))"))
      out.append(
        SVGText.text(
          Self.legend, top + 32, "in the units of the training targets",
          "fill=\"\(Self.dim)\" font-size=\"12\""))
    }
    y = top + height + 12
  }

  private mutating func axis() {
    out.append(
      SVGText.line(Self.left, y, Self.left + Self.plotWidth, y, "stroke=\"\(Self.dim)\""))
    for tick in SVGText.ticks(from: firstRow, to: lastRow, count: 6) {
      let at = x(tick)
      out.append(SVGText.line(at, y, at, y + 5, "stroke=\"\(Self.dim)\""))
      out.append(
        SVGText.text(
          at, y + 20, "\(Int(tick))", "text-anchor=\"middle\" fill=\"\(Self.dim)\" font-size=\"12\""))
    }
    out.append(
      SVGText.text(Self.left - 8, y + 20, "row", "text-anchor=\"end\" fill=\"\(Self.dim)\" font-size=\"12\""))
    y += 28
    if let first = points.first?.time, let last = points.last?.time {
      out.append(
        SVGText.text(Self.left, y + 12, SVGText.short(first, 40), "fill=\"\(Self.dim)\" font-size=\"12\""))
      out.append(
        SVGText.text(
          Self.left + Self.plotWidth, y + 12, SVGText.short(last, 40),
          "text-anchor=\"end\" fill=\"\(Self.dim)\" font-size=\"12\""))
      out.append(
        SVGText.text(
          Self.left - 8, y + 12, "time", "text-anchor=\"end\" fill=\"\(Self.dim)\" font-size=\"12\""))
      y += 18
    }
  }

  // MARK: Helpers

  private mutating func section(_ name: String) {
    out.append(SVGText.text(Self.left, y + 12, name, "font-weight=\"600\" font-size=\"14\""))
  }

  private mutating func frame(_ top: Double, _ height: Double) {
    out.append(
      SVGText.rectangle(Self.left, top, Self.plotWidth, height, "fill=\"#fafbfc\" stroke=\"#d9dee4\""))
  }

  private func x(_ row: Double) -> Double {
    lastRow > firstRow ? Self.left + Self.plotWidth * (row - firstRow) / (lastRow - firstRow) : Self.left
  }

  /// Where a point's column begins and ends: halfway to its neighbours.
  private func extent(_ place: Int) -> (Double, Double) {
    let own = Double(points[place].row)
    let before = place > 0 ? (Double(points[place - 1].row) + own) / 2 : own
    let after = place + 1 < points.count ? (Double(points[place + 1].row) + own) / 2 : own
    return points.count == 1 ? (Self.left, Self.left + Self.plotWidth) : (x(before), x(after))
  }

  private func steps(_ heights: [Double]) -> [(Double, Double)] {
    heights.indices.flatMap { place in
      let (from, to) = extent(place)
      return [(from, heights[place]), (to, heights[place])]
    }
  }

  /// Start and width of each stretch of points for which something holds.
  private func runs(_ holds: (FaultTimeline.Point) -> Bool) -> [(Double, Double)] {
    var found: [(Double, Double)] = []
    var start: Double?
    for place in points.indices {
      let (from, to) = extent(place)
      if holds(points[place]) {
        if start == nil { start = from }
        if place == points.count - 1, let begun = start { found.append((begun, max(1, to - begun))) }
      } else if let begun = start {
        found.append((begun, max(1, from - begun)))
        start = nil
      }
    }
    return found
  }
}

extension FaultTimeline {
  /// The timeline as an SVG file that needs nothing else: probabilities, alarms, sensors, remaining life.
  public func svg() -> String { FaultTimelineDrawing(self).svg() }
}
