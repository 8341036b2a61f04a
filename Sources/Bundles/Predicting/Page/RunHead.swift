import Faults
import Files

/// What happened, in a few sentences, and the facts of the run.
struct RunHead {
  let page: RunPage

  /// Events that the summary tells.
  private static let told = 3

  var html: String {
    """
    <header>
    <h1>\(Markup.escaped(page.timeline.title))</h1>
    <div class="impression">
    \(sentences.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
    </div>
    <dl class="facts">\(facts.map { "<div><dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd></div>" }.joined())</dl>
    </header>
    """
  }

  private var sentences: [String] {
    let events = page.events, all = events.count + page.droppedEvents
    let open = events.filter(\.isOpen)
    guard all > 0 else {
      let alarms = page.facts.alarms
      return [
        "No event: "
          + (alarms == 0
            ? "no window alarms."
            : "\(ResultsText.count(alarms, "window")) of \(page.facts.windows) \(alarms == 1 ? "alarms" : "alarm"), but "
              + "never \(page.rule.needed) of \(page.rule.of) with the same fault.")
      ]
    }
    var found = [
      "\(ResultsText.count(all, "event")); "
        + (open.isEmpty
          ? "none goes on at the end of the recording."
          : "at the end of the recording \(open.map(\.fault).joined(separator: ", ")) \(open.count == 1 ? "goes" : "go") on.")
    ]
    // What goes on, then the latest.
    let order = events.sorted { ($0.isOpen ? 1 : 0, $0.number) > ($1.isOpen ? 1 : 0, $1.number) }
    found += order.prefix(RunHead.told).map(\.headline)
    if all > RunHead.told { found.append("The table tells of all of them.") }
    return found
  }

  private var facts: [(String, String)] {
    let run = page.facts, points = page.timeline.allPoints
    var facts = [
      ("Rows", "\(run.lastRow)"), ("Windows", "\(run.windows)"),
      ("Windows that alarm", "\(run.alarms)"),
    ]
    if run.needCheck > 0 { facts.append(("Windows for a person", "\(run.needCheck)")) }
    if run.refusedRows > 0 { facts.append(("Rows refused", "\(run.refusedRows)")) }
    if let first = points.first?.time, let last = points.last?.time {
      facts += [("First window", EventMoment.readable(first)), ("Last window", EventMoment.readable(last))]
    }
    facts.append(("Bundle", page.source.name))
    return facts
  }
}
