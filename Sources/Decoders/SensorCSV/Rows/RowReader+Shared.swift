import CSensorCSV
import Dispatch

extension RowReader {
  /// A chunk that is shorter is not worth a thread.
  private static let leastChunk = 1 << 15

  /// Reads the whole rows of a long stretch of bytes, one chunk on each lane at the same time, and leaves to `read`
  /// what is short or cannot be read. Chunks end after a line feed, which may stand inside quotes: a chunk counts
  /// only where the one before it was read to its last byte, for then it begins with a row. So the rows are those
  /// that one thread would read.
  /// - Returns: the number of bytes read.
  mutating func readShared(
    _ bytes: UnsafeBufferPointer<UInt8>, maximum: Int, lanes: [RowLane], into block: inout RowBlock
  ) -> Int {
    guard !isSkipping, bytes.count >= lanes.count * Self.leastChunk else { return 0 }
    let chunks = chunks(of: bytes, room: maximum - block.rows.count, count: lanes.count)
    guard !chunks.isEmpty else { return 0 }
    let work = Work(
      chunks: chunks, lanes: lanes, layout: layout, slots: slots, room: maximum - block.rows.count)
    DispatchQueue.concurrentPerform(iterations: chunks.count) { work.run($0) }
    var read = 0
    for (lane, chunk) in zip(lanes, chunks) {
      let result = lane.result
      guard block.rows.count + result.rows <= maximum else { break }
      take(lane, chunk, &block)
      let isWhole = Int(result.status) == Int(BRAID_CSV_NEEDS_MORE) && result.consumed == chunk.count
      read += Int(result.status) == Int(BRAID_CSV_BAD_ROW) ? result.row_start : result.consumed
      guard isWhole else { break }
    }
    return read
  }

  /// `@unchecked` is sound: iteration `index` alone touches lane `index`, chunks are only read, and the caller waits
  /// until all iterations have ended.
  private struct Work: @unchecked Sendable {
    var chunks: [UnsafeBufferPointer<UInt8>]
    var lanes: [RowLane]
    var layout: SensorLayout
    var slots: [Int32]
    var room: Int

    func run(_ index: Int) {
      // A row has at least a byte for each column: the separator or line end behind it.
      let most = min(room, chunks[index].count / max(1, slots.count) + 1)
      lanes[index].run(chunks[index], layout, slots, last: false, room: most)
    }
  }

  /// As many chunks as there are lanes, of about as many rows as there is room for; none where they would be short.
  private func chunks(
    of bytes: UnsafeBufferPointer<UInt8>, room: Int, count: Int
  ) -> [UnsafeBufferPointer<UInt8>] {
    let sample = bytes.prefix(8192)
    let lines = max(1, sample.count { $0 == 0x0A })
    let (wanted, overflow) = room.multipliedReportingOverflow(by: sample.count / lines)
    let share = (overflow ? bytes.count : min(bytes.count, wanted / 10 * 9)) / count
    guard share >= Self.leastChunk else { return [] }
    var chunks: [UnsafeBufferPointer<UInt8>] = [], start = 0
    for _ in 0..<count {
      let stretch = bytes[start..<min(bytes.count, start + share)]
      guard let end = stretch.lastIndex(of: 0x0A) else { break }
      chunks.append(UnsafeBufferPointer(rebasing: bytes[start...end]))
      start = end + 1
    }
    return chunks
  }
}
