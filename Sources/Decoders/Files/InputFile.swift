import Foundation

/// A regular file that is read by position. Closed with its last reference.
final class InputFile {
  let path: String
  let descriptor: Int32
  /// Bytes, when it was opened.
  let size: Int

  /// - Throws: `notFound` where there is no such file or it may not be read, `unsupported` for what is no file.
  init(path: String) throws(DecodingError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer that may never come.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw InputFile.refusal(path, errno) }
    var status = stat()
    let known = fstat(descriptor, &status) == 0
    guard known, status.st_mode & S_IFMT == S_IFREG else {
      let folder = known && status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw DecodingError(
        .unsupported, file: path,
        reason: folder
          ? "This is a folder, not a file." : "This is no regular file but a pipe, socket or device.",
        remedy: folder ? "Name the files in it." : "Copy its content to a file and name that.")
    }
    (self.path, self.descriptor, self.size) = (path, descriptor, Int(status.st_size))
  }

  deinit { close(descriptor) }

  /// The bytes from `offset` on, at most `count`; fewer only at the end of the file.
  func bytes(at offset: Int, count: Int) throws(DecodingError) -> [UInt8] {
    let count = max(0, min(count, size - offset))
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { return }
        filled += got
      }
    }
    guard failure == 0 else { throw InputFile.refusal(path, failure) }
    return bytes
  }

  private static func refusal(_ path: String, _ code: Int32) -> DecodingError {
    switch code {
    case ENOENT, ENOTDIR:
      DecodingError(.notFound, file: path, reason: "There is no such file.", remedy: "Check the path.")
    case EACCES, EPERM:
      DecodingError(
        .notFound, file: path, reason: "This file may not be read by this user.",
        remedy: "Give yourself permission to read it.")
    default:
      DecodingError(
        .notFound, file: path, reason: "This file cannot be read: \(String(cString: strerror(code))).",
        remedy: "Check the path and the disk.")
    }
  }
}
