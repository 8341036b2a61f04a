import Faults
import Files

/// What the answers rest on, and where they end.
struct RunBasis {
  let page: RunPage

  var section: String {
    """
    <section class="remarks" aria-labelledby="basis">
    <h2 id="basis">What this rests on, and its limits</h2>
    <ul>
    \(sentences.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))
    </ul>
    </section>
    """
  }

  private var sentences: [String] {
    let run = page.facts
    var found = [
      "\(page.source.name) answers"
        + (page.source.sha256.map { " (SHA-256 of the weights \($0.prefix(16)))" } ?? "")
        + ", every \(ResultsText.count(run.stride, "row")) from the last \(ResultsText.count(run.rows, "row"))."
    ]
    found += page.source.remarks
    found.append(page.rule.words)
    found += [
      "The start of an event is the window with which that holds, so that a fault is older than its event; the first "
        + "sign is where its run-up begins.",
      "The share of a sensor is what the answer loses when that sensor is put to its training mean: what speaks for the "
        + "answer, which need not be what broke.",
      "Events are alike where the same sensors show them in the same proportions; training windows are near where the "
        + "bundle's space has them near, among some that it keeps.",
    ]
    if page.events.contains(where: { $0.lead != nil }) {
      found.append(
        "What is left of a life is the bundle's estimate, in the units of its training; no interval is known."
      )
    }
    if page.timeline.windowsAPoint > 1 {
      found.append(
        "Each point of the drawings stands for \(page.timeline.windowsAPoint) windows, the gravest of which is shown."
      )
    }
    if page.facts.needCheck > 0 {
      found.append(
        "\(ResultsText.count(page.facts.needCheck, "window")) should not be trusted without a person's look; the lines "
          + "of the predictions say why.")
    }
    return found + run.notes
  }
}
