import Faults
import Files

/// The table of events: each with its sentences, its sensors and the earlier ones that are most like it.
struct RunEvents {
  let events: [FaultEvent]
  let dropped: Int

  var section: String {
    guard !events.isEmpty else {
      return ResultsText.section("Events", "events", "<p class=\"quiet\">There is none in this run.</p>")
    }
    let note =
      dropped > 0 ? "<p class=\"quiet\">\(ResultsText.count(dropped, "earlier event")) left out.</p>" : ""
    return ResultsText.section(
      "Events", "events",
      """
      <div class="wide">
      <table class="events-table">
      <thead><tr><th scope="col">Event</th><th scope="col">What happened</th><th scope="col">Sensors</th>\
      <th scope="col">Most like it</th></tr></thead>
      <tbody>
      \(events.sorted { $0.number < $1.number }.map(row).joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      \(note)
      """)
  }

  private func row(_ event: FaultEvent) -> String {
    let state = event.isOpen ? "goes on" : "over"
    return """
      <tr id="event-\(event.number)"><th scope="row">\(event.number) <small>\(state)</small></th>
      <td><b>\(Markup.escaped(event.fault))</b>\(description(event))<p>\(Markup.escaped(event.sentence))</p>\
      <p class="quiet">\(event.windows) windows alarm with it; surest at row \(event.peakRow).</p></td>
      <td data-label="Sensors">\(sensors(event))</td>
      <td data-label="Most like it">\(alike(event))</td></tr>
      """
  }

  private func description(_ event: FaultEvent) -> String {
    event.description.map { "<p class=\"quiet\">\(Markup.escaped($0))</p>" } ?? ""
  }

  private func sensors(_ event: FaultEvent) -> String {
    let shown = event.sensors.filter { $0.share >= 0.005 }.prefix(6)
    guard !shown.isEmpty else { return "<span class=\"quiet\">none alone makes a difference</span>" }
    let items = shown.map { part in
      let width = SVGText.number(100 * min(1, max(0, part.share)))
      return
        "<li><span class=\"bar\" aria-hidden=\"true\"><span style=\"width: \(width)%\"></span></span>"
        + "<span class=\"number\">\(ResultsText.percent(part.share, 0))</span><span>\(Markup.escaped(part.sensor))</span></li>"
    }
    return "<ul class=\"plain shares\">\(items.joined())</ul>"
  }

  private func alike(_ event: FaultEvent) -> String {
    let past = event.nearestEvents.map { match in
      let when = match.event.start.time.map(EventMoment.readable) ?? "row \(match.event.start.row)"
      return
        "<li>event \(match.event.number) in \(Markup.escaped(match.event.source)): \(Markup.escaped(match.event.fault)), "
        + "\(Markup.escaped(when)), \(ResultsText.percent(match.likeness, 0)) alike</li>"
    }
    let training = event.nearestTraining.map { near in
      "<li>training window <code>\(Markup.escaped(near.id))</code>, distance \(ResultsText.decimal(near.distance, 2))</li>"
    }
    let items = past + training
    return items.isEmpty ? "<span class=\"quiet\">none</span>" : "<ul class=\"plain\">\(items.joined())</ul>"
  }
}
