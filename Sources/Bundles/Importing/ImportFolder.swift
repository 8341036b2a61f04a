import Foundation

/// A local folder in the layout of Hugging Face: `config.json`, safetensors and a vocabulary, as transformers, timm
/// and sentence-transformers save them.
struct ImportFolder {
  /// As the user gave it.
  let path: String
  /// Where `config.json` stands: the folder itself, or the first module of a sentence-transformers folder.
  let model: String
  /// Modules of a sentence-transformers folder in their order: kind, such as `Pooling`, and folder.
  let modules: [(kind: String, path: String)]

  init(path: String) throws {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw BundleError(
        path: path, reason: "There is no such folder.",
        remedy: "Name a local folder that holds config.json and model.safetensors.")
    }
    struct Module: Decodable {
      var path: String
      var type: String
    }
    let listed = try ImportFolder.json([Module].self, path + "/modules.json")
    modules = (listed ?? []).map { module in
      // Paths leave the folder in no published model.
      let inner = module.path.split(separator: "/").filter { $0 != ".." }.joined(separator: "/")
      let kind = module.type.split(separator: ".").last.map(String.init) ?? module.type
      return (kind, inner.isEmpty ? path : path + "/" + inner)
    }
    let candidates = [modules.first { $0.kind == "Transformer" }?.path, path, path + "/0_Transformer"]
    let found = candidates.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0 + "/config.json")
    }
    if found == nil, AdapterFolder.isOne(path) {
      throw BundleError(
        path: path, reason: "This is the folder of an adapter, which changes a model and is none.",
        remedy: "Name the bundle that it was trained on with --base.")
    }
    guard let found else {
      throw BundleError(
        path: path, reason: "This is no model's folder: config.json is missing.",
        remedy: "Name a folder that transformers, timm or sentence-transformers saved.")
    }
    model = found
  }

  /// A JSON file beside `config.json`, or nil where there is none.
  func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
    try ImportFolder.json(type, model + "/" + name)
  }

  /// The weights: one file, or the parts that an index names.
  func weightFiles() throws -> [String] {
    let manager = FileManager.default
    let single = model + "/model.safetensors"
    if manager.fileExists(atPath: single) { return [single] }
    struct Index: Decodable { var weightMap: [String: String] }
    if let index = try json(Index.self, "model.safetensors.index.json") {
      return Set(index.weightMap.values).sorted().map { model + "/" + ($0 as NSString).lastPathComponent }
    }
    let foreign: Set = ["bin", "pt", "pth", "ckpt", "h5", "msgpack", "onnx"]
    let other = try manager.contentsOfDirectory(atPath: model).filter {
      foreign.contains(($0 as NSString).pathExtension)
    }
    throw BundleError(
      path: model,
      reason: "There is no model.safetensors"
        + (other.isEmpty ? "." : "; \(other.sorted().joined(separator: ", ")) cannot be read."),
      remedy: "Save the model as safetensors (safe_serialization in transformers) and import that.")
  }

  /// - Returns: nil where there is no such file.
  /// - Throws: `BundleError` with the key that cannot be read.
  static func json<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BundleError(path: path, reason: "It cannot be read.", remedy: "Check its permissions.")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw BundleError(
        path: path, reason: "It is damaged: \(ModelBundle.words(error))",
        remedy: "Copy or download the file again.")
    }
  }
}
