import Alignment
import Crypto
import Files
import Foundation
import Layers
import Tensors

/// Low-rank pairs apart from the bundle that they were trained on, as the library PEFT keeps them: a folder of
/// `adapter_model.safetensors` and `adapter_config.json`.
public struct Adapter: Sendable {
  /// How it was trained.
  public var adaptation: LowRankAdaptation
  /// By Braid's names of the maps that carry them, in walk order.
  public var pairs: [(name: String, pair: LowRankPair)]
  /// Name of the bundle, or of the imported model, that it belongs to.
  public var base: String
  /// Of the weights of that bundle, in hexadecimal.
  public var baseSHA256: String
  /// The original's modules where the bundle was imported; Braid's own names stand for maps that it does not hold.
  public var modules: [String: OriginalModule]
  /// Names of the parameters that are the base's own; all others of the bundle stand beside the pairs.
  public var frozen: Set<String>

  /// Names of the files, as PEFT has them.
  enum FileName {
    static let folder = "adapter"
    static let weights = "adapter_model.safetensors"
    static let configuration = "adapter_config.json"
    /// Of a note in the weights' file: SHA-256 of the base's weights.
    static let base = "base_sha256"
    /// What PEFT puts before every name.
    static let prefix = "base_model.model."
  }

  /// One module of the original with the pair that all of its maps make together.
  private struct Module {
    var name: String
    var pair: LowRankPair
    /// Braid's maps that it stands for.
    var count: Int
  }

  /// The pairs under the names of the original. Pairs of maps that share a module become one pair: their A one below
  /// the other, each B beside the next in the rows of its own map.
  private var joined: [Module] {
    var order: [String] = [], groups: [String: [(module: OriginalModule, pair: LowRankPair)]] = [:]
    for (name, pair) in pairs {
      let module = modules[name] ?? OriginalModule(name: name)
      if groups[module.name] == nil { order.append(module.name) }
      groups[module.name, default: []].append((module, pair))
    }
    return order.map { name in
      let parts = groups[name] ?? []
      guard let total = parts[0].module.total else {
        return Module(name: name, pair: parts[0].pair, count: 1)
      }
      let ranks = parts.map(\.pair.rank), rank = ranks.reduce(0, +)
      var b = [Float](repeating: 0, count: total * rank), column = 0
      for (module, pair) in parts {
        let values = pair.b.floats()
        for row in 0..<pair.b.shape[0] {
          for place in 0..<pair.rank {
            b[((module.start ?? 0) + row) * rank + column + place] = values[row * pair.rank + place]
          }
        }
        column += pair.rank
      }
      let pair = LowRankPair(
        a: Tensor(parts.flatMap { $0.pair.a.floats() }, shape: [rank, parts[0].pair.a.shape[1]]),
        b: Tensor(b, shape: [total, rank]), scale: parts[0].pair.scale)
      return Module(name: name, pair: pair, count: parts.count)
    }
  }

  /// The bytes of `adapter_model.safetensors`.
  public var weights: Data {
    let entries = joined.flatMap { module in
      [("lora_A", module.pair.a), ("lora_B", module.pair.b)].map { kind, tensor in
        SafetensorsWriter.Entry(
          name: "\(FileName.prefix)\(module.name).\(kind).weight", shape: tensor.shape,
          values: tensor.floats())
      }
    }
    return SafetensorsWriter.encode(
      entries: entries, metadata: ["format": "pt", FileName.base: baseSHA256])
  }

  /// The bytes of `adapter_config.json`.
  public func configuration() throws -> Data {
    func number(_ value: Float) -> Any { Int(exactly: value) ?? Double("\(value)") ?? Double(value) }
    let modules = joined
    // Modules that several maps share have a rank of their own, and an alpha that keeps their scale.
    let wide = modules.filter { $0.pair.rank != adaptation.r }
    let keys: [String: Any] = [
      "peft_type": "LORA", "r": adaptation.r, "lora_alpha": number(adaptation.alpha),
      "lora_dropout": number(adaptation.dropout), "target_modules": modules.map(\.name), "bias": "none",
      "task_type": pairs.allSatisfy { $0.name.hasPrefix("text.") } ? "FEATURE_EXTRACTION" as Any : NSNull(),
      "base_model_name_or_path": base, "fan_in_fan_out": false, "inference_mode": true,
      "init_lora_weights": true, "modules_to_save": NSNull(), "layers_to_transform": NSNull(),
      "layers_pattern": NSNull(), "use_rslora": false, "use_dora": false, "auto_mapping": NSNull(),
      "revision": NSNull(),
      "rank_pattern": Dictionary(uniqueKeysWithValues: wide.map { ($0.name, $0.pair.rank) }),
      "alpha_pattern": Dictionary(
        uniqueKeysWithValues: wide.map { ($0.name, number($0.pair.scale * Float($0.pair.rank))) }),
    ]
    return try JSONSerialization.data(
      withJSONObject: keys, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// Writes both files.
  /// - Parameter folder: is made.
  /// - Throws: `WritingError`.
  public func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try AtomicFile.write(weights, to: folder + "/" + FileName.weights)
    try AtomicFile.write(configuration(), to: folder + "/" + FileName.configuration)
  }

  /// What a bundle tells of it.
  /// - Parameters:
  ///   - name: of the adapter.
  ///   - trained: values trained with it, heads included; nil where others trained it.
  func record(name: String, trained: Int?) -> AdapterRecord {
    AdapterRecord(
      name: name, base: base, baseSHA256: baseSHA256, sha256: SHA256.hexadecimal(of: weights),
      r: adaptation.r, alpha: adaptation.alpha, targets: adaptation.targets, maps: pairs.count,
      parameters: pairs.reduce(0) { $0 + $1.pair.a.count + $1.pair.b.count }, trained: trained)
  }
}

/// What a bundle tells of low-rank pairs that were merged into its weights.
public struct AdapterRecord: Sendable, Codable {
  /// Of the adapter: that of its folder, or of the bundle that it was trained for.
  public var name: String
  /// Name of the bundle that it was trained on, or what the adapter's own file says of its base.
  public var base: String
  /// Of the weights of that bundle, in hexadecimal; empty where nothing is said of it.
  public var baseSHA256: String
  /// Of the adapter's weights.
  public var sha256: String
  /// Rank of its pairs, where no pair has one of its own.
  public var r: Int
  /// What a pair adds is scaled by alpha / r.
  public var alpha: Float
  /// Names of the maps, as the one who trained it gave them.
  public var targets: [String]
  /// Linear maps that were changed.
  public var maps: Int
  /// Values in the pairs.
  public var parameters: Int
  /// Values that were trained, heads and projections included; nil where others trained it.
  public var trained: Int?
}

extension SHA256 {
  /// Of all bytes, in hexadecimal.
  static func hexadecimal(of data: Data) -> String {
    hash(data: data).map { String(format: "%02x", $0) }.joined()
  }
}
