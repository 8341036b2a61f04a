import Alignment
import Decoders
import Encoders
import Faults
import Foundation
import Training

/// Scores a bundle by events: puts the windows of each recording in order, runs the alarms over them as `predict` does,
/// with the bundle's thresholds, and compares what begins with the runs of faults in the labels.
struct EventTrial {
  let bundle: ModelBundle
  var rule = AlarmRule.usual

  /// A window with a place in a recording.
  private struct Placed {
    var row: ManifestRow
    var sample: Int
    var start: Int, end: Int
  }

  /// Figures of each task by its index; none of a task whose windows have no order in recordings.
  func score(
    _ samples: [Sample], _ predictions: [Prediction], rows: [ManifestRow]
  ) -> [Int: EventFigures] {
    let byID = Dictionary(rows.filter { $0.series != nil }.map { ($0.id, $0) }) { first, _ in first }
    let placed = samples.indices.compactMap { place -> Placed? in
      guard case .series = samples[place].input, samples[place].labels != nil,
        let row = byID[samples[place].id], let start = row.start, let end = row.end
      else { return nil }
      return Placed(row: row, sample: place, start: start, end: end)
    }
    var times: [String: [Int: Double]?] = [:]
    return Dictionary(grouping: placed) { samples[$0.sample].task }.compactMapValues { windows in
      let task = samples[windows[0].sample].task
      guard !bundle.description.tasks[task].labels.isEmpty else { return nil }
      var count = EventCount()
      let recordings = Dictionary(grouping: windows) { $0.row.series ?? "" }
      for (path, windows) in recordings.sorted(by: { $0.key < $1.key }) where windows.count >= rule.needed {
        if times[path] == nil {
          times[path] = .some(
            RecordingTimes.read(path, rows: Set(windows.flatMap { [$0.start, $0.end] })))
        }
        add(windows, task, samples, predictions, times[path] ?? nil, to: &count)
      }
      return count.figures(rule: rule.words)
    }
  }

  private func add(
    _ windows: [Placed], _ task: Int, _ samples: [Sample], _ predictions: [Prediction],
    _ times: [Int: Double]?, to count: inout EventCount
  ) {
    let labels = bundle.description.tasks[task].labels
    let ordered = windows.sorted { ($0.end, $0.start, $0.row.line) < ($1.end, $1.start, $1.row.line) }
    let judge = FaultJudge(bundle, task: task)
    var tracker = AlarmTracker(rule: rule, labels: labels)
    var starts: [(window: Int, fault: String)] = []
    for (place, window) in ordered.enumerated() {
      guard case .series(let input) = samples[window.sample].input else { continue }
      var answer = FaultPrediction(row: window.end, time: nil)
      _ = judge.name(&answer, predictions[window.sample], input)
      for case .began(let event) in tracker.add(answer) { starts.append((place, event.fault)) }
    }
    let faults = ordered.map { EventTrial.fault(samples[$0.sample].labels ?? [], labels) }
    let spans = ordered.compactMap { window -> ClosedRange<Double>? in
      guard let from = times?[window.start], let to = times?[window.end], from <= to else { return nil }
      return from...to
    }
    count.add(
      faults: faults, ends: ordered.map(\.end), times: spans.count == ordered.count ? spans : nil,
      starts: starts)
  }

  /// The faults that hold, in one text; nil where none does.
  private static func fault(_ shares: [Float], _ labels: [String]) -> String? {
    let faults = zip(shares, labels).filter { $0 > 0.5 && !NormalLabel.isNormal($1) }.map(\.1)
    return faults.isEmpty ? nil : faults.joined(separator: ";")
  }
}
