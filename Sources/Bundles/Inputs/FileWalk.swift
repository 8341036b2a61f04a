import Decoders
import Foundation

/// The files that paths stand for: themselves, or everything below a folder.
public struct FileWalk: Sendable {
  /// A file to read.
  public struct File: Sendable, Hashable {
    /// As the user named it, or below a folder as named.
    public var path: String
    /// Whether the user named the file itself.
    public var isNamed: Bool
  }

  /// In the order of the paths, those of a folder sorted. Hidden files are passed over, and links to folders are not
  /// followed, so that the walk ends.
  public private(set) var files: [File] = []
  /// Named folders that hold no file, folders that cannot be opened, and links that lead nowhere or to themselves.
  public private(set) var refused: [Decoders.DecodingError] = []

  /// - Parameter paths: files, which need not be there, and folders.
  public init(_ paths: [String]) {
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        files.append(File(path: path, isNamed: true))
        continue
      }
      let (before, known) = (files.count, refused.count)
      walk(path)
      files[before...].sort { $0.path < $1.path }
      if files.count == before && refused.count == known {
        refuse(path, "The folder holds no file.", "Check the path.")
      }
    }
  }

  private mutating func walk(_ root: String) {
    var open = [root]
    while let folder = open.popLast() {
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
      } catch {
        refuse(folder, "The folder cannot be opened.", "Give yourself permission to read it.")
        continue
      }
      let base = folder.hasSuffix("/") ? folder : folder + "/"
      for name in names where !name.hasPrefix(".") { visit(base + name, &open) }
    }
  }

  private mutating func visit(_ path: String, _ open: inout [String]) {
    var own = stat(), target = stat()
    guard lstat(path, &own) == 0 else { return refuseLink(path, errno) }
    guard own.st_mode & S_IFMT == S_IFLNK else {
      if own.st_mode & S_IFMT == S_IFDIR {
        open.append(path)
      } else {
        files.append(File(path: path, isNamed: false))
      }
      return
    }
    guard stat(path, &target) == 0 else { return refuseLink(path, errno) }
    if target.st_mode & S_IFMT != S_IFDIR { files.append(File(path: path, isNamed: false)) }
  }

  private mutating func refuseLink(_ path: String, _ code: Int32) {
    refuse(
      path,
      code == ELOOP
        ? "The link leads back to itself."
        : "The link or file leads nowhere: \(String(cString: strerror(code))).",
      "Check the path and its permissions.")
  }

  private mutating func refuse(_ path: String, _ reason: String, _ remedy: String) {
    refused.append(.init(.notFound, file: path, reason: reason, remedy: remedy))
  }

  /// Whether a file that was met in a folder is simply no scan and no recording, so that it is passed over as notes
  /// and tables of text are. What the user named is never passed over, nor what bears the name of a scan.
  public static func isNoInput(_ error: Decoders.DecodingError, isNamed: Bool) -> Bool {
    guard !isNamed else { return false }
    if error.code == .unknownFormat { return !ScanFormat.isScanName(error.file) }
    let isTable = [".csv", ".tsv", ".txt"].contains { error.file.lowercased().hasSuffix($0) }
    return isTable && (error.code == .unsupported || error.code == .malformed)
  }
}
