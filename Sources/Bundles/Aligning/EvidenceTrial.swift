import Alignment
import Encoders
import Reports
import Training

/// Looks for the evidence of findings in scans and tests it by deletion.
struct EvidenceTrial: Sendable {
  var bundle: ModelBundle
  /// Scans at most, evenly spaced.
  var limit: Int

  /// - Returns: nil without scans.
  func score(_ samples: [Sample], on team: ReplicaTeam) throws -> EvidenceFigures? {
    let scans = samples.filter {
      [.image, .clip].contains($0.input.kind) && !bundle.description.tasks[$0.task].labels.isEmpty
    }
    guard !scans.isEmpty, limit > 0 else { return nil }
    let some = scans.spread(atMost: limit)
    let each = try team.map(some.count) { tested(some[$0]) }
    return each.reduce(
      into: EvidenceFigures(scans: some.count, n: 0, passed: 0, withoutRegion: 0, untestable: 0)
    ) {
      $0.n += $1.n
      $0.passed += $1.passed
      $0.withoutRegion += $1.withoutRegion
      $0.untestable += $1.untestable
    }
  }

  private func tested(_ sample: Sample) -> EvidenceFigures {
    var out = EvidenceFigures(scans: 1, n: 0, passed: 0, withoutRegion: 0, untestable: 0)
    let finder = EvidenceFinder(bundle: bundle)
    guard let said = bundle.predictor.predict([sample.input], task: sample.task).first else { return out }
    let pool = Pooling(
      task: sample.task, members: [(part: 0, weight: 1)], logits: [said.logits], bundle: bundle)
    let present = finder.labels(pool).wanted.filter { pool.states[$0] == .present }
    guard !present.isEmpty else { return out }
    let frames: [Picture] =
      switch sample.input {
      case .image(let picture): [picture]
      case .clip(let frames): frames
      case .views, .series: []
      }
    for (label, regions) in zip(present, finder.regions(sample.input, task: sample.task, labels: present)) {
      guard !regions.isEmpty else {
        out.withoutRegion += 1
        continue
      }
      let odds = finder.odds(sample.input, task: sample.task, labels: [label])
      guard
        let outcome = DeletionTest().run(frames, regions: regions, score: { odds($0).map { $0[0] } })
      else {
        out.untestable += 1
        continue
      }
      out.n += 1
      out.passed += outcome.passes ? 1 : 0
    }
    return out
  }
}
