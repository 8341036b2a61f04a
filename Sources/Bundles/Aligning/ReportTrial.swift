import Alignment
import Reports
import Training

/// Writes a report for every scan that has one and compares them, beside the baselines.
struct ReportTrial: Sendable {
  /// Reports written at most, evenly spaced over the rows: writing one takes as long as encoding some dozen pictures, and
  /// 200 tell F1 to about four hundredths.
  static let usualRows = 200

  var bundle: ModelBundle
  var limit = ReportTrial.usualRows

  /// Samples that a report can be written for and compared.
  static func comparable(_ samples: [Sample]) -> [Sample] {
    samples.filter { !$0.texts.isEmpty && $0.input.kind != .series }
  }

  /// - Parameters:
  ///   - samples: of the split that is scored.
  ///   - known: train rows, for the baselines; where none has a text the split itself serves, without a scan's own group.
  /// - Returns: nil without a sentence decoder, or where no scan has a text.
  func score(_ samples: [Sample], known: [Sample], on team: ReplicaTeam) throws -> ReportFigures? {
    guard bundle.model.heads.decoder != nil, bundle.tokenizer != nil else { return nil }
    let scored = ReportTrial.comparable(samples)
    guard !scored.isEmpty else { return nil }
    let some = scored.spread(atMost: limit)
    let others = ReportTrial.comparable(known)
    let baselines = try ReportBaselines(others.isEmpty ? scored : others, bundle: bundle, on: team)
    let bundle = bundle
    let rows = try team.map(some.count) { index in
      let sample = some[index]
      let (encoded, prediction) = bundle.encode(sample)
      return ReportScorer.Row(
        written: SampleText(bundle: bundle).text(sample, encoded, prediction), references: sample.texts,
        frequent: baselines.frequent, nearest: baselines.nearest(sample, prediction.embedding))
    }
    let labels = Set(some.map(\.task)).sorted().flatMap { bundle.description.tasks[$0].labels }
    return ReportScorer(reader: FindingReader(labels: labels)).figures(
      rows, from: others.isEmpty ? .split : .train)
  }
}

/// Reports that others wrote of other scans.
struct ReportBaselines: Sendable {
  /// The most frequent text; of equally frequent ones the first in the order of letters.
  let frequent: String
  private let known: [Sample]
  private let places: [[Float]]

  init(_ known: [Sample], bundle: ModelBundle, on team: ReplicaTeam) throws {
    self.known = known
    places = try bundle.predictor.predict(known, on: team).map(\.embedding)
    let counts = Dictionary(known.flatMap(\.texts).map { ($0, 1) }, uniquingKeysWith: +)
    frequent = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
  }

  /// The report of the scan that lies nearest in the shared space, among those of the same kind that are neither the
  /// same input nor of the same group; nil where there is none.
  func nearest(_ sample: Sample, _ embedding: [Float]) -> String? {
    var best: (text: String, product: Float)?
    for (other, place) in zip(known, places)
    where other.input.kind == sample.input.kind && other.inputKey != sample.inputKey
      && (other.group == nil || other.group != sample.group)
    {
      let product = zip(place, embedding).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      if product > best?.product ?? -.infinity, let text = other.texts.first { best = (text, product) }
    }
    return best?.text
  }
}
