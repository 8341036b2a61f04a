import Crypto
import Files
import Foundation
import Layers
import Tensors

/// An adapter's folder as PEFT saves it (`adapter_config.json`, `adapter_model.safetensors`), read and checked as far
/// as it can be without its base.
struct AdapterFolder {
  /// As the user gave it.
  let path: String
  /// What `adapter_config.json` says.
  let configuration: Configuration
  /// Pairs by the original's names of the modules, in the order of the names.
  let pairs: [(module: String, pair: LowRankPair)]
  /// Tensors of heads, which embedding does not use.
  let leftOut: [String]
  /// SHA-256 of the weights of the base, in hexadecimal; nil where the folder does not tell.
  let baseSHA256: String?
  /// SHA-256 of the adapter's weights, in hexadecimal.
  let sha256: String

  /// The part of `adapter_config.json` that decides what an adapter does.
  struct Configuration: Decodable {
    var kind: String?
    var rank: Int?
    var alpha: Float?
    var bias: String?
    var base: String?
    var isStabilised: Bool?
    var isDecomposed: Bool?
    var alphas: [String: Float]?
    var targets: Targets?

    enum CodingKeys: String, CodingKey {
      case kind = "peft_type", rank = "r", alpha = "lora_alpha", bias, base = "base_model_name_or_path"
      case isStabilised = "use_rslora", isDecomposed = "use_dora", alphas = "alpha_pattern"
      case targets = "target_modules"
    }

    /// One expression, or names.
    enum Targets: Decodable {
      case names([String])

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        self = .names(
          try (try? value.decode([String].self)) ?? [value.decode(String.self)])
      }
    }

