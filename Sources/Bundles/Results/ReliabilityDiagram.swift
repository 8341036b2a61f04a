import Alignment
import Files
import Training

/// Whether confidence means what it says: the share of right answers against the confidence in them.
struct ReliabilityDiagram {
  private let calibrated: Evaluation.Reliability?
  private let plain: Evaluation.Reliability?

  init(_ figures: Evaluation.TaskFigures) {
    func sound(_ reliability: Evaluation.Reliability?) -> Evaluation.Reliability? {
      guard var kept = reliability else { return nil }
      kept.bins = kept.bins.filter {
        (0..<ReliabilityBin.bins).contains($0.bin) && $0.count > 0 && (0...1).contains($0.confidence)
          && (0...1).contains($0.accuracy)
      }
      return kept.bins.isEmpty ? nil : kept
    }
    (calibrated, plain) = (sound(figures.reliability), sound(figures.uncalibrated))
  }

  /// Empty without answers.
  var figure: String {
    guard let calibrated else { return "" }
    let frame = ChartFrame(left: 52, top: 14, width: 400, height: 250, xs: 0...1, ys: 0...1)
    let ticks = [0, 0.25, 0.5, 0.75, 1]
    var body = frame.rows(ticks) { ResultsText.percent($0, 0) }
    body.append(frame.line([(0, 0), (1, 1)], "class=\"ideal\""))
    if let plain { body += points(plain, frame, isPlain: true) }
    body += points(calibrated, frame, isPlain: false)
    body += counts(calibrated)
    let bars = ChartFrame(left: 52, top: 284, width: 400, height: 56, xs: 0...1, ys: 0...1)
    body += bars.columns(ticks, "confidence in the answer") { ResultsText.percent($0, 0) }
    body.append(SVGText.text(46, 296, "count", "class=\"dim\" text-anchor=\"end\""))
    var legend =
      "<svg class=\"mark\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><circle cx=\"6\" cy=\"6\" r=\"5\" class=\"k0\" /></svg> "
      + (plain == nil ? "Answers" : "Calibrated") + ece(calibrated)
    if let plain {
      legend +=
        " <svg class=\"mark\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><rect x=\"2\" y=\"2\" width=\"8\" height=\"8\" class=\"hollow\" /></svg> Before calibration"
        + ece(plain)
    }
    return ResultsText.figure(
      "Does confidence mean what it says?",
      ResultsText.svg(480, 376, "Share of right answers by confidence", body),
      legend
        + "<br />On the dashed line, of answers with 80 % confidence 80 % are right; below it they claim too much. "
        + "Bars: how many answers, most \(calibrated.bins.map(\.count).max() ?? 0).")
  }

  private func ece(_ reliability: Evaluation.Reliability) -> String {
    reliability.ece.map { " (ECE \(ResultsText.decimal($0)))" } ?? ""
  }

  private func points(
    _ reliability: Evaluation.Reliability, _ frame: ChartFrame, isPlain: Bool
  ) -> [String] {
    let most = Double(reliability.bins.map(\.count).max() ?? 1)
    let line = frame.line(
      reliability.bins.map { ($0.confidence, $0.accuracy) },
      isPlain ? "class=\"curve before\"" : "class=\"curve k0 d0\"")
    return [line]
      + reliability.bins.map { bin in
        let (x, y) = (frame.x(bin.confidence), frame.y(bin.accuracy))
        let radius = 2.5 + 4.5 * (Double(bin.count) / most).squareRoot()
        let title =
          "<title>\(bin.count) answers, confidence \(ResultsText.percent(bin.confidence)), right \(ResultsText.percent(bin.accuracy))</title>"
        return isPlain
          ? "<rect x=\"\(SVGText.number(x - radius))\" y=\"\(SVGText.number(y - radius))\" width=\"\(SVGText.number(2 * radius))\" height=\"\(SVGText.number(2 * radius))\" class=\"hollow\">\(title)</rect>"
          : "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"\(SVGText.number(radius))\" class=\"k0\">\(title)</circle>"
      }
  }

  private func counts(_ reliability: Evaluation.Reliability) -> [String] {
    let most = Double(reliability.bins.map(\.count).max() ?? 1), width = 400.0 / Double(ReliabilityBin.bins)
    return reliability.bins.map { bin in
      let height = max(1, 56 * Double(bin.count) / most)
      return SVGText.rectangle(
        52 + Double(bin.bin) * width + 1, 340 - height, width - 2, height, "class=\"bars\"")
    }
  }
}
