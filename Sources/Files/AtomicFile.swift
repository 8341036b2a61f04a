import Foundation

/// Why an output could not be written: place, reason, remedy.
public struct WritingError: Error, Sendable, CustomStringConvertible {
  /// The output as the user named it.
  public var path: String
  /// What is wrong and why, one sentence.
  public var reason: String
  /// What to do about it, one sentence.
  public var remedy: String
  /// The system's number of the error, such as `ENOSPC`; 0 where it gave none.
  public var code: Int32

  /// - Parameter code: the system's number of the error.
  public init(path: String, reason: String, remedy: String, code: Int32 = 0) {
    (self.path, self.reason, self.remedy, self.code) = (path, reason, remedy, code)
  }

  /// Place, reason and remedy in one line.
  public var description: String { "\(path): \(reason) \(remedy)" }
}

/// Writes files whole or not at all: a temporary file beside the target, fsync, rename.
public enum AtomicFile {
  /// Writes `bytes` to `path`, replacing what was there only once everything is on disk.
  /// - Throws: `WritingError`; the old content of `path`, if any, is then untouched.
  public static func write(_ bytes: some DataProtocol, to path: String) throws(WritingError) {
    let temporary = path + ".partial-\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, errno) }
    do {
      for region in bytes.regions {
        try region.withUnsafeBytes { try writeAll($0, to: descriptor, path) }
      }
      guard fsync(descriptor) == 0 else { throw failure(path, errno) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw (error as? WritingError) ?? failure(path, errno)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure(path, code)
    }
  }

  /// Clears up after writers of `path` that were killed: takes away `path.partial-NUMBER` where no process of that number
  /// runs any more, and puts `path.partial-NUMBER.old`, which stood at `path` before, back where `path` is missing.
  public static func sweep(_ path: String) {
    let place = URL(fileURLWithPath: path), folder = place.deletingLastPathComponent().path
    let prefix = place.lastPathComponent + ".partial-", manager = FileManager.default
    for name in ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    where name.hasPrefix(prefix) {
      let isOld = name.hasSuffix(".old")
      guard let process = pid_t(name.dropFirst(prefix.count).dropLast(isOld ? 4 : 0)), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      if isOld && !manager.fileExists(atPath: path) {
        rename(folder + "/" + name, path)
      } else {
        try? manager.removeItem(atPath: folder + "/" + name)
      }
    }
  }

  /// Writes all of `bytes` to an open file.
  /// - Parameter name: what an error calls the file.
  public static func append(_ bytes: Data, to descriptor: Int32, as name: String) throws(WritingError) {
    do {
      for region in bytes.regions {
        try region.withUnsafeBytes { try writeAll($0, to: descriptor, name) }
      }
    } catch {
      throw (error as? WritingError) ?? failure(name, errno)
    }
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw failure(path, errno) }
      rest = rest.dropFirst(written)
    }
  }

  static func failure(_ path: String, _ code: Int32) -> WritingError {
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "Free some space or choose another place."
      case EACCES, EPERM, EROFS: "Choose a place that you may write to."
      case ENOENT, ENOTDIR: "Create the folder first, or choose another place."
      default: "Check the disk and try again."
      }
    return WritingError(
      path: path, reason: "This file cannot be written: \(String(cString: strerror(code))).", remedy: remedy,
      code: code)
  }
}
