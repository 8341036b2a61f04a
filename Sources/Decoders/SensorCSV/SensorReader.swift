/// Reads a sensor CSV row by row: a file, a gzip file or standard input (`-`).
///
///     var reader = try SensorReader(path: "plant.csv")
///     while let series = try reader.next(4096) { … }
///
/// Separator, decimal mark, header, units, time column and columns of text are found from the first rows. Rows
/// that cannot be read are left out, counted and named in `refusedRows`; their numbers are not given to others.
/// Memory does not grow with the length of the stream. Copies share one position in the file.
public struct SensorReader {
  /// Columns, units and the way numbers and times are written.
  public let header: SensorHeader
  private let source: ByteSource
  private let buffer: ByteBuffer
  private var rows: RowReader
  private let options: SensorOptions
  private var isAtEnd: Bool
  /// Empty where one thread reads.
  private let lanes: [RowLane]
  /// What one thread reads at a time: with its rows it stays in the cache of a core.
  private static let chunkBytes = 1 << 19
  /// About as many rows as the file has; a guess to take memory by.
  private let expectedRows: Int

  /// Opens `path` and looks at its first rows.
  /// - Throws: `DecodingError`: `notFound`; `unknownFormat` for binary files; `malformed` for empty files and
  ///   those without a column of numbers; `unsupported` for UTF-16; `truncated` for a gzip stream that ends early;
  ///   `cancelled`.
  public init(path: String, options: SensorOptions = SensorOptions()) throws(DecodingError) {
    self.options = options
    source = try ByteSource(path: path)
    let threads = source.isLive ? 1 : max(1, options.threads)
    lanes = threads > 1 ? (0..<threads).map { _ in RowLane() } : []
    buffer = threads > 1 ? ByteBuffer(capacity: threads * Self.chunkBytes) : ByteBuffer()
    isAtEnd = try Self.fillSample(buffer, source, options)
    let sniffer = Sniffer(file: path, bytes: buffer.bytes, isComplete: isAtEnd, options: options)
    let found = try sniffer.run()
    let lines = max(1, buffer.bytes.count { $0 == 0x0A })
    expectedRows = min(1 << 24, 64 + (source.size ?? 1 << 20) * lines / max(1, buffer.count) * 17 / 16)
    buffer.drop(found.dataStart)
    header = found.layout.header(isCompressed: source.isCompressed)
    rows = RowReader(file: path, layout: found.layout, options: options)
  }

  /// The next rows, at most `maximum`, or nil after the last. From a pipe, rows are handed out as soon as they are
  /// there, so that fewer than `maximum` do not mean the end.
  /// - Throws: `DecodingError` when the source fails, a gzip stream is damaged or the surrounding task is cancelled.
  public mutating func next(_ maximum: Int = 4096) throws(DecodingError) -> Series? {
    var block = RowBlock()
    let expected = min(maximum, expectedRows)
    block.values.reserveCapacity(expected * header.channels.count)
    block.rows.reserveCapacity(expected)
    while block.rows.count < maximum {
      if !lanes.isEmpty {
        buffer.drop(rows.readShared(buffer.bytes, maximum: maximum, lanes: lanes, into: &block))
        if block.rows.count >= maximum { break }
      }
      let step = rows.read(buffer.bytes, last: isAtEnd, maximum: maximum, into: &block)
      buffer.drop(step.consumed)
      guard step.needsMore else { break }
      if isAtEnd { break }
      if !block.rows.isEmpty && source.wouldWait() { break }
      let source = source
      isAtEnd = try buffer.fill { room throws(DecodingError) in try source.read(into: room) } == 0
    }
    return block.rows.isEmpty ? nil : block.series(rows.layout, keepsText: options.keepsTimeText)
  }

  /// The rows met so far that could not be read.
  public var refusedRows: RefusedRows { rows.refused }
  /// Rows met so far whose time could not be read, although their values could; their time is NaN.
  public var unreadableTimes: Int { rows.unreadableTimes }
  /// Headers met again among the rows, as joined files have them. They are no data rows and have no number.
  public var repeatedHeaders: Int { rows.repeatedHeaders }
  /// The number of the last data row met, readable or not.
  public var lastRow: Int { rows.lastRow }

  /// All rows of a file in one piece.
  public static func readAll(
    path: String, options: SensorOptions = SensorOptions()
  ) throws(DecodingError) -> (series: Series, header: SensorHeader, refused: RefusedRows) {
    var reader = try SensorReader(path: path, options: options)
    let all = try reader.next(.max)
    let none = Series(channels: reader.header.channels, values: [], rows: [])
    return (all ?? none, reader.header, reader.refusedRows)
  }

  /// Reads enough to recognise the layout: some hundred rows of a file, or what a live source has to say at first.
  /// - Returns: whether the source has ended.
  private static func fillSample(
    _ buffer: ByteBuffer, _ source: ByteSource, _ options: SensorOptions
  ) throws(DecodingError) -> Bool {
    var lines = 0, counted = 0
    while true {
      if try buffer.fill(from: { room throws(DecodingError) in try source.read(into: room) }) == 0 {
        return true
      }
      lines += buffer.bytes[counted...].count { $0 == 0x0A }
      counted = buffer.count
      // Very wide rows need more bytes; quotes may hide line ends, but never that many.
      if counted >= 1 << 17 && (lines >= 64 || counted > options.maximumRowBytes) { return false }
      // A writer that says nothing more for a while is not waited for.
      if lines >= 3 && source.wouldWait(milliseconds: 500) { return false }
    }
  }
}
