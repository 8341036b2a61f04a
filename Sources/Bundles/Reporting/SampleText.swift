import Alignment
import Layers
import Reports

/// The text that a report on one scan would hold, in the form of the texts that the bundle learned from.
struct SampleText: Sendable {
  var bundle: ModelBundle

  func text(_ sample: Sample, _ encoded: Encoded, _ prediction: Prediction) -> String {
    let task = bundle.description.tasks[sample.task]
    let pool = Pooling(
      task: sample.task, members: [(part: 0, weight: 1)], logits: [prediction.logits], bundle: bundle)
    let table = task.labels.indices.compactMap { place in
      Consistency.namesUnusable(task.labels[place])
        ? nil
        : Consistency.Finding(
          name: task.labels[place], probability: Double(pool.probabilities[place]), state: pool.states[place])
    }
    let language: ReportLanguage = sample.texts.contains { ReportLanguage.zh.speaks($0) } ? .zh : .en
    let consistency = Consistency(table, language: language)
    let draft = DraftWriter(bundle: bundle).write(encoded, pool, holding: consistency)
    let result = consistency.reconcile(draft.map { [$0.text] } ?? [])
    // References have an impression where those of the training do, and then so has the draft.
    guard let draft, let heading = Consistency.impressionHeading(draft.text) else { return result.findings }
    return language.joined([result.findings, heading, result.impression])
  }
}
