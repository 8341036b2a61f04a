import Alignment
import Encoders
import Faults
import Selector

extension FaultPipeline {
  /// What is said of a window in the words of labels that the bundle never saw: fault, share and contributions, and
  /// the remaining life that the bundle tells in any case. It never alarms, for no threshold was ever fitted.
  func answer(
    _ asked: ZeroShotLabels, _ window: SeriesWindow, _ known: FaultPrediction
  ) -> FaultPrediction {
    var result = known
    let task = questions.fault ?? questions.remaining ?? first
    let predictions = answers(window, task: task, explains: contributions == .all)
    let logits = predictions.map { asked.logits($0.embedding) }
    let shares = asked.shares(logits[0])
    let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
    (result.isZeroShot, result.probabilities) = (true, shares)
    (result.fault, result.description) = (asked.labels[best], asked.texts[best].first)
    result.probability = Double(shares[best])
    result.entropy = Double(Evidence.entropy(shares, exclusive: true))
    let parts = Occlusion.shares(whole: logits[0], without: Array(logits[1...]), label: best, exclusive: true)
    result.contributions = zip(channelSet.channels, parts).map { .init(sensor: $0.name, share: $1) }
    let sample = Sample(
      id: "", group: nil, input: .series(window), task: task, labels: nil, target: nil, texts: [],
      inputKey: "")
    // The selector knows how far the bundle's own answers can be trusted, which says nothing of these; readings that
    // failed are failed for both.
    let quality = bundle.evidence(sample, predictions[0]).quality
    if quality.isBroken { result.reasons += quality.complaints.map { "Of the readings, \($0.text)." } }
    if let remaining = questions.remaining {
      let told = remaining == task ? predictions[0] : answers(window, task: remaining, explains: false)[0]
      result.remaining = restored(told, remaining)
    }
    return result
  }
}
