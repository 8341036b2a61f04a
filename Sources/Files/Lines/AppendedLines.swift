import Foundation

/// A file that grows by whole lines and whose length is known, so that what was written after a saved place can be
/// taken back.
public final class AppendedLines {
  /// Where it is written.
  public let path: String
  /// Bytes of the file.
  public private(set) var length: Int
  private let descriptor: Int32

  /// Opens the file, making it if it is not there.
  /// - Parameter keeping: bytes at its start that stay; what stands behind them is taken back. A file that is
  ///   shorter stays as it is and is appended to.
  /// - Throws: `WritingError`.
  public init(path: String, keeping: Int) throws(WritingError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o644)
    guard descriptor >= 0 else { throw AtomicFile.failure(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw AtomicFile.failure(path, code)
    }
    length = min(Int(status.st_size), max(0, keeping))
    guard length == Int(status.st_size) || ftruncate(descriptor, off_t(length)) == 0 else {
      let code = errno
      close(descriptor)
      throw AtomicFile.failure(path, code)
    }
  }

  deinit { close(descriptor) }

  /// Appends text and puts it on disk, all of it or nothing.
  public func write(_ text: String) throws(WritingError) {
    do throws(WritingError) {
      try AtomicFile.append(text, to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw AtomicFile.failure(path, errno) }
    } catch {
      // The part that found room would be read as a broken line.
      _ = ftruncate(descriptor, off_t(length))
      throw error
    }
    length += text.utf8.count
  }
}
