import Encoders

extension ImportPlan {
  /// Finds out what a folder holds.
  /// - Parameter pooling: instead of what the folder says.
  /// - Throws: `BundleError` that names the architecture where it is not supported.
  init(_ folder: ImportFolder, pooling: TokenPooling?) throws {
    let path = folder.model + "/config.json"
    guard let original = try folder.json(OriginalConfiguration.self, "config.json") else {
      throw BundleError(path: path, reason: "It cannot be read.", remedy: "Check its permissions.")
    }
    switch original.modelType {
    case "bert", "distilbert", "roberta": self = try .bert(original, folder, pooling: pooling)
    case "vit": self = try .vision(original, folder, pooling: pooling)
    case "clip": self = try .clip(original, folder, pooling: pooling)
    case nil where original.architecture?.hasPrefix("vit_") == true:
      self = try .timm(original, folder, pooling: pooling)
    case nil where ImportPlan.efficientNets[original.architecture ?? ""] != nil:
      self = try .efficientNet(
        original, folder, isTimm: ImportPlan.efficientNets[original.architecture ?? ""] ?? true,
        pooling: pooling)
    case let type: throw ImportPlan.unsupported(type ?? original.name, path)
    }
  }

  static func unsupported(_ name: String, _ path: String) -> BundleError {
    BundleError(
      path: path, reason: "The architecture “\(name)” is not supported.",
      remedy:
        "Supported are bert, distilbert and roberta (text, also in sentence-transformers folders), vit (images), clip (both), "
        + "timm's vit_tiny, vit_small, vit_base and vit_large with patches and a class token, and EfficientNet-Lite0 "
        + "(timm's tf_efficientnet_lite0, or efficientnet-lite0).")
  }
}
