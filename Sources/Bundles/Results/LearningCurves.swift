import Alignment
import Files

/// Training losses and the validation score over the epochs, the one whose weights are kept marked.
struct LearningCurves {
  private let record: BundleDescription.TrainingRecord
  private let width = 480.0, left = 44.0, right = 96.0

  init(_ record: BundleDescription.TrainingRecord) { self.record = record }

  /// Empty for less than two epochs.
  var section: String {
    guard record.history.count > 1 else { return "" }
    let charts = [losses, score].filter { !$0.isEmpty }
    return ResultsText.section(
      "How training went", "training", "<div class=\"charts\">\n\(charts.joined(separator: "\n"))\n</div>")
  }

  private var losses: String {
    let names = Set(record.history.flatMap(\.losses.keys)).sorted()
    let curves = names.map { name in
      (
        name: name,
        places: record.history.compactMap { epoch in
          epoch.losses[name].map { (Double(epoch.epoch), Double($0)) }
        }.filter { $0.1.isFinite }
      )
    }.filter { !$0.places.isEmpty }
    guard !curves.isEmpty else { return "" }
    return chart(
      "Training losses", curves, from: 0,
      "Mean of each loss over an epoch; lower is better, and each has a scale of its own.")
  }

  private var score: String {
    let places = record.history.compactMap { epoch in
      epoch.validation.map { (Double(epoch.epoch), Double($0)) }
    }.filter { $0.1.isFinite }
    guard places.count > 1 else { return "" }
    return chart(
      "Validation score", [("score", places)], from: nil,
      "The number that epochs are chosen by, higher is better: the mean of accuracy and area under the curve, of one "
        + "minus the error over the targets’ deviation, and of search, whichever apply.")
  }

  private func chart(
    _ title: String, _ curves: [(name: String, places: [(Double, Double)])], from least: Double?,
    _ words: String
  ) -> String {
    let values = curves.flatMap { $0.places.map(\.1) }
    var low = least.map { min($0, values.min() ?? 0) } ?? values.min() ?? 0
    var high = values.max() ?? 1
    if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }
    let room = (high - low) * 0.06
    let frame = ChartFrame(
      left: left, top: 22, width: width - left - right, height: 200,
      xs: Double(record.history.first?.epoch ?? 1)...Double(record.history.last?.epoch ?? 2),
      ys: (least == nil ? low - room : low)...high + room)
    var body = frame.rows(
      SVGText.ticks(from: frame.ys.lowerBound, to: frame.ys.upperBound, count: 4), ResultsText.tick)
    body += frame.columns(
      SVGText.ticks(from: frame.xs.lowerBound, to: frame.xs.upperBound, count: 6).filter {
        $0 == $0.rounded()
      }, "epoch"
    ) { "\(Int($0))" }
    let best = Double(record.bestEpoch)
    if frame.xs.contains(best) {
      let isRight = frame.x(best) > frame.left + frame.width / 2
      body.append(SVGText.line(frame.x(best), 22, frame.x(best), 222, "class=\"best\""))
      body.append(
        SVGText.text(
          frame.x(best), 15, "best: epoch \(record.bestEpoch)",
          "class=\"strong\" text-anchor=\"\(isRight ? "end" : "start")\""))
    }
    for (place, curve) in curves.enumerated() {
      body.append(frame.line(curve.places, "class=\"curve k\(place % 8) d\(place % 3)\""))
    }
    body += names(curves.map { ($0.name, frame.y($0.places.last?.1 ?? 0)) }, at: frame.left + frame.width + 8)
    return ResultsText.figure(
      title, ResultsText.svg(width, 262, "\(title) by epoch", body), Markup.escaped(words))
  }

  /// Names at the ends of the lines, moved apart where they would lie over each other.
  private func names(_ ends: [(String, Double)], at x: Double) -> [String] {
    let order = ends.indices.sorted { ends[$0].1 < ends[$1].1 }
    var last = -Double.infinity, places = ends.map(\.1)
    for index in order {
      places[index] = max(places[index], last + 14)
      last = places[index]
    }
    // What ran out of the plot moves up again.
    let over = max(0, last - 222)
    return ends.indices.map { index in
      SVGText.text(
        x, places[index] - over + 4, SVGText.short(ends[index].0, 15), "class=\"name n\(index % 8)\"")
    }
  }
}
