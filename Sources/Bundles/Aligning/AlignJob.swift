import Alignment
import Crypto
import Encoders
import Files
import Foundation
import Layers
import Reports
import Selector
import Tensors
import Training

/// From a manifest to a bundle: everything that `braid align` does.
public struct AlignJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// Path of the manifest, a CSV; paths in it are relative to its folder.
    public var manifest: String
    /// Folder of the bundle to write. Checkpoints stand beside it, under the same name with `.training`.
    public var out: String
    /// Share or number of train rows that keep what is known of them.
    public var labels: String?
    /// In what proportion the rows of a manifest without splits are dealt out to train, validation and test; nil for
    /// `SplitParts.usual`. Refused where the manifest names splits.
    public var splitParts: SplitParts?
    /// Labels whose rows are kept out of the training and scored by their texts alone; see `LeavingOut`.
    public var leaveOut: [String] = []
    /// Path of a recipe; nil to choose everything from the manifest.
    public var recipe: String?
    /// Bundles to start from; each brings the encoders that the others lack.
    public var from: [String] = []
    /// Fine-tuning by low-rank pairs, which replaces the recipe's; nil to leave it to the recipe.
    public var lora: LowRankAdaptation?
    /// Epochs at most; nil to leave them to the recipe.
    public var epochs: Int?
    /// Of the matrix products in training, f32 or bf16; nil to leave it to the recipe.
    public var precision: ElementType?
    /// Of everything that is drawn by chance; it replaces the recipe's.
    public var seed: UInt64 = 0
    /// Threads that share the work. Another number gives other bits, and refuses a checkpoint.
    public var threads: Int
    /// Goes on although groups stand in two splits, and scores without their rows too.
    public var allowLeak = false
    /// Goes on from the last checkpoint of a training that was cut off, where there is one.
    public var resume = false
    /// Replaces a bundle that stands at `out`; anything else there is never taken away.
    public var force = false
    /// Writes the bundle although its reports are no better than the baselines; see `ReportFigures.objection`.
    public var accept = false
    /// The processes that train together; nil for one. All run this job, the first alone writes.
    public var group: ProcessGroup?

    /// - Parameters:
    ///   - manifest: path of a CSV.
    ///   - out: folder of the bundle to write.
    public init(manifest: String, out: String, threads: Int) {
      (self.manifest, self.out, self.threads) = (manifest, out, threads)
    }
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// The bundle as it was read back from `out`.
    public var bundle: ModelBundle
    /// Scores on `val` and `test`, those of the two that have rows; `val` by weights that had not learned from it.
    public var evaluations: [Evaluation]
    /// The same without rows that an earlier split has in some way too; only of splits that have such rows and others.
    public var honest: [Evaluation]
    /// Rows that an earlier split has in some way too.
    public var audit: SplitAudit
    /// Whether the manifest names no splits and its rows could not be dealt out, so that all were trained on.
    public var isUndealt: Bool
  }

  /// What the user asked for; `out` without a slash at its end.
  public var options: Options
  /// Told what is going on and how far it is: done, of how many, words.
  public var progress: @Sendable (Int, Int, String) -> Void

  /// - Parameter progress: told done, of how many, and words; also from other threads.
  public init(_ options: Options, progress: @escaping @Sendable (Int, Int, String) -> Void) {
    (self.options, self.progress) = (options, progress)
    // With a slash at its end the checkpoints would lie inside the bundle's own place and keep it from it.
    while self.options.out.count > 1 && self.options.out.hasSuffix("/") { self.options.out.removeLast() }
  }

  /// Whether this process writes files.
  private var writes: Bool { options.group?.isFirst ?? true }

  /// Replicas of all processes.
  var replicas: Int { options.threads * (options.group?.size ?? 1) }

  /// Where checkpoints stand until the bundle is finished.
  var workspace: String { options.out + ".training" }

  private var checkpoint: String { workspace + "/checkpoint.safetensors" }

  /// Reads, trains, calibrates, scores and writes the bundle.
  /// - Throws: `ManifestError` for a manifest that cannot be used, `BundleError` for options that do not fit
  ///   and for reports that are no better than the baselines (see `Options.accept`), `TrainingError` for a loss that is no number or a checkpoint of another training, `WritingError`. Single rows
  ///   that fail stand in the bundle's training record instead.
  public func run() throws -> Outcome {
    let start = Date()
    let manager = FileManager.default
    // Who goes on with a training may put its bundle there: either nothing stood there when it began, or `force` was
    // given, or it was cut off between writing the bundle and clearing up.
    let replacing = options.force || (options.resume && manager.fileExists(atPath: checkpoint))
    if writes {
      AtomicFile.sweep(options.out)
      try ModelBundle.refuseExisting(options.out, replacing: replacing)
    }
    let team = ReplicaTeam(options.threads, group: options.group)
    var prepared = try prepare(on: team)
    let (training, tried) = try chooseTraining(&prepared, on: team)
    if writes { try openWorkspace(prepared.recipe) }
    let manifest = prepared.manifest, heldOut = prepared.heldOut, audit = prepared.audit
    let loaded = prepared.loaded, recipe = prepared.recipe
    var result = try training.run(name: name, on: team)
    result.bundle.description.training.encoders = tried.isEmpty ? nil : tried
    progress(0, 1, "fitting learners beside the network")
    try result.bundle.fitEnsemble(loaded.data, areApart: heldOut.method != .blocks, on: team)
    try prepareAnswers(&result.bundle, loaded.data, on: team)
    // The validation part is scored by the weights that have not seen it.
    var evaluations = try evaluate(
      result.bundle, .val, loaded.data.validation, rows: prepared.rows, on: team)
    try scoreReports(&evaluations, result.bundle, loaded.data.validation, loaded.data, on: team)
    try requireReports(evaluations)
    // Before anything learns from the validation part too: what is kept of it stays a measure.
    try result.bundle.keepRows(
      train: loaded.data.train, held: loaded.data.validation, recipe.replay,
      areApart: heldOut.method != .blocks,
      seed: options.seed, on: team)
    var honest = try evaluate(result.bundle, .val, loaded.data.validation, newTo: audit, on: team)
    if heldOut.method != .given && heldOut.method != .none {
      // What was held out has done its work; the weights that ship learn from it too.
      var everything = recipe
      everything.epochs = max(1, result.outcome.bestEpoch)
      everything.contrast = result.outcome.contrast == .infoNCE ? .infoNCE : .sigmoid
      var whole = loaded.data
      whole.train = try load(manifest, prepared.rows, &prepared.recipe, on: team, like: loaded.data).train
      whole.validation = []
      result.bundle.take(try training.refit(everything, whole, on: team).model)
      try result.bundle.refitEnsemble(whole, on: team)
      try result.bundle.measureFamiliarity(whole, on: team)
    }
    var tested = try evaluate(
      result.bundle, .test, loaded.data.test, rows: prepared.rows, on: team)
    try scoreReports(&tested, result.bundle, loaded.data.test, loaded.data, on: team)
    evaluations += tested
    honest += try evaluate(result.bundle, .test, loaded.data.test, newTo: audit, on: team)
    record(&result.bundle, prepared, start: start)
    result.bundle.description.training.evaluations = evaluations
    result.bundle.description.training.honest = honest.isEmpty ? nil : honest
    result.bundle.description.training.leftOut = try prepared.leavingOut?.score(
      result.bundle, manifest, on: team, progress: progress)
    let card = CardWriter(bundle: result.bundle).text
    if writes {
      let page = ResultsPage(result.bundle).html
      try result.bundle.write(to: options.out, card: card, page: Data(page.utf8), replacing: replacing)
      try? manager.removeItem(atPath: workspace)
    }
    try options.group?.wait()
    return Outcome(
      bundle: try ModelBundle(path: options.out), evaluations: evaluations, honest: honest, audit: audit,
      isUndealt: !manifest.namesSplits && prepared.deal == nil)
  }

  /// Makes the folder of the checkpoints, with the recipe for who must change something to go on.
  private func openWorkspace(_ recipe: Recipe) throws {
    do {
      try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
    } catch {
      throw WritingError(
        path: workspace, reason: "The folder for checkpoints cannot be made: \(error.localizedDescription)",
        remedy: "Choose a place that you may write to with --out.")
    }
    for file in ["checkpoint", "refit"] { AtomicFile.sweep(workspace + "/\(file).safetensors") }
    try AtomicFile.write(Data(RecipeFile.encode(recipe).utf8), to: workspace + "/recipe.yaml")
  }

  private var name: String { URL(fileURLWithPath: options.out).deletingPathExtension().lastPathComponent }

  func chooseRecipe(_ survey: ManifestSurvey, _ source: ModelBundle?) throws -> Recipe {
    var given = Recipe()
    if let source {
      given = RecipeChooser.choose(survey, from: source.description)
    }
    if let path = options.recipe {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw BundleError(
          path: path, reason: "The recipe cannot be read.", remedy: "Check the path after --recipe.")
      }
      given = try RecipeFile.decode(String(decoding: data, as: UTF8.self), path: path, defaults: given)
    }
    given.lora = options.lora ?? given.lora
    guard given.lora == nil || source != nil else {
      throw BundleError(
        path: options.lora == nil ? options.recipe ?? "lora" : "--lora",
        reason:
          "Low-rank pairs stand beside maps that are trained already, and no bundle to start from is named.",
        remedy: "Name one with --from, or train without low-rank pairs.")
    }
    guard given.lora == nil || options.from.count == 1 else {
      throw BundleError(
        path: options.lora == nil ? options.recipe ?? "lora" : "--lora",
        reason: "Low-rank pairs belong to one bundle, and \(options.from.count) are named to start from.",
        remedy: "Train once without low-rank pairs, and start from the bundle that comes of it.")
    }
    var recipe = RecipeChooser.choose(
      survey, given: given, isGiven: options.recipe != nil || source != nil)
    if let epochs = options.epochs { recipe.epochs = epochs }
    if let precision = options.precision { recipe.precision = precision }
    recipe.seed = options.seed
    recipe.labels = options.labels
    let problems = recipe.problems
    guard problems.isEmpty else {
      throw BundleError(
        path: options.recipe ?? "--epochs",
        reason: "No training can be run with this recipe: \(problems.joined(separator: "; ")).",
        remedy: "Correct these values.")
    }
    return recipe
  }

  private func prepareAnswers(_ bundle: inout ModelBundle, _ data: Dataset, on team: ReplicaTeam) throws {
    progress(0, 1, "calibrating")
    try bundle.calibrate(data.validation, on: team)
    try bundle.measureFamiliarity(data, on: team)
    progress(0, 1, "teaching the selector")
    try bundle.trainSelector(data, on: team)
  }
}
