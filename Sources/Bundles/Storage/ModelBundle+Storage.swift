import Alignment
import Crypto
import Encoders
import Files
import Foundation
import Layers
import Selector
import Tensors
import Training
import Yams

extension ModelBundle {
  /// The files of a bundle.
  private enum FileName {
    static let description = "bundle.json"
    static let weights = "weights.safetensors"
    static let tokenizer = "tokenizer.json"
    static let recipe = "recipe.yaml"
    static let replay = "replay.safetensors"
    static let card = "CARD.md"
    static let page = "results.html"
  }

  /// Keeps what stands at `path` from being replaced, unless it is a bundle and `replacing` was asked for.
  /// - Throws: `BundleError`. A file, or a folder that holds anything but a bundle, is never taken away.
  static func refuseExisting(_ path: String, replacing: Bool) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard replacing else {
      throw BundleError(
        path: path, reason: "There is something already.",
        remedy: "Choose another --out, or replace it with --force.")
    }
    let isBundle = manager.fileExists(atPath: path + "/" + FileName.description)
    let isEmpty = isFolder.boolValue && (try? manager.contentsOfDirectory(atPath: path))?.isEmpty == true
    guard isBundle || isEmpty else {
      throw BundleError(
        path: path,
        reason:
          "There is \(isFolder.boolValue ? "a folder" : "a file") that is no bundle (it has no "
          + "\(FileName.description)); --force replaces bundles only.",
        remedy: "Choose another --out, or move it away yourself.")
    }
    guard !manager.fileExists(atPath: path + "/" + BundleVersions.folder) else {
      throw BundleError(
        path: path, reason: "The bundle holds earlier versions, which would be taken away with it.",
        remedy: "Choose another --out, or move it away yourself.")
    }
  }

  /// Writes the bundle as a folder, whole or not at all: beside the target first, then renamed.
  /// - Parameters:
  ///   - card: text of CARD.md.
  ///   - page: bytes of results.html; nil for a bundle without.
  ///   - replacing: take the place of an existing bundle; never that of anything else.
  public func write(to path: String, card: String, page: Data? = nil, replacing: Bool) throws {
    guard precision != .int8 else {
      throw BundleError(
        path: path, reason: "Weights that were rounded to 8 bits cannot be written.",
        remedy: "Write the bundle as it was read.")
    }
    // With a slash at its end the temporary folder would lie inside the bundle's own place.
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    try ModelBundle.refuseExisting(path, replacing: replacing)
    try WholeFolder.write(to: path) { try writeFiles(to: $0, card: card, page: page) }
  }

  /// Everything that a bundle's folder holds.
  func writeFiles(to folder: String, card: String, page: Data?) throws {
    try writeParts(to: folder, without: [])
    try AtomicFile.write(Data(card.utf8), to: folder + "/" + FileName.card)
    if let adapter {
      let part = folder + "/" + Adapter.FileName.folder
      try adapter.write(to: part)
      try writeParts(to: part, without: adapter.frozen)
    }
    if let page { try AtomicFile.write(page, to: folder + "/" + FileName.page) }
  }

  /// Everything that answers need, but the parameters of some names; with the tokenizer unless those hold its table.
  private func writeParts(to folder: String, without frozen: Set<String>) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var description = description
    description.replay = nil
    // What stands beside a base has no rows of its own.
    if frozen.isEmpty, let replay = try replay() {
      let data = try replay.encoded()
      description.replay = BundleDescription.ReplayRecord(replay, data)
      try AtomicFile.write(data, to: folder + "/" + FileName.replay)
    }
    try AtomicFile.write(encoder.encode(description), to: folder + "/" + FileName.description)
    try AtomicFile.write(weights(without: frozen), to: folder + "/" + FileName.weights)
    if let tokenizer, !frozen.contains("text.tokens.weight") {
      try AtomicFile.write(tokenizer.json(), to: folder + "/" + FileName.tokenizer)
    }
    try AtomicFile.write(Data(RecipeFile.encode(recipe()).utf8), to: folder + "/" + FileName.recipe)
  }

  /// Model, prototypes and selector as one safetensors file. Matrices are stored as bf16, which halves the file
  /// (imported ones as their description says); vectors and prototypes stay f32.
  private func weights(without frozen: Set<String>) -> Data {
    let matrices: SafetensorsWriter.ElementType = description.matrixType == .f32 ? .f32 : .bf16
    var entries = model.parameters("").filter { !frozen.contains($0.name) }.map { name, tensor in
      SafetensorsWriter.Entry(
        name: name, shape: tensor.shape, type: tensor.shape.count > 1 ? matrices : .f32,
        values: tensor.floats())
    }
    for record in description.familiarity {
      let known = familiarity[FamiliarityKey(task: record.task, kind: record.kind)]
      let prototypes = known?.prototypes ?? []
      entries.append(
        .init(
          name: "familiarity.\(record.task).\(record.kind.rawValue)",
          shape: [prototypes.count, prototypes.first?.count ?? 0], type: .bf16,
          values: prototypes.flatMap { $0 }))
    }
    for record in description.appearance ?? [] {
      let prototypes = appearance[FamiliarityKey(task: record.task, kind: record.kind)]?.prototypes ?? []
      // Appearances of one source lie so near together that bf16 would blur them.
      entries.append(
        .init(
          name: "appearance.\(record.task).\(record.kind.rawValue)",
          shape: [prototypes.count, prototypes.first?.count ?? 0], type: .f32,
          values: prototypes.flatMap { $0 }))
    }
    for (index, set) in (description.series?.sets ?? []).enumerated() {
      guard let kernels = set.kernels else { continue }
      entries.append(
        .init(
          name: ModelBundle.thresholds(of: index), shape: [kernels.thresholds.count], type: .f32,
          values: kernels.thresholds))
    }
    entries += ensemble.tensors().map { name, tensor in
      .init(name: name, shape: tensor.shape, type: .f32, values: tensor.floats())
    }
    for (kind, network) in selector.networks.sorted(by: { $0.key < $1.key }) {
      entries += network.parameters("selector.\(kind)").map { name, tensor in
        .init(name: name, shape: tensor.shape, type: .f32, values: tensor.floats())
      }
    }
    return SafetensorsWriter.encode(entries: entries, metadata: ["format": "braid"])
  }

  /// What the model was trained with: what `recipe.yaml` holds. Read when asked for: answers do not need it.
  /// - Throws: `BundleError` where the file is damaged.
  public func recipe() throws -> Recipe {
    if let heldRecipe { return heldRecipe }
    let file = path + "/" + FileName.recipe
    guard let data = FileManager.default.contents(atPath: file) else {
      throw BundleError(
        path: file, reason: "The recipe cannot be read.", remedy: "Copy the bundle again.")
    }
    return try RecipeFile.decode(String(decoding: data, as: UTF8.self), path: path)
  }

  /// Train rows that the bundle keeps, to learn on from: what `replay.safetensors` holds. Read when asked for: answers
  /// do not need it. Nil where it keeps none.
  /// - Throws: `BundleError` where the file is damaged or missing.
  public func replay() throws -> ReplayBuffer? {
    if let heldReplay { return heldReplay }
    guard let record = description.replay else { return nil }
    let file = path + "/" + FileName.replay
    guard FileDigest.sha256(path: file) == record.sha256 else {
      throw BundleError(
        path: file, reason: "It is missing, or not what was written with the bundle.",
        remedy: "Copy the bundle again, or draw the rows anew from the old manifest with --replay.")
    }
    do {
      return try ReplayBuffer(path: file, tasks: description.tasks, sets: description.series?.sets ?? [])
    } catch let error as TrainingError {
      throw BundleError(path: error.place, reason: error.reason, remedy: error.remedy)
    }
  }

  /// Reads a bundle.
  /// - Throws: `BundleError` when it is missing, of a newer format or broken; everything that does not fit is
  ///   named at once.
  public init(path: String) throws { try self.init(path: path, on: nil) }

  /// Reads a bundle, or the part of one that stands beside an adapter's pairs.
  /// - Parameter base: gives the parameters and the tokenizer that the folder lacks; nil for a whole bundle.
  init(path: String, on base: ModelBundle?) throws {
    if base == nil, AdapterFolder.isOne(path) {
      throw BundleError(
        path: path,
        reason: "This is the folder of an adapter, which answers only with the bundle it was trained on.",
        remedy: "Name that bundle with --bundle, and this folder with --adapter.")
    }
    func data(_ name: String) throws -> Data {
      guard let data = FileManager.default.contents(atPath: path + "/" + name) else {
        throw BundleError(
          path: path, reason: "This is no bundle: \(name) is missing or cannot be read.",
          remedy: "Name a folder that braid align wrote with --bundle.")
      }
      return data
    }
    let text = try data(FileName.description)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    struct Version: Decodable { var formatVersion: Int }
    do {
      let version = try decoder.decode(Version.self, from: text).formatVersion
      guard version <= BundleDescription.newestFormat else {
        throw BundleError(
          path: path,
          reason:
            "The bundle has format \(version); this Braid reads up to \(BundleDescription.newestFormat).",
          remedy: "Use a newer Braid.")
      }
      description = try decoder.decode(BundleDescription.self, from: text)
    } catch let error as DecodingError {
      throw BundleError(
        path: path + "/" + FileName.description, reason: "It is damaged: \(ModelBundle.words(error))",
        remedy: "Copy the bundle again or train it anew.")
    }
    let problems = description.problems
    guard problems.isEmpty else {
      throw BundleError(
        path: path + "/" + FileName.description,
        reason: "It is damaged: \(problems.joined(separator: "; ")).",
        remedy: "Copy the bundle again or train it anew.")
    }
    let words = path + "/" + FileName.tokenizer
    if base != nil, !FileManager.default.fileExists(atPath: words) {
      tokenizer = base?.tokenizer
    } else {
      tokenizer = description.text == nil ? nil : try Tokenizers.read(path: words)
    }
    _ = try data(FileName.recipe)
    var hash = SHA256()
    hash.update(data: text)
    hash.update(data: try data(FileName.weights))
    sha256 = hash.finalize().map { String(format: "%02x", $0) }.joined()
    self.path = path
    let file = try SafetensorsFile(path: path + "/" + FileName.weights)
    for index in (description.series?.sets ?? []).indices
    where description.series?.sets[index].kernels != nil {
      let name = ModelBundle.thresholds(of: index)
      let stored = file.names.contains(name) ? try file.floats(name) : []
      guard description.series?.sets[index].kernels?.take(stored) == true else {
        throw BundleError(
          path: path, reason: "\(name): there are \(stored.count), not as many as responses.",
          remedy: "Copy the bundle again or train it anew.")
      }
    }
    (model, familiarity, selector) = try ModelBundle.read(file, description, path: path, base: base?.model)
    appearance = try ModelBundle.appearance(file, description, path: path)
    ensemble = try ModelBundle.ensemble(file, description, path: path)
  }

  /// Name of the thresholds of the convolutions that a channel set's encoder reads.
  private static func thresholds(of set: Int) -> String { "channels.\(set).thresholds" }

  private static func ensemble(
    _ file: SafetensorsFile, _ description: BundleDescription, path: String
  ) throws -> SeriesEnsemble {
    guard let records = description.ensemble else { return SeriesEnsemble() }
    var tensors: [String: Tensor] = [:]
    for name in file.names where name.hasPrefix("ensemble.") {
      tensors[name] = Tensor(try file.floats(name), shape: file.shape(name) ?? [])
    }
    do {
      return try SeriesEnsemble(
        records, tensors: tensors, tasks: description.tasks, configuration: description.series)
    } catch let error as TrainingError {
      throw BundleError(path: path, reason: "\(error.place): \(error.reason)", remedy: error.remedy)
    }
  }

  private static func appearance(
    _ file: SafetensorsFile, _ description: BundleDescription, path: String
  ) throws -> [FamiliarityKey: Familiarity] {
    var found: [FamiliarityKey: Familiarity] = [:]
    for record in description.appearance ?? [] {
      let name = "appearance.\(record.task).\(record.kind.rawValue)"
      guard let shape = file.shape(name), shape.count == 2, shape[0] == record.ids.count else {
        throw BundleError(
          path: path, reason: "The appearances of task \(record.task) do not fit their ids.",
          remedy: "Copy the bundle again.")
      }
      let floats = try file.floats(name), width = shape[1]
      found[FamiliarityKey(task: record.task, kind: record.kind)] = Familiarity(
        prototypes: record.ids.indices.map { Array(floats[$0 * width..<($0 + 1) * width]) }, ids: record.ids,
        usual: record.usual)
    }
    return found
  }

  static func words(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "“\(key.stringValue)” is missing."
    case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is no JSON, or is cut off."
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” cannot be read."
    @unknown default: "it cannot be read."
    }
  }

  private static func read(
    _ file: SafetensorsFile, _ description: BundleDescription, path: String,
    base: AlignedModel<ModelHeads>?
  ) throws -> (AlignedModel<ModelHeads>, [FamiliarityKey: Familiarity], ModalitySelector) {
    var values: [String: Tensor] = [:], extras: [String: [Float]] = [:]
    var networks: [String: [String: Tensor]] = [:]
    for name in file.names {
      if ["appearance.", "ensemble.", "channels."].contains(where: name.hasPrefix) { continue }
      let floats = try file.floats(name)
      if name.hasPrefix("familiarity.") {
        extras[name] = floats
      } else if name.hasPrefix("selector.") {
        let kind = String(name.dropFirst(9).prefix { $0 != "." })
        networks[kind, default: [:]][name] = Tensor(floats, shape: file.shape(name) ?? [])
      } else {
        values[name] = Tensor(floats, shape: file.shape(name) ?? [])
      }
    }
    var unfilled = Unfilled()
    let shape = fresh(
      vision: description.vision, series: description.series, text: description.text,
      embedding: description.embedding, decoder: description.decoder, tasks: description.tasks,
      kinds: description.kinds, smoothing: 0, using: &unfilled)
    if let base {
      let needed = Set(shape.parameters("").map(\.name))
      for (name, tensor) in base.parameters("") where values[name] == nil && needed.contains(name) {
        values[name] = tensor
      }
    }
    do {
      var familiarity: [FamiliarityKey: Familiarity] = [:]
      for record in description.familiarity {
        let floats = extras["familiarity.\(record.task).\(record.kind.rawValue)"] ?? []
        let width = description.embedding
        guard floats.count == record.ids.count * width else {
          throw BundleError(
            path: path, reason: "The prototypes of task \(record.task) do not fit their ids.",
            remedy: "Copy the bundle again.")
        }
        familiarity[FamiliarityKey(task: record.task, kind: record.kind)] = Familiarity(
          prototypes: record.ids.indices.map { Array(floats[$0 * width..<($0 + 1) * width]) },
          ids: record.ids,
          usual: record.usual)
      }
      var trained: [String: TrustNetwork] = [:]
      for kind in description.selectorKinds {
        trained[kind] = try TrustNetwork(using: &unfilled).loading(
          networks[kind] ?? [:], prefix: "selector.\(kind)")
      }
      return (
        try shape.loading(values, prefix: ""), familiarity,
        ModalitySelector(networks: trained, threshold: description.selectorThreshold)
      )
    } catch let problems as LoadingProblems {
      throw BundleError(
        path: path, reason: "The weights do not fit the description: \(problems).",
        remedy: "Copy the bundle again or train it anew.")
    }
  }
}
