import Faults
import Foundation

/// Who answered in a run, and from where on: what a page says its answers rest on.
public struct RunSource: Sendable {
  /// Name of the bundle or of what else answered.
  public var name: String
  /// Digest of its weights; nil where there are none.
  public var sha256: String?
  /// Names of sensors with their units, where these are known.
  public var units: [String: String]
  /// What else a reader should know of thresholds and training, in sentences.
  public var remarks: [String]

  /// - Parameter sha256: of the weights; nil where there are none.
  public init(name: String, sha256: String? = nil, units: [String: String] = [:], remarks: [String] = []) {
    (self.name, self.sha256, self.units, self.remarks) = (name, sha256, units, remarks)
  }

  /// A trained bundle.
  /// - Parameter labels: of the task that answers.
  public init(_ bundle: ModelBundle, sensors: [String], labels: [String]) {
    let wanted = Set(sensors)
    let channels = (bundle.description.series?.sets ?? []).filter { set in
      set.channels.allSatisfy { wanted.contains($0.name) }
    }.flatMap(\.channels)
    self.init(
      name: bundle.description.name, sha256: bundle.sha256,
      units: Dictionary(channels.compactMap { one in one.unit.map { (one.name, $0) } }) { first, _ in first })
    guard
      let task = bundle.description.tasks.firstIndex(where: { $0.labels == labels && !labels.isEmpty }),
      bundle.description.calibrations.indices.contains(task)
    else { return }
    let calibration = bundle.description.calibrations[task]
    let faults = labels.indices.filter { !NormalLabel.isNormal(labels[$0]) }
    let thresholds = faults.filter { calibration.presentFrom.indices.contains($0) }.map {
      "\(labels[$0]) \(ResultsText.percent(Double(calibration.presentFrom[$0]), 0))"
    }
    if !thresholds.isEmpty {
      remarks.append(
        "A window alarms from these probabilities on: \(thresholds.prefix(24).joined(separator: ", "))"
          + (thresholds.count > 24 ? " and \(thresholds.count - 24) more." : "."))
    }
    remarks.append(
      calibration.rows > 0
        ? "Probabilities and thresholds were fitted to \(calibration.rows) validation rows of the training."
        : "Probabilities and thresholds were not fitted to any rows: the training had none to validate on.")
  }
}
