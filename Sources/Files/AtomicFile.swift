import Foundation

/// Why an output could not be written: place, reason, remedy.
public struct WritingError: Error, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String
  public var remedy: String

  public init(path: String, reason: String, remedy: String) {
    (self.path, self.reason, self.remedy) = (path, reason, remedy)
  }

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
      case ENOSPC, EDQUOT: "Free some space or choose another place with --out."
      case EACCES, EPERM, EROFS: "Choose a place that you may write to with --out."
      case ENOENT, ENOTDIR: "Create the folder first, or choose another place with --out."
      default: "Check the disk and try again."
      }
    return WritingError(
      path: path, reason: "This file cannot be written: \(String(cString: strerror(code))).", remedy: remedy)
  }
}