    var targetNames: [String] { if case .names(let names) = targets { names.sorted() } else { [] } }
  }

  /// Whether heads, maps into the shared space and what they answer stand beside the pairs, as Braid writes them.
  var hasAnswers: Bool { FileManager.default.fileExists(atPath: path + "/bundle.json") }

  /// The folder's name; of a folder inside a bundle, that of the bundle.
  var name: String {
    let place = URL(fileURLWithPath: path).standardizedFileURL
    let parent = place.deletingLastPathComponent()
    let isInside = FileManager.default.fileExists(atPath: parent.path + "/bundle.json")
    return isInside ? parent.deletingPathExtension().lastPathComponent : place.lastPathComponent
  }

  /// Whether a folder holds an adapter.
  static func isOne(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + Adapter.FileName.configuration)
  }

  /// - Throws: `BundleError` with everything that cannot be used, `SafetensorsError`.
  init(path: String) throws {
    self.path = path
    let place = path + "/" + Adapter.FileName.configuration
    guard let text = FileManager.default.contents(atPath: place) else {
      throw BundleError(
        path: path, reason: "This is no adapter's folder: \(Adapter.FileName.configuration) is missing.",
        remedy: "Name a folder that PEFT saved, or the folder adapter of a bundle.")
    }
    do {
      configuration = try JSONDecoder().decode(Configuration.self, from: text)
    } catch let error as DecodingError {
      throw BundleError(
        path: place, reason: "It is damaged: \(ModelBundle.words(error))",
        remedy: "Copy or download the file again.")
    }
    if let problem = AdapterFolder.problem(configuration) {
      throw BundleError(
        path: place, reason: problem, remedy: "Supported are plain LoRA adapters of linear maps.")
    }
    let weights = path + "/" + Adapter.FileName.weights
    let file = try SafetensorsFile(path: weights)
    sha256 = SHA256.hexadecimal(
      of: try Data(contentsOf: URL(fileURLWithPath: weights), options: .mappedIfSafe))
    baseSHA256 = file.metadata[Adapter.FileName.base]
    (pairs, leftOut) = try AdapterFolder.read(file, configuration)
  }

  private static func problem(_ configuration: Configuration) -> String? {
    if configuration.kind?.uppercased() != "LORA" {
      return "The adapter is of the kind \(configuration.kind ?? "unknown") (peft_type), not LORA."
    }
    if configuration.isDecomposed == true { return "The adapter changes magnitudes too (use_dora)." }
    if let bias = configuration.bias, bias != "none" {
      return "The adapter has biases of its own (bias is \(bias))."
    }
    let plain = { (letter: Character) in letter.isLetter || letter.isNumber || "._-".contains(letter) }
    if let other = (configuration.alphas ?? [:]).first(where: {
      !$0.key.allSatisfy(plain) || !$0.value.isFinite
    }) {
      return "alpha_pattern holds “\(other.key)”, which is no name of a module with a number."
    }
    guard let alpha = configuration.alpha, alpha.isFinite else {
      return "lora_alpha is missing or no number."
    }
    return nil
  }

  /// Beginnings of what embedding does not use, below the base's own name.
  private static let heads = [
    "pooler.", "classifier.", "pre_classifier.", "cls.", "lm_head.", "qa_outputs.", "score.", "head.",
    "vocab_",
  ]

  private static func read(
    _ file: SafetensorsFile, _ configuration: Configuration
  ) throws -> (pairs: [(module: String, pair: LowRankPair)], leftOut: [String]) {
    var halves: [String: (a: String?, b: String?)] = [:], leftOut: [String] = [], problems: [String] = []
    for name in file.names {
      var plain = name
      if plain.hasPrefix(Adapter.FileName.prefix) { plain.removeFirst(Adapter.FileName.prefix.count) }
      let parts = plain.components(separatedBy: ".")
      // Below the name of the half may stand that of the adapter.
      let half = parts.firstIndex { $0 == "lora_A" || $0 == "lora_B" }
      let module = half.map { parts[..<$0].joined(separator: ".") } ?? plain
      if isHead(module) {
        leftOut.append(name)
      } else if let half, parts.count <= half + 3, parts.last == "weight" {
        if parts[half] == "lora_A" { halves[module, default: (nil, nil)].a = name }
        if parts[half] == "lora_B" { halves[module, default: (nil, nil)].b = name }
      } else {
        problems.append("\(name) is no half of a low-rank pair")
      }
    }
    var pairs: [(module: String, pair: LowRankPair)] = []
    for (module, half) in halves.sorted(by: { $0.key < $1.key }) {
      guard let nameA = half.a, let nameB = half.b else {
        problems.append("\(module) has no \(half.a == nil ? "lora_A" : "lora_B")")
        continue
      }
      let (a, b) = (file.shape(nameA) ?? [], file.shape(nameB) ?? [])
      guard a.count == 2, b.count == 2, a[0] == b[1], a[0] > 0 else {
        problems.append("\(module) has halves of the shapes \(a) and \(b), which make no pair")
        continue
      }
      let values = (try file.floats(nameA), try file.floats(nameB))
      guard values.0.allSatisfy(\.isFinite), values.1.allSatisfy(\.isFinite) else {
        problems.append("\(module) holds numbers that are not finite")
        continue
      }
      pairs.append(
        (
          module,
          LowRankPair(
            a: Tensor(values.0, shape: a), b: Tensor(values.1, shape: b),
            scale: scale(module, rank: a[0], configuration))
        ))
    }
    guard problems.isEmpty else {
      throw BundleError(
        path: file.path, reason: "It cannot be used: \(problems.joined(separator: "; ")).",
        remedy: "Supported are plain LoRA adapters of linear maps; copy the file again if it was one.")
    }
    guard !pairs.isEmpty else {
      throw BundleError(
        path: file.path, reason: "It holds no low-rank pair of an encoder.",
        remedy: "Name the folder of a LoRA adapter that changes the encoder.")
    }
    return (pairs, leftOut)
  }

  private static func isHead(_ module: String) -> Bool {
    // Heads stand beside the encoder, which itself may stand under its own name.
    let parts = module.components(separatedBy: ".")
    return heads.contains { (module + ".").hasPrefix($0) }
      || parts.count > 1 && heads.contains { (parts.dropFirst().joined(separator: ".") + ".").hasPrefix($0) }
  }

  /// alpha / r, or alpha / √r (Kalajdzievski 2023), with an alpha of the module's own where a pattern names it.
  private static func scale(_ module: String, rank: Int, _ configuration: Configuration) -> Float {
    let own = (configuration.alphas ?? [:]).sorted { $0.key < $1.key }.first { key, _ in
      module == key || module.hasSuffix("." + key)
    }
    let alpha = own?.value ?? configuration.alpha ?? Float(rank)
    return alpha / (configuration.isStabilised == true ? Float(rank).squareRoot() : Float(rank))
  }
}
