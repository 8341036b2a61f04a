import CZlib

/// The bytes of a file, of standard input or of a gzip stream in either, in order.
final class ByteSource {
  let path: String
  /// Whether the bytes are inflated on the way.
  let isCompressed: Bool
  private let file: FileDescriptor
  private var inflater: Inflater?
  /// Compressed bytes, or those read to recognise the format, that are not handed out yet.
  private var pending: [UInt8] = []
  private var pendingStart = 0

  /// Opens `path` (`-`: standard input) and recognises gzip by its first bytes, whatever the file is called.
  init(path: String) throws(DecodingError) {
    self.path = path
    file = try FileDescriptor(path: path)
    var head = [UInt8](repeating: 0, count: 2)
    var count = 0
    while count < 2 {
      let got = try Self.fill(&head, from: count, file)
      if got == 0 { break }
      count += got
    }
    pending = Array(head[..<count])
    isCompressed = count == 2 && head[0] == 0x1F && head[1] == 0x8B
    if isCompressed {
      guard let made = Inflater() else {
        throw DecodingError(
          .tooLarge, file: path, reason: "There is no memory left to inflate this file.",
          remedy: "Close other programs and try again.")
      }
      inflater = made
    }
  }

  /// Whether the bytes come from a writer that may still be at work.
  var isLive: Bool { file.isLive }

  /// Which file it is, packed or not.
  var identity: FileIdentity? { file.status() }
  /// Bytes in all, where that is known beforehand.
  var size: Int? { isLive || isCompressed ? nil : file.status()?.size }

  /// Goes on at a byte of an uncompressed file.
  func seek(to offset: Int) throws(DecodingError) {
    try file.seek(to: offset)
    (pending, pendingStart) = ([], 0)
  }

  /// Whether an uncompressed file has these bytes at `offset`.
  func holds(_ bytes: some Collection<UInt8>, at offset: Int) -> Bool {
    file.bytes(at: offset, count: bytes.count)?.elementsEqual(bytes) ?? false
  }

  /// Whether `read` would have to wait for a writer for longer than `milliseconds`.
  func wouldWait(milliseconds: Int32 = 0) -> Bool {
    isLive && pendingStart == pending.count && !file.waitForBytes(milliseconds: milliseconds)
  }

  /// Puts the next bytes into `buffer`.
  /// - Returns: their number, 0 only at the end (or for an empty buffer).
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DecodingError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    guard let inflater else {
      if pendingStart < pending.count {
        let count = min(buffer.count, pending.count - pendingStart)
        buffer.copyBytes(from: pending[pendingStart..<pendingStart + count])
        pendingStart += count
        return count
      }
      return try file.read(into: buffer)
    }
    while true {
      if Task.isCancelled { throw FileDescriptor.cancelled(path) }
      if pendingStart == pending.count {
        if pending.count < 1 << 16 { pending = [UInt8](repeating: 0, count: 1 << 16) }
        let got = try Self.fill(&pending, from: 0, file)
        if got == 0 {
          guard inflater.isBetweenMembers else {
            throw DecodingError(
              .truncated, file: path, reason: "The gzip stream ends before its end mark.",
              remedy: "Copy or export the file again.")
          }
          (pending, pendingStart) = ([], 0)
          return 0
        }
        pending.removeLast(pending.count - got)
        pendingStart = 0
      }
      // Some writers pad the last member with zeros.
      if inflater.isBetweenMembers && inflater.hasEnded {
        while pendingStart < pending.count && pending[pendingStart] == 0 { pendingStart += 1 }
        if pendingStart == pending.count { continue }
      }
      let step = inflater.inflate(pending[pendingStart...], into: buffer)
      pendingStart += step.consumed
      if step.isCorrupt {
        throw DecodingError(
          .malformed, file: path, reason: "The gzip stream is damaged.",
          remedy: "Copy or export the file again.")
      }
      if step.produced > 0 { return step.produced }
    }
  }

  private static func fill(
    _ bytes: inout [UInt8], from start: Int, _ file: FileDescriptor
  ) throws(DecodingError) -> Int {
    let result: Result<Int, DecodingError> = bytes.withUnsafeMutableBytes { buffer in
      do throws(DecodingError) {
        return .success(try file.read(into: .init(rebasing: buffer[start...])))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// One zlib stream.
private final class Inflater {
  private let stream: OpaquePointer
  /// Whether the input so far ends where a gzip member may end.
  private(set) var isBetweenMembers = false
  /// Whether at least one member is complete.
  private(set) var hasEnded = false

  init?() {
    guard let made = braid_inflater_create() else { return nil }
    stream = made
  }

  deinit { braid_inflater_destroy(stream) }

  func inflate(
    _ input: ArraySlice<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> (consumed: Int, produced: Int, isCorrupt: Bool) {
    var consumed = 0, produced = 0
    let code = input.withUnsafeBufferPointer {
      braid_inflate(
        stream, $0.baseAddress, $0.count, output.bindMemory(to: UInt8.self).baseAddress, output.count,
        &consumed,
        &produced)
    }
    isBetweenMembers = Int(code) == Int(BRAID_INFLATE_END)
    hasEnded = hasEnded || isBetweenMembers
    let fine = isBetweenMembers || Int(code) == Int(BRAID_INFLATE_MORE)
    return (consumed, produced, !fine)
  }
}
