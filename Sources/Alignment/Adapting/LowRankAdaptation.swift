import Layers

/// How a bundle is fine-tuned by low-rank pairs beside frozen maps (Hu et al. 2021, "LoRA"): the recipe's `lora`.
public struct LowRankAdaptation: Sendable, Codable, Hashable {
  /// Rank of every pair.
  public var r = 16
  /// What a pair adds is scaled by alpha / r.
  public var alpha: Float = 32
  /// Share of a pair's input that is dropped, in training.
  public var dropout: Float = 0.1
  /// Names of the maps that carry a pair, as the field calls them; see `names`.
  public var targets = ["q_proj", "v_proj"]
  /// Factor on the learning rate. Pairs begin at nothing and tear nothing up, so they learn faster than the weights
  /// beside them would, by about ten times (Hu et al. 2021).
  public var rate: Float = 1

  /// The values that are usual for small models.
  public init() {}

  /// Every name that `targets` may hold, with the last part of Braid's own name of such a map.
  public static let names: KeyValuePairs<String, String> = [
    "q_proj": "query", "k_proj": "key", "v_proj": "value", "o_proj": "out", "out_proj": "out",
    "fc1": "expand", "up_proj": "expand", "fc2": "contract", "down_proj": "contract",
  ]

  /// Keys that are missing keep their usual values.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    r = try values.decodeIfPresent(Int.self, forKey: .r) ?? r
    alpha = try values.decodeIfPresent(Float.self, forKey: .alpha) ?? alpha
    dropout = try values.decodeIfPresent(Float.self, forKey: .dropout) ?? dropout
    targets = try values.decodeIfPresent([String].self, forKey: .targets) ?? targets
    rate = try values.decodeIfPresent(Float.self, forKey: .rate) ?? rate
  }

  /// Factor on what a pair adds.
  public var scale: Float { alpha / Float(r) }

  /// Whether a map of this dotted name carries a pair.
  public func isTarget(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init)
    return LowRankAdaptation.names.contains { targets.contains($0.key) && $0.value == last }
  }

  /// What nothing can be trained with, in words; empty for sound values.
  public var problems: [String] {
    var found: [String] = []
    func ask(_ isSound: Bool, _ rule: String) { if !isSound { found.append(rule) } }
    ask((1...4096).contains(r), "lora.r is 1 to 4096, not \(r)")
    ask(alpha > 0 && alpha.isFinite, "lora.alpha is above 0, not \(alpha)")
    ask(rate > 0 && rate.isFinite, "lora.rate is above 0, not \(rate)")
    ask((0..<1).contains(dropout), "lora.dropout is a share from 0 to below 1, not \(dropout)")
    ask(!targets.isEmpty, "lora.targets names no map; known are \(LowRankAdaptation.known)")
    let unknown = targets.filter { target in !LowRankAdaptation.names.contains { $0.key == target } }
    ask(
      unknown.isEmpty,
      "lora.targets holds \(unknown.joined(separator: ", ")); known are \(LowRankAdaptation.known)")
    return found
  }

  /// The known names of targets, in one line.
  public static var known: String { names.map(\.key).joined(separator: ", ") }
}

extension LowRankAdaptation {
  /// What a text on the command line says, such as `r=16,alpha=32,dropout=0.1,targets=q_proj,v_proj`: what it leaves
  /// out keeps its usual value, and words without `=` belong to the targets.
  /// - Throws: `RecipeTextError` in words.
  public init(_ text: String) throws {
    self.init()
    var key = "", given: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0.drop { $0 == " " }) }
      let value = sides[sides.count - 1]
      if sides.count == 2 {
        key = sides[0]
        guard given.insert(key).inserted else { throw RecipeTextError("\(key) is given twice") }
        if key == "targets" { targets = [] }
      } else if key != "targets" {
        throw RecipeTextError(
          "“\(part)” says nothing; write key=value, keys are r, alpha, dropout, rate, targets")
      }
      switch key {
      case "r": r = try RecipeTextError.number(Int(value), key, value)
      case "alpha": alpha = try RecipeTextError.number(Float(value), key, value)
      case "dropout": dropout = try RecipeTextError.number(Float(value), key, value)
      case "rate": rate = try RecipeTextError.number(Float(value), key, value)
      case "targets": if !value.isEmpty { targets.append(value) }
      default: throw RecipeTextError("“\(key)” is no key; known are r, alpha, dropout, rate, targets")
      }
    }
    if let problem = problems.first { throw RecipeTextError(problem) }
  }
}

/// What is wrong with a part of a recipe on the command line, in words.
public struct RecipeTextError: Error, Sendable, CustomStringConvertible {
  /// A sentence without its stop.
  public let description: String

  init(_ description: String) { self.description = description }

  static func number<Value>(_ value: Value?, _ key: String, _ text: String) throws -> Value {
    guard let value else { throw RecipeTextError("\(key) is a number, not “\(text)”") }
    return value
  }
}
