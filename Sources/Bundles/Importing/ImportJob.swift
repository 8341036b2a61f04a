import Alignment
import Crypto
import Encoders
import Foundation
import Layers
import Selector
import Tensors

/// Brings others' weights into a bundle: everything that `braid import` does.
///
/// The bundle embeds texts or images; it has no tasks and no heads. It may be the start of a training
/// (`braid align --from`).
public struct ImportJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// The model's folder.
    public var folder: String
    /// Folder of the bundle to write.
    public var out: String
    /// Of the bundle; the folder's by default.
    public var name: String?
    /// How tokens become one vector, instead of what the folder says.
    public var pooling: TokenPooling?
    /// Replace an existing bundle.
    public var force = false

    /// - Parameters:
    ///   - folder: the model's.
    ///   - out: folder of the bundle to write.
    public init(folder: String, out: String) { (self.folder, self.out) = (folder, out) }
  }

  /// What the user asked for.
  public var options: Options

  /// - Parameter options: what the user asked for.
  public init(_ options: Options) { self.options = options }

  /// - Returns: the bundle as it was read back from `out`.
  /// - Throws: `BundleError` for a folder that is no model's, of an architecture that is not supported, or whose
  ///   weights do not fit (each one named); `TokenizerError`, `SafetensorsError`.
  public func run() throws -> ModelBundle {
    try ModelBundle.refuseExisting(options.out, replacing: options.force)
    let folder = try ImportFolder(path: options.folder)
    let plan = try ImportPlan(folder, pooling: options.pooling)
    let files = try folder.weightFiles()
    let weights = try OriginalWeights(files, plan, path: folder.model)
    var bundle = empty(plan)
    let parameters = bundle.model.parameters("")
    do {
      let found = try weights.values(for: parameters)
      bundle.model = try bundle.model.loading(found.values, prefix: "", partial: true)
      bundle.description.origin = .init(
        folder: folderName, architecture: plan.architecture, sha256: try ImportJob.hashes(files),
        leftOut: found.leftOut, notes: plan.notes)
    } catch let problems as LoadingProblems {
      throw BundleError(
        path: folder.model,
        reason:
          "The weights are not those of a \(plan.architecture) as config.json describes it: \(problems).",
        remedy: "Put config.json and weights of the same model into the folder.")
    }
    bundle.description.modules = plan.modules(of: bundle.model)
    bundle.description.matrixType = weights.areBF16 ? .bf16 : .f32
    try bundle.write(to: options.out, card: ImportCard(bundle: bundle).text, replacing: options.force)
    return try ModelBundle(path: options.out)
  }

  private var folderName: String {
    URL(fileURLWithPath: options.folder).standardizedFileURL.lastPathComponent
  }

  private func empty(_ plan: ImportPlan) -> ModelBundle {
    // Drawn for the few parameters that an original may lack.
    var rng = SeededGenerator(seed: 0)
    let model = ModelBundle.fresh(
      vision: plan.vision, series: nil, text: plan.text, embedding: plan.embedding, decoder: nil, tasks: [],
      kinds: [],
      smoothing: 0, using: &rng)
    var recipe = Recipe()
    (recipe.vision, recipe.text, recipe.embedding) = (plan.vision, plan.text, plan.embedding)
    let record = BundleDescription.TrainingRecord(
      created: ISO8601DateFormatter().string(from: Date()), braid: BraidVersion.current, manifest: "",
      manifestSHA256: "", rows: [:], keptIDs: nil, epochs: 0, bestEpoch: 0, contrast: .infoNCE, seconds: 0,
      threads: 0, parameters: model.parameterCount, history: [], excludedColumns: [], refused: [],
      evaluations: [])
    return ModelBundle(
      description: BundleDescription(
        name: options.name ?? folderName, vision: plan.vision, series: nil, text: plan.text,
        embedding: plan.embedding, decoder: nil, tasks: [], kinds: [], descriptions: [], calibrations: [],
        familiarity: [], selectorKinds: [], selectorThreshold: 0.5, training: record),
      model: model, tokenizer: plan.tokenizer, selector: ModalitySelector(networks: [:]), familiarity: [:],
      heldRecipe: recipe)
  }

  private static func hashes(_ files: [String]) throws -> [String: String] {
    var found: [String: String] = [:]
    for file in files {
      let url = URL(fileURLWithPath: file)
      let data = try Data(contentsOf: url, options: .mappedIfSafe)
      found[url.lastPathComponent] = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
    }
    return found
  }
}
