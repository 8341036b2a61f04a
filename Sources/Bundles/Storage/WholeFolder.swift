import CFolders
import Files
import Foundation

/// Folders that are put in place whole or not at all.
enum WholeFolder {
  /// Where the folder that is to stand at `path` is made ready; `AtomicFile.sweep` takes away what killed programs left.
  static func temporary(for path: String) -> String {
    path + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
  }

  /// Makes the folder at which `body` writes everything, then puts it at `path`. What stood there before goes only once
  /// the new one stands; on a file system that exchanges folders there is no moment without one.
  /// - Throws: `WritingError`, and what `body` throws; `path` is then as it was.
  static func write(to path: String, _ body: (String) throws -> Void) throws {
    let manager = FileManager.default, temporary = temporary(for: path)
    try? manager.removeItem(atPath: temporary)
    do {
      try manager.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    } catch {
      throw WritingError(
        path: path, reason: "The folder cannot be made: \(error.localizedDescription)",
        remedy: "Choose a place that you may write to with --out.")
    }
    do {
      try body(temporary)
      try place(temporary, at: path)
    } catch {
      try? manager.removeItem(atPath: temporary)
      throw error
    }
  }

  private static func place(_ temporary: String, at path: String) throws {
    let manager = FileManager.default
    if cfolders_exchange(temporary, path) == 0 {
      try? manager.removeItem(atPath: temporary)
      return
    }
    let old = temporary + ".old"
    let isReplaced = rename(path, old) == 0
    guard rename(temporary, path) == 0 else {
      let code = errno
      if isReplaced { rename(old, path) }
      throw WritingError(
        path: path,
        reason: "The finished bundle cannot be put in its place: \(String(cString: strerror(code))).",
        remedy: "Choose another --out.")
    }
    if isReplaced { try? manager.removeItem(atPath: old) }
  }

  /// Gives `folder` the files of another, below which nothing is ever changed in place, so that both share them: links
  /// where the file system has them, copies elsewhere.
  /// - Parameter leaving: names in the top of it that are left out.
  static func share(_ source: String, to folder: String, leaving: Set<String> = []) throws {
    let manager = FileManager.default
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in try manager.contentsOfDirectory(atPath: source).sorted() where !leaving.contains(name) {
        let (from, to) = (source + "/" + name, folder + "/" + name)
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: from, isDirectory: &isFolder), isFolder.boolValue {
          try share(from, to: to)
        } else if link(from, to) != 0 {
          try manager.copyItem(atPath: from, toPath: to)
        }
      }
    } catch let error as CocoaError {
      throw WritingError(
        path: folder, reason: "The files of \(source) cannot be kept: \(error.localizedDescription)",
        remedy: "Check the disk and the rights of the folder.")
    }
  }
}
