import Alignment
import Layers

/// Where one of Braid's linear maps stands in the model that it was imported from, so that adapters fit both.
public struct OriginalModule: Sendable, Codable, Hashable {
  /// The original's name of the module, such as `encoder.layer.0.attention.self.query`.
  public var name: String
  /// The first of the map's outputs in a module that several maps share; nil where it has its own.
  public var start: Int?
  /// All outputs of the shared module; nil with `start`.
  public var total: Int?

  /// - Parameter name: the original's name of the module.
  public init(name: String, start: Int? = nil, total: Int? = nil) {
    (self.name, self.start, self.total) = (name, start, total)
  }
}

extension ImportPlan {
  /// The original's modules of a model's linear maps, by Braid's names of the maps.
  func modules(of model: some Layer) -> [String: OriginalModule] {
    var found: [String: OriginalModule] = [:]
    let suffix = ".weight"
    for (name, _) in model.linearMaps {
      guard let origin = origin(of: name + suffix), origin.name.hasSuffix(suffix) else { continue }
      var module = OriginalModule(name: String(origin.name.dropLast(suffix.count)))
      if case .rows(let start, let total) = origin.layout { (module.start, module.total) = (start, total) }
      found[name] = module
    }
    return found
  }
}
