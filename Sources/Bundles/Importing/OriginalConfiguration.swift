import Encoders
import Tensors

/// What `config.json` may say of a model, under the names of transformers (and of timm, where they differ). Which
/// fields must be there depends on the architecture.
struct OriginalConfiguration: Decodable {
  /// A number, or one for each axis.
  enum Size: Decodable {
    case one(Int)
    case axes([Int])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let one = try? value.decode(Int.self) {
        self = .one(one)
      } else {
        self = .axes(try value.decode([Int].self))
      }
    }

    /// The side of a square; nil for other shapes.
    var side: Int? {
      switch self {
      case .one(let side): side
      case .axes(let axes): Set(axes).count == 1 ? axes[0] : nil
      }
    }
  }

  /// What timm says of the images that a model was trained on.
  struct Pretrained: Decodable {
    var inputSize: [Int]?
    var mean: [Float]?
    var std: [Float]?
    var cropPct: Float?
    var interpolation: String?
  }

  /// One of the two towers of CLIP.
  struct Tower: Decodable {
    var hiddenSize: Int?
    var numHiddenLayers: Int?
    var numAttentionHeads: Int?
    var intermediateSize: Int?
    var hiddenAct: String?
    var layerNormEps: Float?
    var vocabSize: Int?
    var maxPositionEmbeddings: Int?
    var eosTokenId: Int?
    var imageSize: Size?
    var patchSize: Size?
    var numChannels: Int?
  }

  var modelType: String?
  var architectures: [String]?

  var hiddenSize: Int?
  var numHiddenLayers: Int?
  var numAttentionHeads: Int?
  var intermediateSize: Int?
  var hiddenAct: String?
  var layerNormEps: Float?

  var vocabSize: Int?
  var maxPositionEmbeddings: Int?
  var typeVocabSize: Int?
  var padTokenId: Int?
  var positionEmbeddingType: String?
  var isDecoder: Bool?

  /// DistilBERT's names.
  var dim: Int?
  var nLayers: Int?
  var nHeads: Int?
  var hiddenDim: Int?
  var activation: String?

  var imageSize: Size?
  var patchSize: Size?
  var numChannels: Int?
  var qkvBias: Bool?

  /// CLIP's towers, and the width of the space that they share.
  var textConfig: Tower?
  var visionConfig: Tower?
  var projectionDim: Int?

  /// timm's names.
  var architecture: String?
  var numFeatures: Int?
  var globalPool: String?
  /// Of an EfficientNet that is not of the usual shape: repeats, kernel, stride, expansion and width of each stage.
  var stages: [[Int]]?
  var stemWidth: Int?
  var pretrainedCfg: Pretrained?

  /// The name that people know the model by.
  var name: String { architectures?.first ?? architecture ?? modelType ?? "a model without a name" }
}

/// Fields of a configuration, each checked before anything is built from it.
struct CheckedConfiguration {
  let path: String

  /// - Throws: `BundleError` where the value is missing or out of range.
  func number(_ value: Int?, _ key: String, in range: ClosedRange<Int>) throws -> Int {
    guard let value else { throw refusal("\(key) is missing.") }
    guard range.contains(value) else {
      throw refusal("\(key) is \(value); it must lie between \(range.lowerBound) and \(range.upperBound).")
    }
    return value
  }

  func epsilon(_ value: Float?, or other: Float) throws -> Float {
    let epsilon = value ?? other
    guard epsilon > 0, epsilon < 1 else {
      throw refusal("layer_norm_eps is \(epsilon); it must lie between 0 and 1.")
    }
    return epsilon
  }

  func activation(_ name: String?) throws -> Activation {
    switch name ?? "gelu" {
    case "gelu", "gelu_python": return .gelu
    case "relu": return .relu
    case "silu", "swish": return .silu
    case "quick_gelu": return .quickGelu
    case let other:
      throw BundleError(
        path: path, reason: "The activation \(other) is not supported.",
        remedy: "Supported are gelu (the erf form), relu, silu and quick_gelu.")
    }
  }

  func heads(_ value: Int?, _ key: String, width: Int) throws -> Int {
    let heads = try number(value, key, in: 1...1024)
    guard width % heads == 0 else {
      throw refusal("\(key) is \(heads), which does not divide the width \(width).")
    }
    return heads
  }

  func refusal(_ reason: String) -> BundleError {
    BundleError(path: path, reason: reason, remedy: "Copy or download the model's folder again.")
  }
}
