import Foundation

/// An open file read at stated places.
///
/// Reading with `pread` instead of mapping: a file that another process cuts short then gives an error
/// and not a bus fault.
final class ReadableFile: Sendable {
  let path: String
  /// Bytes at the time of opening.
  let length: Int
  private let descriptor: Int32
  /// A multiple of every element's size, so that no element is cut.
  private static let chunk = 1 << 20

  init(path: String) throws(SafetensorsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw SafetensorsError(
        code == ENOENT || code == ENOTDIR ? .notFound : .unreadable, path: path,
        reason: "This file cannot be opened: \(String(cString: strerror(code))).",
        remedy: "Check the path and the permissions.")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SafetensorsError(
        .unreadable, path: path, reason: "This is no regular file.",
        remedy: "Give the path of a safetensors file.")
    }
    (self.path, self.descriptor, length) = (path, descriptor, Int(status.st_size))
  }

  deinit { close(descriptor) }

  /// Hands `count` bytes from `offset` on to `body`, in pieces whose length is a multiple of 8 but for
  /// the last.
  func read(from offset: Int, count: Int, _ body: (UnsafeRawBufferPointer) -> Void) throws(SafetensorsError) {
    let size = min(count, Self.chunk)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < count {
      let wanted = min(size, count - done)
      var filled = 0
      while filled < wanted {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled, off_t(offset + done + filled))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          throw SafetensorsError(
            got == 0 ? .truncated : .unreadable, path: path, place: .byte(offset + done + filled),
            reason: got == 0
              ? "The file ends here; it was longer when it was opened."
              : "Reading fails: \(String(cString: strerror(errno))).",
            remedy: got == 0 ? SafetensorsError.copyAgain : "Check the disk and try again.")
        }
        filled += got
      }
      body(UnsafeRawBufferPointer(rebasing: buffer[..<wanted]))
      done += wanted
    }
  }
}
