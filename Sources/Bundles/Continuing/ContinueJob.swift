import Alignment
import Files
import Foundation
import Tensors
import Training

/// A bundle learns on from a new manifest without forgetting: everything that `braid align --continue` does.
///
/// Weights that matter to the old labels are held (`ElasticPenalty`), old rows are learned again (`ReplayBuffer`), and
/// learners beside the network are fitted anew on both. On rows that were held out, old and new, every label is told
/// before and after; where old ones are forgotten, the old bundle stays.
public struct ContinueJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// Path of the new manifest.
    public var manifest: String
    /// Folder of the bundle to continue.
    public var from: String
    /// Folder of the bundle to write: the same, which then keeps the old one among its versions, or another.
    public var out: String
    /// Path of the old manifest, to draw rows from that are learned again; nil for those that the bundle keeps.
    public var replay: String?
    /// Path of a recipe whose keys replace those of the bundle's.
    public var recipe: String?
    /// Epochs at most; nil to leave them to the recipe.
    public var epochs: Int?
    /// Of the matrix products in training; nil to leave it to the recipe.
    public var precision: ElementType?
    /// Of everything that is drawn by chance.
    public var seed: UInt64 = 0
    /// Threads that share the work.
    public var threads: Int
    /// Largest fall of the mean recall of old labels, 0 to 1. With twenty labels of eight held-out rows each it is three
    /// rows: as many as chance may cost.
    public var limit = 0.02
    /// Largest fall of one old label's recall, 0 to 1, and largest growth of a number's error. One row never counts, so
    /// that of ten rows and fewer two may not be lost.
    public var labelLimit = 0.1
    /// Goes on although groups stand in two splits.
    public var allowLeak = false
    /// Replaces a bundle that stands at `out`, where that is not the one that is continued.
    public var force = false
    /// The processes that train together; nil for one.
    public var group: ProcessGroup?

    /// - Parameters:
    ///   - manifest: path of the new rows.
    ///   - from: folder of the bundle to continue; written in place unless `out` says otherwise.
    public init(manifest: String, from: String, threads: Int) {
      (self.manifest, self.from, self.out, self.threads) = (manifest, from, from, threads)
    }
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// Every label before and after.
    public var table: ForgettingTable
    /// Why the old bundle stays; nil where it does not.
    public var objection: String?
    /// The new bundle as it was read back; nil where the old one stays.
    public var bundle: ModelBundle?
    /// Scores of the new bundle on held-out and test rows.
    public var evaluations: [Evaluation]
    /// New train rows that were left out, since forgetting is measured on their very readings.
    public var leftOut: Int
    /// Whether old rows may have been learned by the old bundle, which flatters it.
    public var isFlattered: Bool
    /// Rows of the new manifest that could not be used, and why.
    public var refused: [DatasetBuilder.Refusal]
  }

  /// What the user asked for, paths without a slash at their ends.
  public var options: Options
  /// Told what is going on and how far it is: done, of how many, words.
  public var progress: @Sendable (Int, Int, String) -> Void

  /// - Parameter progress: told done, of how many, and words; also from other threads.
  public init(_ options: Options, progress: @escaping @Sendable (Int, Int, String) -> Void) {
    (self.options, self.progress) = (options, progress)
    self.options.from = BundleVersions(path: options.from).path
    self.options.out = BundleVersions(path: options.out).path
  }

  private var isInPlace: Bool {
    func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    return place(options.from) == place(options.out)
  }

  /// Reads, trains, measures, and writes the bundle where it forgot no more than it may.
  /// - Throws: `ManifestError`, `BundleError` for a bundle that cannot be continued or options that do not fit,
  ///   `TrainingError`, `WritingError`; the old bundle is then as it was.
  public func run() throws -> Outcome {
    let start = Date()
    let isFirst = options.group?.isFirst ?? true
    if isFirst {
      AtomicFile.sweep(options.out)
      if !isInPlace { try ModelBundle.refuseExisting(options.out, replacing: options.force) }
    }
    let team = ReplicaTeam(options.threads, group: options.group)
    let old = try open()
    let recipe = try recipe(for: old)
    let remembered = try remembered(old, recipe, on: team)
    var news = try ContinuedData(
      old, options: options, heldOut: recipe.replay.heldOut, progress: progress, on: team)
    let leftOut = news.leaveOut(remembered.buffer.heldOut.map(\.sample))
    let data = try join(remembered.buffer, news, recipe, on: team)
    let penalty = try penalty(old, remembered.buffer, recipe, rows: data.joined.train.count, on: team)
    var training = BundleTraining(
      recipe: balanced(recipe, data.joined), data: data.joined, source: old, workspace: nil, fingerprint: "",
      resume: false, progress: progress)
    (training.elastic, training.continues) = (penalty, true)
    var bundle = try training.run(name: old.description.name, on: team).bundle
    let areApart = remembered.buffer.areApart && news.heldOut.method != .blocks
    progress(0, 1, "fitting learners beside the network")
    try bundle.fitEnsemble(data.joined, areApart: areApart, on: team)
    progress(0, 1, "calibrating")
    try bundle.calibrate(data.joined.validation, on: team)
    try bundle.measureFamiliarity(data.joined, on: team)
    progress(0, 1, "teaching the selector")
    try bundle.trainSelector(data.joined, on: team)
    progress(0, 1, "measuring what was forgotten")
    let table = try table(remembered.buffer, data.old, news, from: old, to: bundle, on: team)
    let objection = table.objection(limit: options.limit, labelLimit: options.labelLimit)
    let evaluations = try [("val", data.joined.validation), ("test", data.joined.test)].compactMap {
      split, rows in
      rows.isEmpty
        ? nil : try bundle.evaluate(rows, split: split, on: team, resamples: Evaluator.usualResamples)
    }
    var outcome = Outcome(
      table: table, objection: objection, bundle: nil, evaluations: evaluations,
      leftOut: leftOut, isFlattered: remembered.isFlattered, refused: news.refused)
    guard objection == nil else { return outcome }
    try bundle.keepRows(
      train: data.joined.train, held: data.joined.validation, recipe.replay, areApart: areApart,
      seed: options.seed, on: team)
    record(&bundle, old, news, outcome, data.replayed, penalty, start: start)
    if isFirst { try write(bundle, over: old) }
    try options.group?.wait()
    outcome.bundle = try ModelBundle(path: options.out)
    return outcome
  }

  private func write(_ bundle: ModelBundle, over old: ModelBundle) throws {
    let card = CardWriter(bundle: bundle).text, page = Data(ResultsPage(bundle).html.utf8)
    guard isInPlace else {
      return try bundle.write(to: options.out, card: card, page: page, replacing: options.force)
    }
    try BundleVersions(path: options.out).add(bundle, card: card, page: page, parent: old)
  }

  private func record(
    _ bundle: inout ModelBundle, _ old: ModelBundle, _ news: ContinuedData, _ outcome: Outcome,
    _ replayed: Int, _ penalty: ElasticPenalty?, start: Date
  ) {
    var record = bundle.description.training
    record.manifest = URL(fileURLWithPath: options.manifest).lastPathComponent
    record.manifestSHA256 = FileDigest.sha256(path: options.manifest)
    record.rows = [
      "train": news.train.count, "val": news.validation.count, "test": news.test.count,
      "labelled": news.train.count(where: \.isLabelled),
    ]
    record.seconds = Date().timeIntervalSince(start)
    record.threads = options.threads * (options.group?.size ?? 1)
    record.excludedColumns = old.description.training.excludedColumns
    record.refused = news.refused
    record.evaluations = outcome.evaluations
    bundle.description.training = record
    (bundle.description.origin, bundle.description.adapters) = (
      old.description.origin, old.description.adapters
    )
    let parent = old.description.version
    bundle.description.continuation = .init(
      version: isInPlace ? BundleVersions(path: options.from).next(after: parent) : parent + 1,
      parent: parent,
      parentSHA256: old.sha256, rowsBefore: old.rowsLearned, rowsAdded: news.train.count, replayed: replayed,
      penalty: penalty?.weight ?? 0, limit: options.limit, labelLimit: options.labelLimit,
      isFlattered: outcome.isFlattered, table: outcome.table)
  }
}

extension ModelBundle {
  /// Train rows that the bundle and those before it had learned from.
  var rowsLearned: Int {
    if let continuation = description.continuation { return continuation.rowsBefore + continuation.rowsAdded }
    return description.training.rows["labelled"] ?? description.training.rows["train"] ?? 0
  }
}
