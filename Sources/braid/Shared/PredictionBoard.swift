import Bundles
import Faults
import Foundation
import Synchronization

/// Gathers predictions for a picture.
final class PredictionBoard: Sendable {
  private let title: String
  private let timeline = Mutex<FaultTimeline?>(nil)

  init(title: String) { self.title = title }

  func open(_ opening: PredictJob.Opening) {
    let name = URL(fileURLWithPath: title).lastPathComponent
    let title = title == "-" ? "Fault predictions" : "Fault predictions for \(name)"
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
