import Alignment
import Files
import Training

/// What is gained by leaving doubtful answers to people: the share of wrong answers against the share that is given.
struct SelectiveDiagram {
  private let risk: SelectiveRisk?

  init(_ figures: Evaluation.TaskFigures) {
    risk = figures.selective.flatMap { risk in
      let sound =
        risk.coverages.count == risk.risks.count && risk.coverages.count > 1
        && zip(risk.coverages, risk.risks).allSatisfy { (0...1).contains($0) && (0...1).contains($1) }
      return sound ? risk : nil
    }
  }

  /// Empty without answers.
  var figure: String {
    guard let risk, let all = risk.risks.last else { return "" }
    let most = max(risk.risks.max() ?? 0, 0.01) * 1.1
    let frame = ChartFrame(left: 52, top: 14, width: 400, height: 326, xs: 0...1, ys: 0...most)
    let ticks = SVGText.ticks(from: 0, to: most, count: 4)
    let points = Array(zip(risk.coverages, risk.risks))
    var body = frame.rows(ticks) { ResultsText.percent($0, 1) }
    body += frame.columns([0, 0.25, 0.5, 0.75, 1], "share of answers given, the surest first") {
      ResultsText.percent($0, 0)
    }
    body.append(frame.line([(0, all), (1, all)], "class=\"ideal\""))
    body.append(frame.line(points, "class=\"curve k0 d0\""))
    body += points.map { coverage, wrong in
      "<circle cx=\"\(SVGText.number(frame.x(coverage)))\" cy=\"\(SVGText.number(frame.y(wrong)))\" r=\"3\" class=\"k0\">"
        + "<title>\(ResultsText.percent(coverage, 0)) given, \(ResultsText.percent(wrong)) of them wrong</title></circle>"
    }
    let words =
      risk.risk(at: 0.8).map {
        "Of all answers \(ResultsText.percent(all)) are wrong, of the surest 80 % \(ResultsText.percent($0)). "
      } ?? ""
    return ResultsText.figure(
      "What if doubtful answers are left to people?",
      ResultsText.svg(480, 376, "Share of wrong answers by share of answers given", body),
      words + "Area under the curve (AURC) \(ResultsText.decimal(risk.area, 4)). "
        + "A curve that stays on the dashed line tells doubt from certainty no better than chance.")
  }
}
