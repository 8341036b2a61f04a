import Foundation

/// Walks folders without recursion: every regular file once, in natural order.
struct FolderTree {
  /// Paths of files to look at.
  private(set) var files: [String] = []
  private(set) var unreadable: [DecodingError] = []
  private(set) var passedOver: [String] = []

  /// A file or folder on its volume, whatever its path.
  private struct Identity: Hashable {
    var device: dev_t, number: ino_t
  }
  private var seen: Set<Identity> = []

  /// - Throws: `notFound` where a root is missing, `cancelled`.
  init(roots: [String]) throws(DecodingError) {
    for root in roots {
      var status = stat()
      guard stat(root, &status) == 0 else {
        throw DecodingError(
          .notFound, file: root,
          reason: "There is no such file or folder: \(String(cString: strerror(errno))).",
          remedy: "Check the path.")
      }
      try walk(root)
    }
  }

  private mutating func walk(_ root: String) throws(DecodingError) {
    var open = [root]
    while let path = open.popLast() {
      guard !Task.isCancelled else {
        throw DecodingError(
          .cancelled, file: path, reason: "The walk through the folder was cancelled.",
          remedy: "Start it again.")
      }
      let name = path.split(separator: "/").last ?? ""
      // What the user names is meant, whatever its name.
      if path != root, name.hasPrefix(".") || name == "__MACOSX" {
        passedOver.append(path)
        continue
      }
      visit(path, &open)
    }
  }

  private mutating func visit(_ path: String, _ open: inout [String]) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      refuse(path, errno == ELOOP ? "The link leads back to itself" : "The link or file leads nowhere", errno)
      return
    }
    // Links may lead here again, or round in a circle.
    guard seen.insert(Identity(device: status.st_dev, number: status.st_ino)).inserted else {
      passedOver.append(path)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: files.append(path)
    case S_IFDIR:
      guard let names = names(in: path) else { return }
      let base = path.hasSuffix("/") ? path : path + "/"
      open += names.sorted { NaturalOrder.precedes($1, $0) }.map { base + $0 }
    default: passedOver.append(path)
    }
  }

  private mutating func names(in path: String) -> [String]? {
    guard let folder = opendir(path) else {
      refuse(path, "The folder cannot be opened", errno)
      return nil
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: start) else {
        unreadable.append(
          DecodingError(
            .notFound, file: "\(path)/\(String(cString: start))",
            reason: "The file's name is not valid UTF-8, so that it cannot be opened by it.",
            remedy: "Rename it, for example with convmv."))
        continue
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private mutating func refuse(_ path: String, _ what: String, _ code: Int32) {
    unreadable.append(
      DecodingError(
        .notFound, file: path, reason: "\(what): \(String(cString: strerror(code))).",
        remedy: "Check the path and its permissions."))
  }
}
