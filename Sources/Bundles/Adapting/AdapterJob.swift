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
    var bundle = try ModelBundle(path: options.base).applying(folder)
    if let name = options.name { bundle.description.name = name }
    try bundle.write(to: options.out, card: card(bundle), replacing: options.force)
    return (try ModelBundle(path: options.out), folder.leftOut)
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
      "Figures and thresholds above are those of the base, before the last of these adapters was merged into it; "
      + "heads, where that one brought its own, answer in the place of the base's."
    return lines + bundle.description.adapterLines.joined(separator: "\n") + "\n\n" + note + "\n"
  }
}
