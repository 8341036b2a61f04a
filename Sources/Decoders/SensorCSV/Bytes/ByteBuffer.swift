import CSensorCSV

/// Bytes that were read and not yet used, in one piece, with the slack that the row reader needs behind them.
final class ByteBuffer {
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private static let slack = Int(BRAID_CSV_SLACK)

  init(capacity: Int = 1 << 18) {
    memory = .allocate(byteCount: capacity + Self.slack, alignment: 64)
    seal()
  }

  deinit { memory.deallocate() }

  var count: Int { end - start }

  /// The unused bytes; a line feed and zeros stand behind them.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: memory.baseAddress!.advanced(by: start).assumingMemoryBound(to: UInt8.self), count: count)
  }

  func drop(_ count: Int) { start += count }

  /// Reads more behind what is there, growing to hold at least `room` unread bytes.
  /// - Returns: the number of bytes read, 0 at the end.
  func fill(
    from read: (UnsafeMutableRawBufferPointer) throws(DecodingError) -> Int
  ) throws(DecodingError) -> Int {
    let capacity = memory.count - Self.slack
    if start > 0 && (start == end || end > capacity / 2) {
      memory.baseAddress!.copyMemory(from: memory.baseAddress! + start, byteCount: count)
      (start, end) = (0, count)
    }
    if end > capacity / 2 {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity * 2 + Self.slack, alignment: 64)
      larger.baseAddress!.copyMemory(from: memory.baseAddress! + start, byteCount: count)
      memory.deallocate()
      (memory, end, start) = (larger, count, 0)
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: memory[end..<memory.count - Self.slack])
    let got = try read(room)
    end += got
    seal()
    return got
  }

  /// Forgets everything.
  func clear() {
    (start, end) = (0, 0)
    seal()
  }

  private func seal() {
    memory[end] = 0x0A
    for index in end + 1..<end + Self.slack { memory[index] = 0 }
  }
}
