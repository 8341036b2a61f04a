import Faults
import Files

/// Where the points and events of a run lie in a strip: a drawing that is stretched to the width of the screen, with
/// words beside it that are not.
struct RunFrame {
  let points: [FaultTimeline.Point]
  let events: [FaultEvent]
  let first: Double, last: Double

  /// Of a strip's drawing, before it is stretched.
  static let width = 1000.0

  init(points: [FaultTimeline.Point], events: [FaultEvent]) {
    (self.points, self.events) = (points, events)
    (first, last) = (Double(points.first?.row ?? 0), Double(points.last?.row ?? 0))
  }

  func x(_ row: Int) -> Double {
    last > first
      ? RunFrame.width * min(1, max(0, (Double(row) - first) / (last - first))) : RunFrame.width / 2
  }

  /// Where the column of a point begins and ends: halfway to its neighbours.
  func extent(_ place: Int) -> (Double, Double) {
    guard points.count > 1 else { return (0, RunFrame.width) }
    let own = x(points[place].row)
    return (
      place > 0 ? (x(points[place - 1].row) + own) / 2 : own,
      place + 1 < points.count ? (x(points[place + 1].row) + own) / 2 : own
    )
  }

  /// Start and width of each stretch of points for which something holds.
  func runs(_ holds: (FaultTimeline.Point) -> Bool) -> [(Double, Double)] {
    var found: [(Double, Double)] = [], start: Double?
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

  /// Events behind what is drawn, the run-up to each lighter than itself.
  func shading(_ height: Double) -> [String] {
    events.flatMap { event in
      let sign = x(event.firstSign.row), start = x(event.start.row), end = x(event.end.row)
      return [
        SVGText.rectangle(sign, 0, max(0, start - sign), height, "class=\"run-up\""),
        SVGText.rectangle(start, 0, max(3, end - start), height, "class=\"event\""),
      ]
    }
  }

  /// A strip: words above, a drawing that is stretched below.
  /// - Parameters:
  ///   - words: what the drawing shows, for those who cannot see it.
  ///   - style: of the drawing, which sets its height.
  func strip(
    _ name: String, _ note: String, _ words: String, _ style: String, _ height: Double, _ body: [String]
  )
    -> String
  {
    """
    <div class="strip">
    <p class="strip-name"><b>\(Markup.escaped(name))</b> <span>\(Markup.escaped(note))</span></p>
    \(drawing(words, style, height, body))
    </div>
    """
  }

  func drawing(_ words: String, _ style: String, _ height: Double, _ body: [String]) -> String {
    """
    <svg class="\(style)" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVGText.number(RunFrame.width)) \(SVGText.number(height))" \
    preserveAspectRatio="none" role="img" aria-label="\(Markup.escaped(words))">
    \(body.joined(separator: "\n"))
    </svg>
    """
  }

  /// Numbers of the events above the strips, each leading to its row of the table; those without room are left out.
  var numbers: String {
    var free = -Double.infinity
    let links = events.sorted { $0.start.row < $1.start.row }.compactMap { event -> String? in
      let share = (x(event.start.row) + x(event.end.row)) / 2 / RunFrame.width * 100
      guard share >= free else { return nil }
      free = share + RunFrame.room
      return "<a href=\"#event-\(event.number)\" style=\"left: \(SVGText.number(share))%\" "
        + "title=\"\(Markup.escaped(event.headline))\">\(event.number)</a>"
    }
    return links.isEmpty ? "" : "<nav class=\"event-numbers\" aria-label=\"Events\">\(links.joined())</nav>"
  }

  /// Percent of the width that a number takes on a narrow screen.
  private static let room = 7.0

  /// Rows and times below the strips.
  var axis: String {
    let ticks = last > first ? SVGText.ticks(from: first, to: last, count: 5) : [first]
    let marks = ticks.map { tick in
      let share = x(Int(tick)) / RunFrame.width * 100
      return "<span style=\"left: \(SVGText.number(share))%\">\(Int(tick))</span>"
    }
    let times = [points.first?.time, points.last?.time].compactMap { $0 }
    return """
      <div class="axis-rows" aria-hidden="true">\(marks.joined())</div>
      <p class="axis-times quiet"><span>\(Markup.escaped(times.first.map(EventMoment.readable) ?? ""))</span><span>row</span>\
      <span>\(Markup.escaped(times.count > 1 ? EventMoment.readable(times[1]) : ""))</span></p>
      """
  }
}
