import Files
import Foundation

/// The versions of a bundle that learned on: the current one is the bundle's folder itself, earlier ones stand whole in
/// its folder `versions`, each under its number. All of them change places at once, when the folder is exchanged for one
/// that was made ready beside it; whoever is killed meanwhile leaves the one or the other.
public struct BundleVersions: Sendable {
  /// Name of the folder within a bundle.
  static let folder = "versions"

  /// One version.
  public struct Entry: Sendable, Encodable, Hashable {
    /// 1 for the bundle that was trained from nothing.
    public var version: Int
    /// Whether the bundle answers with it.
    public var isCurrent: Bool
    /// Version that it was continued from; nil for the first.
    public var parent: Int?
    /// When its training began: ISO 8601 in UTC.
    public var created: String
    /// Name of the manifest that was learned.
    public var manifest: String
    /// Rows of that manifest by split.
    public var rows: [String: Int]
    /// Labels of all tasks, in their order.
    public var labels: [String]
    /// Mean recall of old labels on old rows after it learned on; nil for the first version.
    public var oldRecall: Double?
    /// Accuracy on the validation part; nil without one.
    public var accuracy: Double?
    /// Macro F1 on the validation part; nil without one.
    public var macroF1: Double?
    /// Folder that it can be read from as it is.
    public var path: String
  }

  /// The bundle's folder, without a slash at its end.
  public let path: String

  /// - Parameter path: the bundle's folder.
  public init(path: String) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  private var earlier: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + Self.folder)) ?? []
    return names.compactMap { Int($0) }.sorted()
  }

  private func place(_ version: Int) -> String { "\(path)/\(Self.folder)/\(version)" }

  /// All versions by their numbers.
  /// - Throws: `BundleError` where one cannot be read.
  public func entries() throws -> [Entry] {
    AtomicFile.sweep(path)
    let current = try ModelBundle(path: path)
    let others = try earlier.map { Self.entry(try ModelBundle(path: place($0)), isCurrent: false) }
    return (others + [Self.entry(current, isCurrent: true)]).sorted { $0.version < $1.version }
  }

  private static func entry(_ bundle: ModelBundle, isCurrent: Bool) -> Entry {
    let description = bundle.description, record = description.training
    let held = record.evaluations.first { $0.split == "val" }
    return Entry(
      version: description.version, isCurrent: isCurrent, parent: description.continuation?.parent,
      created: record.created, manifest: record.manifest, rows: record.rows,
      labels: description.tasks.flatMap(\.labels), oldRecall: description.continuation?.table.meanAfter,
      accuracy: held?.accuracy, macroF1: held?.macroF1, path: bundle.path)
  }

  /// The number after the greatest.
  func next(after current: Int) -> Int { (earlier + [current]).max().map { $0 + 1 } ?? 2 }

  /// Puts a continued bundle in the place of the one that it was continued from, which becomes an earlier version.
  /// - Parameter parent: as it was read.
  /// - Throws: `BundleError` where another bundle stands there by now, `WritingError`; the old one then stays.
  func add(_ bundle: ModelBundle, card: String, page: Data, parent: ModelBundle) throws {
    guard try ModelBundle(path: path).sha256 == parent.sha256 else {
      throw BundleError(
        path: path, reason: "The bundle was changed while it was being continued.",
        remedy: "Continue it again, as it is now.")
    }
    try WholeFolder.write(to: path) { folder in
      try bundle.writeFiles(to: folder, card: card, page: page)
      try keep(in: folder, current: parent.description.version)
    }
  }

  /// Makes an earlier version the current one; all are kept.
  /// - Throws: `BundleError` where there is no such version or it cannot be read, `WritingError`; nothing has then changed.
  /// - Returns: the bundle as it is now.
  public func use(_ version: Int) throws -> ModelBundle {
    AtomicFile.sweep(path)
    let current = try ModelBundle(path: path)
    guard version != current.description.version else { return current }
    guard earlier.contains(version) else {
      let known = (earlier + [current.description.version]).sorted().map(String.init)
      throw BundleError(
        path: path, reason: "There is no version \(version).",
        remedy: "There \(known.count == 1 ? "is" : "are") \(known.joined(separator: ", ")).")
    }
    let source = place(version)
    guard try ModelBundle(path: source).description.version == version else {
      throw BundleError(
        path: source, reason: "The folder holds another version than its name says.",
        remedy: "Copy the bundle again.")
    }
    try WholeFolder.write(to: path) { folder in
      try WholeFolder.share(source, to: folder)
      try keep(in: folder, current: current.description.version, but: version)
    }
    return try ModelBundle(path: path)
  }

  /// Gives a folder the versions of this one, with the current one among the earlier.
  private func keep(in folder: String, current: Int, but left: Int? = nil) throws {
    let versions = folder + "/" + Self.folder
    for version in earlier where version != left && version != current {
      try WholeFolder.share(place(version), to: "\(versions)/\(version)")
    }
    try WholeFolder.share(path, to: "\(versions)/\(current)", leaving: [Self.folder])
  }
}
