import Alignment
import Foundation

/// A folder for one test, removed with it.
final class ManifestFolder: Sendable {
  let path: String

  init() throws {
    path =
      URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
      + "/braid-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path + "/scans", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  func manifest(_ text: String, allowLeak: Bool = false) throws -> Manifest {
    try Manifest(path: write("manifest.csv", text), options: .init(allowLeak: allowLeak))
  }
}

/// The data sets that may stand beside a checkout.
enum SharedManifests {
  static let folder: String? = {
    let environment = ProcessInfo.processInfo.environment["BRAID_SHARED"]
    let beside =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/shared"
    return [environment, beside].compactMap { $0.map { $0 + "/data/manifests" } }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()
}
