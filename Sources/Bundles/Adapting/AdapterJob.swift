import Alignment
import Files
import Foundation
import Layers
import Tensors

/// Merges an adapter into a copy of a bundle: what `braid import ADAPTER --base BUNDLE` does. Several may be merged one
/// after the other.
public struct AdapterJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// The adapter's folder, as PEFT or a training saved it.
    public var folder: String
    /// Folder of the bundle that the adapter belongs to.
    public var base: String
    /// Folder of the bundle to write.
    public var out: String
    /// Of the bundle; that of the base with the adapter's by default.
    public var name: String?
    /// Replace an existing bundle.
    public var force = false

    /// - Parameters:
    ///   - folder: the adapter's.
    ///   - base: folder of the bundle that it belongs to.
    ///   - out: folder of the bundle to write.
    public init(folder: String, base: String, out: String) {
      (self.folder, self.base, self.out) = (folder, base, out)
    }
  }

  /// What the user asked for.
  public var options: Options

  /// - Parameter options: what the user asked for.
  public init(_ options: Options) { self.options = options }

  /// - Returns: the bundle as it was read back from `out`, and the adapter's tensors that embedding does not use.
  /// - Throws: `BundleError` for a folder that is no adapter's, one of another kind, of another base, or with tensors
  ///   that do not fit (each one named); `SafetensorsError`, `WritingError`.
  public func run() throws -> (bundle: ModelBundle, leftOut: [String]) {
    try ModelBundle.refuseExisting(options.out, replacing: options.force)
    let folder = try AdapterFolder(path: options.folder)
    var bundle = try ModelBundle(path: options.base)
    try refuseForeign(folder, bundle)
    let pairs = try fitted(folder, bundle)
    bundle.model = bundle.model.attaching(pairs).mergingPairs()
    let record = AdapterRecord(
      name: adapterName, base: folder.configuration.base ?? bundle.description.name,
      baseSHA256: folder.baseSHA256 ?? "", sha256: folder.sha256,
      r: folder.configuration.rank ?? folder.pairs[0].pair.rank, alpha: folder.configuration.alpha ?? 0,
      targets: folder.configuration.targetNames, maps: pairs.count,
      parameters: folder.pairs.reduce(0) { $0 + $1.pair.a.count + $1.pair.b.count }, trained: nil)
    var records = (bundle.description.adapters ?? []) + [record]
    // The first adapter's base is that of all that follow.
    if records[0].baseSHA256.isEmpty { records[0].baseSHA256 = try bundle.weightsSHA256() }
    bundle.description.adapters = records
    bundle.description.name = options.name ?? "\(bundle.description.name)+\(adapterName)"
    // What was measured, was measured on other weights.
    bundle.description.training.evaluations = []
    try bundle.write(to: options.out, card: card(bundle), replacing: options.force)
    return (try ModelBundle(path: options.out), folder.leftOut)
  }

  /// The folder's name; of a folder inside a bundle, that of the bundle.
  private var adapterName: String {
    let place = URL(fileURLWithPath: options.folder).standardizedFileURL
    let parent = place.deletingLastPathComponent()
    let isInside = FileManager.default.fileExists(atPath: parent.path + "/bundle.json")
    return isInside ? parent.deletingPathExtension().lastPathComponent : place.lastPathComponent
  }

  /// An adapter that tells what it was trained on fits that bundle, and copies of it into which others were merged.
  private func refuseForeign(_ folder: AdapterFolder, _ bundle: ModelBundle) throws {
    let merged = bundle.description.adapters ?? []
    if let twice = merged.first(where: { $0.sha256 == folder.sha256 }) {
      throw BundleError(
        path: options.folder,
        reason: "This adapter is merged into \(options.base) already, as \(twice.name).",
        remedy: "Use the bundle as it is, or start from its base.")
    }
    guard let wanted = folder.baseSHA256, !wanted.isEmpty else { return }
    let found = try [bundle.weightsSHA256()] + merged.map(\.baseSHA256)
    guard found.contains(wanted) else {
      throw BundleError(
        path: options.folder,
        reason:
          "The adapter was trained on \(folder.configuration.base ?? "another bundle") with weights of the SHA-256 "
          + "\(wanted); those of \(options.base) have \(found[0]).",
        remedy: "Name the bundle that it was trained on with --base.")
    }
  }

  /// The pairs by Braid's names of the maps.
  private func fitted(_ folder: AdapterFolder, _ bundle: ModelBundle) throws -> [String: LowRankPair] {
    let known = bundle.description.modules ?? [:]
    var places: [String: [(map: String, start: Int, total: Int?)]] = [:], shapes: [String: [Int]] = [:]
    for (name, map) in bundle.model.linearMaps {
      shapes[name] = map.weight.shape
      places[name, default: []].append((name, 0, nil))
      if let module = known[name] {
        places[module.name, default: []].append((name, module.start ?? 0, module.total))
      }
    }
    var found: [String: LowRankPair] = [:], problems: [String] = []
    for (module, pair) in folder.pairs {
      guard let maps = AdapterJob.place(module, in: places) else {
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
        path: options.folder,
        reason: "The adapter does not fit \(options.base): \(problems.joined(separator: "; ")).",
        remedy: known.isEmpty && bundle.description.origin != nil
          ? "Import the base again: this bundle does not tell the names of the original's modules."
          : "Name the bundle that it was trained on with --base.")
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

  /// The base's card, and what was merged.
  private func card(_ bundle: ModelBundle) -> String {
    let path = options.base + "/CARD.md"
    var lines = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    if let old = lines.range(of: "\n## Adapters\n") {
      // An imported base's list stands at the end; a trained one's before its tasks.
      let end = lines[old.upperBound...].range(of: "\n## ")?.lowerBound ?? lines.endIndex
      lines.removeSubrange(old.lowerBound..<end)
    }
    let note =
      "Figures and thresholds above are those of the base, before the last of these adapters was merged into it."
    return lines + bundle.description.adapterLines.joined(separator: "\n") + "\n\n" + note + "\n"
  }
}
