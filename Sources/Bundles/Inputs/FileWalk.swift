import Decoders
import Foundation

/// The files that paths stand for: themselves, or everything below a folder.
public enum FileWalk {
  /// Files in the order of the paths, those of a folder sorted; hidden files are passed over. Links to folders are
  /// not followed, so that the walk ends.
  /// - Returns: `isNamed` tells whether the user named the file itself.
  public static func files(_ paths: [String]) -> [(path: String, isNamed: Bool)] {
    paths.flatMap { path -> [(path: String, isNamed: Bool)] in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        return [(path, true)]
      }
      let base = path.hasSuffix("/") ? path : path + "/"
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      return names.sorted().filter { name in
        guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: base + name, isDirectory: &isFolder)
          && !isFolder.boolValue
      }.map { (base + $0, false) }
    }
  }
}

extension FileWalk {
  /// Whether a file that was met in a folder is simply no scan and no recording, so that it is passed over as notes
  /// and tables of text are. What the user named is never passed over.
  public static func isNoInput(_ error: Decoders.DecodingError, isNamed: Bool) -> Bool {
    guard !isNamed else { return false }
    if error.code == .unknownFormat { return true }
    let isTable = [".csv", ".tsv", ".txt"].contains { error.file.lowercased().hasSuffix($0) }
    return isTable && (error.code == .unsupported || error.code == .malformed)
  }
}
