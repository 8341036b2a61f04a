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
    /// The same without the rows of groups that stand in two splits; empty without such groups.
    public var withoutLeaks: [Evaluation]
    /// Groups that stand in two splits, as the manifest names them.
    public var leakedGroups: [String]
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

  /// Reads, trains, calibrates, scores and writes the bundle.
  /// - Throws: `ManifestError` for a manifest that cannot be used, `BundleError` for options that do not fit,
  ///   `TrainingError` for a loss that is no number or a checkpoint of another training, `WritingError`. Single rows
  ///   that fail stand in the bundle's training record instead.
  public func run() throws -> Outcome {
    let start = Date()
    let manager = FileManager.default
    if writes { try ModelBundle.refuseExisting(options.out, replacing: options.force) }
    var manifest = try Manifest(path: options.manifest, options: .init(allowLeak: options.allowLeak))
    let leavingOut = try LeavingOut(options.leaveOut, manifest)
    if let leavingOut { manifest.rows = leavingOut.kept }
    let team = ReplicaTeam(options.threads, group: options.group)
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
    let heldOut = HoldOut(rows, seed: options.seed)
    let source = try ModelBundle.joining(options.from.map { try ModelBundle(path: $0) })
    let survey = ManifestSurvey(rows)
    var recipe = try chooseRecipe(survey, source)
    try leavingOut?.check(recipe)
    var loaded = try load(manifest, heldOut.rows, &recipe, on: team)
    if heldOut.method == .groups { loaded.data.holdOutByLikeness() }
    let training = try BundleTraining(
      recipe: recipe, data: loaded.data, source: source, workspace: workspace,
      fingerprint: fingerprint(recipe, heldOut.rows, source), resume: options.resume, progress: progress)
    if writes { try? manager.createDirectory(atPath: workspace, withIntermediateDirectories: true) }
    var result = try training.run(name: name, on: team)
    progress(0, 1, "fitting learners beside the network")
    try result.bundle.fitEnsemble(loaded.data, areApart: heldOut.method != .blocks, on: team)
    try prepareAnswers(&result.bundle, loaded.data, on: team)
    // The validation part is scored by the weights that have not seen it.
    let leaked = Set(manifest.leakedGroups)
    var evaluations = try evaluate(result.bundle, [("val", loaded.data.validation)], on: team)
    var clean = try evaluate(result.bundle, [("val", loaded.data.validation)], without: leaked, on: team)
    if heldOut.method != .given && heldOut.method != .none {
      // What was held out has done its work; the weights that ship learn from it too.
      var everything = recipe
      everything.epochs = max(1, result.outcome.bestEpoch)
      everything.contrast = result.outcome.contrast == .infoNCE ? .infoNCE : .sigmoid
      var whole = loaded.data
      whole.train = try load(manifest, rows, &recipe, on: team, like: loaded.data).train
      whole.validation = []
      result.bundle.take(try training.refit(everything, whole, on: team).model)
      try result.bundle.refitEnsemble(whole, on: team)
      try result.bundle.measureFamiliarity(whole, on: team)
    }
    evaluations += try evaluate(result.bundle, [("test", loaded.data.test)], on: team)
    record(&result.bundle, manifest, loaded, survey, kept, start: start)
    result.bundle.description.training.evaluations = evaluations
    result.bundle.description.training.leftOut = try leavingOut?.score(
      result.bundle, manifest, on: team, progress: progress)
    clean += try evaluate(result.bundle, [("test", loaded.data.test)], without: leaked, on: team)
    let card = CardWriter(bundle: result.bundle, withoutLeaks: clean, leakedGroups: manifest.leakedGroups)
      .text
    if writes {
      let page = ResultsPage(result.bundle, withoutLeaks: clean, leakedGroups: manifest.leakedGroups).html
      try result.bundle.write(to: options.out, card: card, page: Data(page.utf8), replacing: options.force)
      try? manager.removeItem(atPath: workspace)
    }
    try options.group?.wait()
    return Outcome(
      bundle: try ModelBundle(path: options.out), evaluations: evaluations, withoutLeaks: clean,
      leakedGroups: manifest.leakedGroups)
  }

  private var name: String { URL(fileURLWithPath: options.out).deletingPathExtension().lastPathComponent }

  private func chooseRecipe(_ survey: ManifestSurvey, _ source: ModelBundle?) throws -> Recipe {
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
