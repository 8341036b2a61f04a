import Bundles
import Faults
import Foundation
import Synchronization

/// Gathers predictions for a picture and a page.
final class PredictionBoard: Sendable {
  private let title: String
  private let timeline = Mutex<FaultTimeline?>(nil)
  private let opening = Mutex<PredictJob.Opening?>(nil)

  init(title: String) { self.title = title }

  func open(_ opening: PredictJob.Opening) {
    let name = URL(fileURLWithPath: title).lastPathComponent
    let title = title == "-" ? "Fault predictions" : "Fault predictions for \(name)"
    self.opening.withLock { $0 = opening }
    timeline.withLock {
      $0 = FaultTimeline(
        title: title, labels: opening.labels, descriptions: opening.descriptions, sensors: opening.sensors)
    }
  }

  func add(_ predictions: [FaultPrediction]) {
    timeline.withLock { timeline in predictions.forEach { timeline?.add($0) } }
  }

  func page(_ job: PredictJob, _ summary: PredictJob.Summary, _ recorder: EventRecorder) -> String? {
    guard let opening = opening.withLock({ $0 }), let timeline = timeline.withLock({ $0 }) else { return nil }
    let (events, dropped) = recorder.events
    return RunPage(
      timeline: timeline, events: events, droppedEvents: dropped, rule: recorder.rule,
      facts: RunFacts(opening, summary),
      source: source(job.answerer, opening)
    ).html
  }

  private func source(_ answerer: Answerer, _ opening: PredictJob.Opening) -> RunSource {
    guard case .bundle(let bundle) = answerer else {
      return RunSource(
        name: "A detector of what is unlike normal operation",
        remarks: ["The curve is no probability of a fault: it is one half where readings reach the limit."]
          + opening.notes)
    }
    return RunSource(bundle, sensors: opening.sensors, labels: opening.labels)
  }

  func svg() -> String? { timeline.withLock { $0?.svg() } }
}
