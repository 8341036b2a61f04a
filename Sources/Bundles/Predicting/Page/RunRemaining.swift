import Faults
import Files

/// The remaining life over time.
struct RunRemaining {
  let frame: RunFrame

  private static let height = 60.0

  /// Empty where the bundle tells none.
  var html: String {
    let known = frame.points.compactMap { point in point.remaining.map { (point.row, max(0, $0)) } }
    guard let most = known.map(\.1).max(), let last = known.last else { return "" }
    let path = known.map { row, value in
      "\(SVGText.number(frame.x(row))),\(SVGText.number(RunRemaining.height * (1 - value / max(most, 1e-9))))"
    }
    let body =
      frame.shading(RunRemaining.height) + [
        "<polyline points=\"\(path.joined(separator: " "))\" class=\"mean\"/>"
      ]
    let note = "0 to \(ResultsText.short(most)), at the end \(ResultsText.short(last.1))"
    return """
      <figure class="strips">
      <h3>Remaining life</h3>
      \(frame.strip("in the units of the training", note, "Remaining life: \(note).", "lines", RunRemaining.height, body))
      \(frame.axis)
      </figure>
      """
  }
}
