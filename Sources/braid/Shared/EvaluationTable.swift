import Alignment
import Foundation

/// Evaluations as a table for people.
enum EvaluationTable {
  static func lines(_ evaluation: Evaluation) -> [String] {
    func part(_ name: String, _ value: Double?) -> String? {
      value.map { "\(name) \(String(format: "%.4f", $0))" }
    }
    var lines = evaluation.tasks.map { task in
      let measured = task.measured.map { figure in
        "\(figure.title) \(String(format: "%.4f", figure.value))"
          + (figure.interval.map { String(format: " [%.4f, %.4f]", $0.lowerBound, $0.upperBound) } ?? "")
      }
      let others = [
        part("NASA score", task.nasaScore), task.coverage?.words,
        part("zero-shot accuracy", task.zeroShot?.accuracy),
        part("zero-shot macro F1", task.accuracy == nil ? task.zeroShot?.macroF1 : nil),
        part("zero-shot AUROC", task.zeroShot?.auroc),
        task.selective.flatMap { risk in
          guard let some = risk.risk(at: 0.8), let all = risk.risk(at: 1) else { return nil }
          return String(format: "wrong %.4f of all answers, %.4f of the surest 80 %%", all, some)
        },
      ].compactMap { $0 }
      let figures = measured + others
      return "\(evaluation.split)  \(task.task) (\(task.n)): " + figures.joined(separator: ", ")
    }
    for task in evaluation.tasks {
      if let events = task.events {
        lines.append("\(evaluation.split)  \(task.task), events: \(events.sentence)")
      }
    }
    if let found = evaluation.retrieval {
      lines.append(
        "\(evaluation.split)  search (\(found.inputs) inputs, \(found.texts) texts): "
          + String(
            format:
              "text to input R@1 %.3f, R@5 %.3f, R@10 %.3f; input to text R@1 %.3f, R@5 %.3f, R@10 %.3f",
            found.textToInput.r1, found.textToInput.r5, found.textToInput.r10, found.inputToText.r1,
            found.inputToText.r5, found.inputToText.r10))
    }
    if let report = evaluation.report {
      lines += report.lines.map { "\(evaluation.split)  \($0)" }
    }
    if let evidence = evaluation.evidence {
      lines.append(
        "\(evaluation.split)  evidence (\(evidence.scans) scans): covering the region lowers the answer more than any other"
          + " place in \(evidence.passed) of \(evidence.n) present findings"
          + "; \(evidence.withoutRegion) without a region, \(evidence.untestable) too large to test")
    }
    if let resampling = evaluation.resampling { lines.append("\(evaluation.split)  \(resampling.words)") }
    return lines
  }
}
