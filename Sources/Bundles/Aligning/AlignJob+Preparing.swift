import Alignment
import Foundation
import Training

/// From a manifest to samples: everything before the first step of a training.
extension AlignJob {
  /// What a training begins with.
  struct Prepared {
    var manifest: Manifest
    /// How rows were dealt out; nil where the manifest names splits itself, or could not be dealt out.
    var deal: SplitDeal.Record?
    var leavingOut: LeavingOut?
    /// Rows with what is known of them after `--labels` and from windows they overlap with, before any were held out.
    var rows: [ManifestRow]
    /// Train rows that kept a label; nil for all.
    var kept: [String]?
    /// Train rows that took the label of windows that they overlap with.
    var taken: [String]
    var heldOut: HoldOut
    var source: ModelBundle?
    var survey: ManifestSurvey
    var recipe: Recipe
    var loaded: DatasetBuilder.Result
    var audit: SplitAudit
  }

  /// Reads everything, deals out and holds out, and looks for rows that stand on both sides.
  func prepare(on team: ReplicaTeam) throws -> Prepared {
    var manifest = try Manifest(path: options.manifest, options: .init(allowLeak: options.allowLeak))
    let deal = try deal(&manifest)
    let leavingOut = try LeavingOut(options.leaveOut, manifest)
    if let leavingOut { manifest.rows = leavingOut.kept }
    var rows = manifest.rows
    var kept: [String]?
    if let labels = options.labels {
      guard let amount = LabelSubset.Amount(labels) else {
        throw BundleError(
          path: "--labels", reason: "“\(labels)” is no share or number of rows.",
          remedy: "Write 10%, 0.1 or 50.")
      }
      let subset = LabelSubset(of: rows, keeping: amount, seed: options.seed)
      (rows, kept) = (subset.rows, subset.keptIDs)
    }
    let source = try ModelBundle.joining(options.from.map { try ModelBundle(path: $0) })
    let survey = ManifestSurvey(rows)
    var recipe = try chooseRecipe(survey, source)
    try leavingOut?.check(recipe)
    let overlapping = OverlapLabels(rows, share: recipe.unlabelled.overlap)
    let heldOut = HoldOut(overlapping.rows, seed: options.seed)
    var loaded = try load(manifest, heldOut.rows, &recipe, on: team)
    if heldOut.method == .groups { loaded.data.holdOutByLikeness() }
    progress(0, 1, "auditing the splits")
    let audit = try SplitAudit(
      heldOut.rows, loaded.data, leakedGroups: manifest.leakedGroups, on: team)
    return Prepared(
      manifest: manifest, deal: deal, leavingOut: leavingOut, rows: overlapping.rows, kept: kept,
      taken: overlapping.ids, heldOut: heldOut, source: source, survey: survey, recipe: recipe,
      loaded: loaded, audit: audit)
  }

  /// Looks for rows that stand on both sides, and trains nothing.
  /// - Returns: what was found, with the refusals of rows that could not be read.
  /// - Throws: `ManifestError` and `BundleError` as `run` does.
  public func audit() throws -> (audit: SplitAudit, refused: [DatasetBuilder.Refusal]) {
    let prepared = try prepare(on: ReplicaTeam(options.threads))
    return (prepared.audit, prepared.manifest.refusals() + prepared.loaded.refused)
  }

  /// The training that is to be run; where the recipe leaves open how recordings are read, validation chooses, and
  /// recipe and data follow.
  func chooseTraining(
    _ prepared: inout Prepared, on team: ReplicaTeam
  ) throws -> (training: BundleTraining, tried: [EncoderTrial.Tried]) {
    var training = BundleTraining(
      recipe: prepared.recipe, data: prepared.loaded.data, source: prepared.source, workspace: workspace,
      fingerprint: "", resume: options.resume, progress: progress)
    var tried: [EncoderTrial.Tried] = []
    let trial = EncoderTrial(training: training)
    if options.recipe == nil, prepared.source == nil, trial.applies(prepared.heldOut.method) {
      (training, tried) = try trial.run(on: team)
      (prepared.recipe, prepared.loaded.data) = (training.recipe, training.data)
    }
    training.fingerprint = try fingerprint(prepared.recipe, prepared.heldOut.rows, prepared.source)
    return (training, tried)
  }

  /// Deals rows out where the manifest names no splits.
  private func deal(_ manifest: inout Manifest) throws -> SplitDeal.Record? {
    guard !manifest.namesSplits else {
      guard options.splitParts == nil else {
        throw BundleError(
          path: "--split-parts", reason: "\(manifest.path) says itself which split its rows belong to.",
          remedy: "Leave --split-parts out, or take the column split out of the manifest.")
      }
      return nil
    }
    guard
      let deal = SplitDeal(manifest.rows, parts: options.splitParts ?? .usual, seed: options.seed)
    else {
      guard options.splitParts == nil else {
        throw BundleError(
          path: "--split-parts",
          reason:
            "The rows of \(manifest.path) hang together too much to be dealt out: there are too few groups, "
            + "files or separate windows, in all or of most labels.",
          remedy: "Leave --split-parts out to train on all of them, or name splits in a column split.")
      }
      return nil
    }
    manifest.rows = deal.rows
    return deal.record
  }
}
