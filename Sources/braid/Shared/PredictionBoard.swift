import Bundles
import Faults
import Synchronization

/// Gathers predictions for a picture.
final class PredictionBoard: Sendable {
  private let title: String
  private let timeline = Mutex<FaultTimeline?>(nil)

  init(title: String) { self.title = title }

  func open(_ opening: PredictJob.Opening) {
    let title = title == "-" ? "Fault predictions" : "Fault predictions for \(title)"
    timeline.withLock {
      $0 = FaultTimeline(
        title: title, labels: opening.labels, descriptions: opening.descriptions, sensors: opening.sensors)
    }
  }

  func add(_ predictions: [FaultPrediction]) {
    timeline.withLock { timeline in predictions.forEach { timeline?.add($0) } }
  }

  func svg() -> String? { timeline.withLock { $0?.svg() } }
}
