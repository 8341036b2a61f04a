import Alignment
import Crypto
import Foundation
import Layers
import Tensors

extension ModelBundle {
  /// The bundle with an adapter merged into its maps, in memory. Heads, maps into the shared space, calibration and
  /// tasks are those that were trained with the adapter, where its folder holds them as Braid writes it; otherwise the
  /// bundle's own.
  /// - Parameter path: the adapter's folder, as PEFT or a training saved it.
  /// - Throws: `BundleError` for a folder that is no adapter's, one of another base, or with tensors that do not fit
  ///   (each one named); `SafetensorsError`.
  public func applying(adapter path: String) throws -> ModelBundle { try applying(AdapterFolder(path: path)) }

  func applying(_ folder: AdapterFolder) throws -> ModelBundle {
    let merged = description.adapters ?? [], own = try baseSHA256(for: folder)
    var bundle = folder.hasAnswers ? try ModelBundle(path: folder.path, on: self) : self
    let pairs = try bundle.pairs(of: folder, base: path)
    bundle.model = bundle.model.attaching(pairs).mergingPairs()
    // As it is stored, so that answers are the same before and after.
    if bundle.description.matrixType != .f32 { bundle.model = bundle.model.roundedToStorage() }
    var record = AdapterRecord(
      name: folder.name, base: folder.configuration.base ?? description.name,
      baseSHA256: folder.baseSHA256 ?? "", sha256: folder.sha256,
      r: folder.configuration.rank ?? folder.pairs[0].pair.rank, alpha: folder.configuration.alpha ?? 0,
      targets: folder.configuration.targetNames, maps: pairs.count,
      parameters: folder.pairs.reduce(0) { $0 + $1.pair.a.count + $1.pair.b.count },
      trained: folder.hasAnswers ? bundle.description.adapters?.last?.trained : nil)
    // The first adapter's base is that of all that follow.
    if merged.isEmpty, record.baseSHA256.isEmpty { record.baseSHA256 = own }
    // What was measured, was measured on other weights.
    if !folder.hasAnswers || own != folder.baseSHA256 { bundle.description.training.evaluations = [] }
    bundle.description.adapters = merged + [record]
    bundle.description.name = "\(description.name)+\(folder.name)"
    if folder.hasAnswers { bundle.heldRecipe = try bundle.recipe() }
    (bundle.path, bundle.sha256) = (path, SHA256.hexadecimal(of: Data((sha256 + folder.sha256).utf8)))
    return bundle
  }

  /// An adapter that tells what it was trained on fits that bundle, and copies of it into which others were merged.
  /// - Returns: SHA-256 of the bundle's own weights.
  private func baseSHA256(for folder: AdapterFolder) throws -> String {
    let merged = description.adapters ?? [], own = try weightsSHA256()
    if let twice = merged.first(where: { $0.sha256 == folder.sha256 }) {
      throw BundleError(
        path: folder.path,
        reason: "This adapter is merged into \(path) already, as \(twice.name).",
        remedy: "Use the bundle as it is, or start from its base.")
    }
    guard let wanted = folder.baseSHA256, !wanted.isEmpty else { return own }
    guard ([own] + merged.map(\.baseSHA256)).contains(wanted) else {
      throw BundleError(
        path: folder.path,
        reason:
          "The adapter was trained on \(folder.configuration.base ?? "another bundle") with weights of the SHA-256 "
          + "\(wanted); those of \(path) have \(own).",
        remedy: "Name the bundle that it was trained on.")
    }
    return own
  }

  /// The pairs by Braid's names of the maps.
  private func pairs(of folder: AdapterFolder, base: String) throws -> [String: LowRankPair] {
    let known = description.modules ?? [:]
    var places: [String: [(map: String, start: Int, total: Int?)]] = [:], shapes: [String: [Int]] = [:]
    for (name, map) in model.linearMaps {
      shapes[name] = map.weight.shape
      places[name, default: []].append((name, 0, nil))
      if let module = known[name] {
        places[module.name, default: []].append((name, module.start ?? 0, module.total))
      }
    }
    var found: [String: LowRankPair] = [:], problems: [String] = []
    for (module, pair) in folder.pairs {
      guard let maps = ModelBundle.place(module, in: places) else {
        problems.append("\(module) has no place in the bundle")
        continue
      }
      for (map, start, total) in maps {
        let shape = shapes[map] ?? [], rows = total ?? shape[0]
        guard pair.a.shape[1] == shape[1], pair.b.shape[0] == rows else {
          problems.append(
            "\(module) has halves of the shapes \(pair.a.shape) and \(pair.b.shape) for a map of \([rows, shape[1]])"
          )
          break
        }
        var own = pair
        if total != nil {
          own.b = Tape(.inference).slice(pair.b, axis: 0, from: start, count: shape[0])
        }
        found[map] = own
      }
    }
    guard problems.isEmpty else {
      throw BundleError(
        path: folder.path,
        reason: "The adapter does not fit \(base): \(problems.joined(separator: "; ")).",
        remedy: known.isEmpty && description.origin != nil
          ? "Import the base again: this bundle does not tell the names of the original's modules."
          : "Name the bundle that it was trained on.")
    }
    return found
  }

  /// A module's maps; a model with a head puts the encoder's own name before its modules.
  private static func place<Value>(_ module: String, in places: [String: Value]) -> Value? {
    var rest = module.components(separatedBy: ".")
    while !rest.isEmpty {
      if let found = places[rest.joined(separator: ".")] { return found }
      rest.removeFirst()
    }
    return nil
  }
}
