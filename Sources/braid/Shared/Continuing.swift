import ArgumentParser
import Bundles

/// Runs a continuation and shows what came of it.
enum Continuing {
  /// - Throws: `ExitCode` 1 where the old bundle stays, 2 where rows could not be used.
  static func run(_ options: ContinueJob.Options, json: Bool, quiet: Bool) throws {
    let isFirst = options.group?.isFirst ?? true
    let progress = Progress(quiet: quiet || !isFirst)
    let outcome = try ContinueJob(options) { done, total, what in progress.report(done, of: total, what) }
      .run()
    progress.end()
    if isFirst { try show(outcome, options, json: json) }
    if outcome.objection != nil { throw ExitCode.failure }
    if !outcome.refused.isEmpty { throw ExitCode(2) }
  }

  private struct Result: Encodable {
    var accepted: Bool
    var objection: String?
    var version: Int?
    var isFlattered: Bool
    var meanRecallBefore: Double?
    var meanRecallAfter: Double?
    var table: ForgettingTable
  }

  private static func show(
    _ outcome: ContinueJob.Outcome, _ options: ContinueJob.Options, json: Bool
  ) throws {
    if json {
      try Output.json(
        Result(
          accepted: outcome.objection == nil, objection: outcome.objection,
          version: outcome.bundle?.description.version, isFlattered: outcome.isFlattered,
          meanRecallBefore: outcome.table.meanBefore, meanRecallAfter: outcome.table.meanAfter,
          table: outcome.table))
      for evaluation in outcome.evaluations { try Output.json(evaluation.withoutMaps) }
    } else {
      outcome.table.lines.forEach(Output.line)
      outcome.evaluations.flatMap(EvaluationTable.lines).forEach(Output.line)
    }
    if outcome.isFlattered { Output.note(BundleDescription.flattered) }
    if outcome.leftOut > 0 {
      Output.note("\(outcome.leftOut) new rows have the readings of held-out old ones and were not learned.")
    }
    for refusal in outcome.refused.prefix(20) { Output.note("\(refusal.id): \(refusal.reason)") }
    if outcome.refused.count > 20 { Output.note("… and \(outcome.refused.count - 20) more rows.") }
    if let objection = outcome.objection {
      Output.note(
        "Not written: \(objection) The old bundle stays as it is. Add rows of the labels that were forgotten, keep more "
          + "rows (replay in the recipe), hold the weights more strongly (elasticity), or allow more.")
    } else if let bundle = outcome.bundle {
      Output.note(
        "Wrote version \(bundle.description.version) to \(options.out). braid versions \(options.out) lists all."
      )
    }
  }
}
