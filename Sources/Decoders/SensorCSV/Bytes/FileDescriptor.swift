import Foundation

/// An open file that closes itself.
final class FileDescriptor {
  let raw: Int32
  /// The path as the user gave it.
  let path: String
  /// Whether reading may have to wait for a writer: a pipe, a terminal or a socket.
  let isLive: Bool
  private let owned: Bool

  /// - Parameter path: a file, or `-` for standard input.
  init(path: String) throws(DecodingError) {
    self.path = path
    if path == "-" {
      (raw, owned) = (STDIN_FILENO, false)
    } else {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.failure(path, errno) }
      (raw, owned) = (descriptor, true)
    }
    var status = stat()
    guard fstat(raw, &status) == 0 else {
      let code = errno
      if owned { close(raw) }
      throw Self.failure(path, code)
    }
    let kind = status.st_mode & S_IFMT
    isLive = kind != S_IFREG
    if kind == S_IFDIR {
      if owned { close(raw) }
      throw DecodingError(
        .unsupported, file: path, reason: "This is a folder, not a file.",
        remedy: "Name the CSV file inside it.")
    }
  }

  deinit { if owned { close(raw) } }

  /// The file as it is now, or nil where it cannot be asked.
  func status() -> FileIdentity? {
    var status = stat()
    return fstat(raw, &status) == 0 ? FileIdentity(status) : nil
  }

  func seek(to offset: Int) throws(DecodingError) {
    guard lseek(raw, off_t(offset), SEEK_SET) >= 0 else { throw Self.failure(path, errno) }
  }

  /// Bytes from the middle, wherever reading stands; nil where the file has not so many.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    guard offset >= 0 else { return nil }
    var found = [UInt8](repeating: 0, count: count)
    let got = found.withUnsafeMutableBytes { pread(raw, $0.baseAddress, $0.count, off_t(offset)) }
    return got == count ? found : nil
  }

  /// Reads what is there, waiting for a writer if need be.
  /// - Returns: the number of bytes, 0 at the end.
  /// - Throws: `DecodingError` with `cancelled` soon after the surrounding task is cancelled.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DecodingError) -> Int {
    while true {
      if Task.isCancelled { throw Self.cancelled(path) }
      if isLive {
        guard waitForBytes(milliseconds: 100) else { continue }
      }
      let count = Foundation.read(raw, buffer.baseAddress!, buffer.count)
      if count >= 0 { return count }
      if errno == EINTR || errno == EAGAIN { continue }
      throw Self.failure(path, errno)
    }
  }

  /// Whether a read would return at once, waiting up to `milliseconds` for it.
  func waitForBytes(milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) != 0
  }

  static func cancelled(_ path: String) -> DecodingError {
    DecodingError(
      .cancelled, file: path, reason: "Reading was stopped.", remedy: "Run the command again to read on.")
  }

  static func failure(_ path: String, _ code: Int32) -> DecodingError {
    switch code {
    case ENOENT, ENOTDIR:
      DecodingError(
        .notFound, file: path, reason: "There is no such file.", remedy: "Check the path.")
    case EACCES, EPERM:
      DecodingError(
        .notFound, file: path, reason: "This file may not be read by you.",
        remedy: "Change its permissions or run as another user.")
    default:
      DecodingError(
        .notFound, file: path, reason: "This file cannot be read: \(String(cString: strerror(code))).",
        remedy: "Check the disk or the connection and try again.")
    }
  }
}

/// Which file stands at a path, however it is called.
struct FileIdentity: Equatable {
  var device: UInt64, inode: UInt64
  var size: Int
  /// Seconds since 1970 of the last change.
  var changed: Double

  init(_ status: stat) {
    (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
    changed = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Nil where nothing can be found at `path`.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}
