import Foundation

/// Writes a file of lines piece by piece, yet whole or not at all: a temporary file beside the target, which takes
/// its name when everything is written.
public final class AtomicLines {
  /// The name that the file gets at the end.
  public let path: String
  private let temporary: String
  private var descriptor: Int32

  /// Creates the temporary file.
  /// - Throws: `WritingError`.
  public init(path: String) throws(WritingError) {
    self.path = path
    temporary = path + ".partial-\(getpid())"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw AtomicFile.failure(path, errno) }
  }

  /// Without `commit`, nothing is left.
  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Appends text.
  public func write(_ text: String) throws(WritingError) {
    try AtomicFile.append(text, to: descriptor, path)
  }

  /// Puts everything on disk and gives the file its name.
  public func commit() throws(WritingError) {
    guard fsync(descriptor) == 0 else { throw AtomicFile.failure(path, errno) }
    let finished = descriptor
    descriptor = -1
    guard close(finished) == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw AtomicFile.failure(path, code)
    }
  }
}

extension AtomicFile {
  /// Appends text to an open file.
  static func append(_ text: String, to descriptor: Int32, _ path: String) throws(WritingError) {
    var text = text
    let result: Result<Void, WritingError> = text.withUTF8 { bytes in
      do {
        try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, path)
        return .success(())
      } catch {
        return .failure((error as? WritingError) ?? failure(path, errno))
      }
    }
    try result.get()
  }
}
