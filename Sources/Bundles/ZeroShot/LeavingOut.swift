import Alignment
import Foundation
import Training

/// Labels that are kept out of a training, to see how well their texts alone find them afterwards.
struct LeavingOut: Sendable {
  let labels: Set<String>
  /// Rows of the training: without any of the labels, in no split.
  let kept: [ManifestRow]
  /// Test rows to score, those of the labels left out among them.
  let tested: [ManifestRow]

  /// - Parameter asked: labels as the manifest writes them; nil is returned where there are none.
  /// - Throws: `BundleError` for labels that the manifest does not have, that no test row has, or without which
  ///   nothing is left to learn.
  init?(_ asked: [String], _ manifest: Manifest) throws {
    guard !asked.isEmpty else { return nil }
    let labels = Set(asked), known = manifest.labelNames
    func refuse(_ reason: String, _ remedy: String) -> BundleError {
      BundleError(path: "--leave-out", reason: reason, remedy: remedy)
    }
    func list(_ names: [String]) -> String { names.map { "“\($0)”" }.joined(separator: ", ") }
    let strange = labels.filter { !known.contains($0) }.sorted()
    guard strange.isEmpty else {
      throw refuse(
        "\(manifest.path) has no label \(list(strange)).", "Choose among \(known.joined(separator: ", ")).")
    }
    let test = manifest.rows(in: .test)
    let unseen = labels.filter { label in !test.contains { $0.labels.contains(label) } }.sorted()
    guard unseen.isEmpty else {
      throw refuse(
        "No test row has the label \(list(unseen)), so that nothing could be scored.",
        "Put rows of it into the test split, or leave out another label.")
    }
    kept = manifest.rows.filter { $0.labels.allSatisfy { !labels.contains($0) } }
    guard kept.contains(where: { $0.split == .train && !$0.labels.isEmpty }) else {
      throw refuse("Without these labels no labelled train row is left.", "Leave out fewer.")
    }
    self.labels = labels
    tested = test
  }

  /// - Throws: `BundleError` for a training without text.
  func check(_ recipe: Recipe) throws {
    guard recipe.text == nil else { return }
    throw BundleError(
      path: "--leave-out", reason: "The recipe has no text encoder, and the labels are known by texts alone.",
      remedy: "Add text to the recipe, or leave --leave-out out.")
  }

  /// Scores the test rows among all labels of the manifest; one without a text is asked for by its name.
  func score(
    _ bundle: ModelBundle, _ manifest: Manifest, on team: ReplicaTeam,
    progress: @escaping @Sendable (Int, Int, String) -> Void
  ) throws -> LeftOutFigures {
    var entries = manifest.labels.entries
    var asked: Set<[String?]> = []
    for row in kept + tested {
      for label in row.labels where asked.insert([label, row.task]).inserted {
        guard manifest.labels.texts(of: label, task: row.task).isEmpty else { continue }
        entries.append(
          .init(label: label, text: label.replacingOccurrences(of: "_", with: " "), task: row.task))
      }
    }
    // Labels that no row of a task has are no answers there.
    let tasks = Set((kept + tested).map(\.task))
    let own = entries.flatMap { entry in
      tasks.filter { task in
        (entry.task == nil || task == nil || entry.task == task) && asked.contains([entry.label, task])
      }.sorted { ($0 ?? "") < ($1 ?? "") }.map {
        LabelTexts.Entry(label: entry.label, text: entry.text, task: $0)
      }
    }
    let rows = try ZeroShotRows(
      tested, of: manifest, asking: LabelTexts(entries: own), bundle: bundle, on: team, progress: progress)
    return ZeroShotScorer.leftOut(
      labels, rows.samples, tasks: rows.tasks, similarities: rows.similarities)
  }
}

extension LeftOutFigures {
  /// For people, one sentence a task.
  public var lines: [String] {
    func number(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "none" }
    return tasks.map { task in
      var parts = ["AUROC \(number(task.aurocAmongAll)) against all other test rows"]
      if let accuracy = task.accuracyAmongAll {
        parts.append(
          "accuracy \(number(accuracy)) among all \(task.allLabels) labels "
            + "(by chance \(number(1 / Double(task.allLabels))))")
      }
      if let accuracy = task.accuracyAmongLeftOut {
        parts.append(
          "\(number(accuracy)) among the \(task.labels.count) left out "
            + "(by chance \(number(1 / Double(task.labels.count))), AUROC \(number(task.aurocAmongLeftOut)))")
      }
      if let accuracy = task.accuracyOfKnown {
        parts.append("\(number(accuracy)) for the labels that were trained, by their texts too")
      }
      return
        "\(task.task), left out \(task.labels.joined(separator: ", ")) (\(task.n) test rows), zero-shot: "
        + parts.joined(separator: "; ") + "."
    }
  }
}
