import Alignment
import Files
import Foundation
import Reports

/// The page that tells how good a bundle is: `results.html`. It needs nothing else, is well-formed XML as well as
/// HTML, follows the reader's light or dark setting, prints on paper and fits a narrow screen.
///
/// What a reader wants first stands first: what the bundle reaches, in a sentence; then the figures with their
/// intervals, how training went, where answers go wrong, whether confidence means what it says, who answers, and
/// where all of it ends.
public struct ResultsPage: Sendable {
  let description: BundleDescription
  let seed: UInt64?

  /// - Parameter bundle: it holds everything, so that the page can be drawn again.
  public init(_ bundle: ModelBundle) {
    description = bundle.description
    seed = try? bundle.recipe().seed
  }

  /// The scores that the page is about: those of the test part, or else of the validation part.
  var main: Evaluation? {
    let all = description.training.evaluations
    return all.last { $0.split == "test" } ?? all.last
  }

  /// The whole page.
  public var html: String {
    let title = "Results of \(description.name)"
    let sections = [
      figures, ReportTable(evaluations: description.training.evaluations).section,
      LearningCurves(description.training).section, tasks,
      VoicesTable(description).section, limits,
    ]
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>\(Markup.escaped(title))</title>
      <style>
      \(HTMLStyle.sheet)
      \(ResultsStyle.sheet)
      </style>
      </head>
      <body>
      <main>
      \(ResultsHead(page: self).html)
      \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
      \(footer)
      </main>
      </body>
      </html>

      """
  }

  private var figures: String {
    let evaluations = description.training.evaluations.reversed()
    guard !evaluations.isEmpty else { return "" }
    let parts = [
      FiguresTable(evaluations: Array(evaluations)).html, AuditTable(record: description.training).html,
    ].filter { !$0.isEmpty }
    return ResultsText.section("Figures", "figures", parts.joined(separator: "\n"))
  }

  /// What answers look like, task by task.
  private var tasks: String {
    guard let main else { return "" }
    return main.tasks.enumerated().map { index, figures in
      let charts = [
        ReliabilityDiagram(figures).figure, SelectiveDiagram(figures).figure,
        MapDrawing(figures, rows: main.split).figure,
      ].filter { !$0.isEmpty }
      let parts = [
        ConfusionTable(figures).html, LabelTable(figures).html,
        charts.isEmpty ? "" : "<div class=\"charts\">\n\(charts.joined(separator: "\n"))\n</div>",
      ].filter { !$0.isEmpty }
      guard !parts.isEmpty else { return "" }
      return ResultsText.section(
        "Answers: \(figures.task), \(figures.n) \(ResultsText.split(main.split)) rows", "task-\(index)",
        parts.joined(separator: "\n"))
    }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var limits: String {
    let sentences = ResultsLimits(page: self).sentences
    return """
      <section class="remarks" aria-labelledby="limits">
      <h2 id="limits">Limits</h2>
      <ul>\(sentences.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))</ul>
      </section>
      """
  }

  private var footer: String {
    let record = description.training
    return """
      <footer>
      <p>Drawn by Braid \(Markup.escaped(record.braid)) from the training record in <code>bundle.json</code>. \
      Manifest SHA-256 <code>\(Markup.escaped(record.manifestSHA256))</code></p>
      </footer>
      """
  }
}
