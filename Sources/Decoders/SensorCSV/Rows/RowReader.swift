import CSensorCSV

/// Turns bytes into rows of a known layout, numbers them and keeps account of those that cannot be read.
struct RowReader {
  let file: String
  private(set) var layout: SensorLayout
  private let options: SensorOptions
  private(set) var slots: [Int32]
  private var channelCount: Int

  /// The number of the last data row, readable or not; 0 before the first.
  var lastRow = 0
  private(set) var refused = RefusedRows()
  /// Rows whose time could not be read; their values were.
  private(set) var unreadableTimes = 0
  /// Headers met again among the rows.
  private(set) var repeatedHeaders = 0
  /// Inside a row longer than allowed, waiting for its end.
  private(set) var isSkipping = false

  private let lane = RowLane()

  /// Rows that one call of the kernel reads at most.
  private static let batch = 1024
  /// A quoted field that goes on over more bytes is taken for one that was never closed.
  private static let maximumQuotedBytes = 1 << 16

  init(file: String, layout: SensorLayout, options: SensorOptions) {
    (self.file, self.layout, self.options) = (file, layout, options)
    (slots, channelCount) = (layout.slots, layout.channels.count)
  }

  mutating func use(_ layout: SensorLayout) {
    (self.layout, slots, channelCount) = (layout, layout.slots, layout.channels.count)
  }

  struct Step {
    var consumed: Int
    /// Whether reading stopped because the bytes hold no further whole row, and not because of `maximum`.
    var needsMore: Bool
  }

  /// Reads whole rows until `block` holds `maximum` or the bytes end.
  /// - Parameters:
  ///   - bytes: what is unread, with the kernel's slack behind it (`ByteBuffer` has it).
  ///   - last: whether nothing follows, so that the end ends a row.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, last: Bool, maximum: Int, into block: inout RowBlock
  ) -> Step {
    var position = 0
    if isSkipping {
      guard let end = bytes.firstIndex(of: 0x0A) else { return Step(consumed: bytes.count, needsMore: true) }
      position = end + 1
      isSkipping = false
    }
    var isLast = last
    while position < bytes.count {
      let room = min(maximum - block.rows.count, Self.batch)
      guard room > 0 else { return Step(consumed: position, needsMore: false) }
      let rest = UnsafeBufferPointer(rebasing: bytes[position...])
      lane.run(rest, layout, slots, last: isLast, room: room)
      let result = lane.result
      take(lane, rest, &block)
      position += result.consumed
      isLast = last
      switch Int(result.status) {
      case Int(BRAID_CSV_BAD_ROW): refuse(result, rest)
      case Int(BRAID_CSV_NEEDS_MORE) where result.consumed == 0:
        // What is left is the start of a row. Quotes that span too much are given up, and so are long rows.
        let pending = bytes.count - position
        if pending > Self.maximumQuotedBytes, rest.contains(0x0A) {
          isLast = true
          continue
        }
        if pending > options.maximumRowBytes {
          lastRow += 1
          refused.add(
            DecodingError(
              .tooLarge, file: file, place: .row(lastRow),
              reason: "The row has more than \(options.maximumRowBytes) bytes.",
              remedy: "Check that line ends were not lost."), limit: options.maximumExamples)
          isSkipping = true
          position = bytes.count
        }
        return Step(consumed: position, needsMore: true)
      default: break
      }
    }
    return Step(consumed: position, needsMore: true)
  }

  /// Appends the rows that a lane read from `bytes`.
  mutating func take(_ lane: RowLane, _ bytes: UnsafeBufferPointer<UInt8>, _ block: inout RowBlock) {
    let count = lane.result.rows
    guard count > 0 else { return }
    let (times, clocks) = (lane.times, lane.clocks)
    block.values.append(contentsOf: lane.values[..<(count * channelCount)])
    block.rows.append(contentsOf: lastRow + 1...lastRow + count)
    lastRow += count
    guard let format = layout.time else { return }
    let hasClock = layout.hasClock
    for row in 0..<count {
      let cell = Self.cell(times[row], bytes)
      var seconds = format.seconds(cell, decimal: layout.decimal)
      if hasClock { seconds += TimeFormat.clock.seconds(Self.cell(clocks[row], bytes)) }
      if seconds.isNaN { unreadableTimes += 1 }
      block.time.append(seconds)
      if options.keepsTimeText {
        var text = decodeText(cell)
        if hasClock { text += " " + decodeText(Self.cell(clocks[row], bytes)) }
        block.timeText.append(text)
      }
    }
  }

  private static func cell(
    _ span: braid_csv_span, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(span.start)..<Int(span.start + span.count)])
  }

  private mutating func refuse(_ result: braid_csv_result, _ bytes: UnsafeBufferPointer<UInt8>) {
    let row = UnsafeBufferPointer(rebasing: bytes[result.row_start..<result.row_end])
    if layout.hasHeader, Int(result.reason) == Int(BRAID_CSV_NOT_A_NUMBER), isRepeatedHeader(row) { return }
    lastRow += 1
    guard refused.examples.count < options.maximumExamples else {
      refused.count += 1
      return
    }
    let column = Int(result.column)
    let reason: String, place: DecodingError.Place
    switch Int(result.reason) {
    case Int(BRAID_CSV_TOO_FEW), Int(BRAID_CSV_TOO_MANY):
      (reason, place) = ("The row has \(column) fields instead of \(slots.count).", .row(lastRow))
    case Int(BRAID_CSV_NOT_FINITE):
      reason = "“\(text(of: column, row))” in “\(name(column))” is not a finite 32-bit number."
      place = .row(lastRow, column: column + 1)
    case Int(BRAID_CSV_QUOTE):
      reason = "A quoted field is never closed, or text follows its closing quote."
      place = .row(lastRow, column: column + 1)
    default:
      reason = "“\(text(of: column, row))” in “\(name(column))” is not a number."
      place = .row(lastRow, column: column + 1)
    }
    refused.add(
      DecodingError(
        .malformed, file: file, place: place, reason: reason,
        remedy: "Correct the row in the export; the other rows are read without it."),
      limit: options.maximumExamples)
  }

  private func name(_ column: Int) -> String {
    layout.columns.indices.contains(column) ? layout.columns[column].name : "column \(column + 1)"
  }

  private func fields(_ row: UnsafeBufferPointer<UInt8>) -> [String] {
    var spans: [FieldSpan] = []
    _ = RecordScanner(separator: layout.separator, trims: true).scan(row, from: 0, last: true, into: &spans)
    return spans.map { $0.text(in: row).trimming() }
  }

  private func text(of column: Int, _ row: UnsafeBufferPointer<UInt8>) -> String {
    let all = fields(row)
    guard all.indices.contains(column) else { return "" }
    return all[column].count <= 40 ? all[column] : all[column].prefix(40) + "…"
  }

  /// Takes up the order of a header that stands among the rows.
  private mutating func isRepeatedHeader(_ row: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let repeated = layout.repeated(fields(row)) else { return false }
    if case .header(let other) = repeated {
      repeatedHeaders += 1
      if other != layout { use(other) }
    }
    return true
  }
}
