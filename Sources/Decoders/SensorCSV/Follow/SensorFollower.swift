import Files
import Foundation

/// Reads a sensor CSV that is still being written, row by row as the rows come.
///
///     var follower = try SensorFollower(path: "plant.csv", placeFile: "plant.place")
///     while true {
///       let series = try follower.next(4096)
///       …                                      // what the rows are for
///       try follower.savePlace()
///     }
///
/// It goes on when the file is renamed and a new one takes its name (rotation), when it is cut to nothing and filled
/// again (truncation), and when a header stands again, its columns perhaps in another order. A last line without
/// its end waits for it. Row numbers count on over all files. A place saved with `savePlace` is where a restart goes
/// on, in an earlier part of the recording if need be, so that no row is lost and none comes twice. Copies share
/// one position.
public struct SensorFollower {
  /// The recording's path as given.
  public let path: String
  /// What the caller saved with the place that reading went on from; nil at a first start.
  public let restoredAttachment: Data?
  /// What happened to the file on the way, one sentence each, the latest last; at most 100.
  public internal(set) var notes: [String] = []

  let placeFile: String?
  let options: SensorOptions
  let interval: Duration

  enum Source {
    /// The file at `path`, or the one that was until it was renamed.
    case growing(FileDescriptor)
    /// An earlier part that will not grow any more.
    case part(ByteSource)
  }

  /// Nil between a file that was read to its end and the next one, which is not there yet.
  var source: Source?
  /// The file that `offset` counts in.
  var identity: FileIdentity?
  let buffer = ByteBuffer(capacity: 1 << 17)
  /// Bytes of the source that are done with; `buffer` starts there.
  var offset = 0
  var head: [UInt8] = [], tail: [UInt8] = []
  var rows: RowReader?
  /// Whether the top of a file, where a header may stand, is still to come.
  var isAtTop = true
  var lastArrival = ContinuousClock.now
  var rotationSeen: ContinuousClock.Instant?

  /// Opens the recording, at its start or at the saved place, and waits until its columns are known: a header and
  /// some rows, or what stands there once the writer has been quiet for a second.
  /// - Parameters:
  ///   - placeFile: where the place is kept; nil: a restart begins at the start of the file.
  ///   - interval: how often to look for new rows.
  /// - Throws: `DecodingError`: `notFound`, `unsupported` for compressed files and standard input, `malformed` for
  ///   what is no recording, `cancelled`.
  public init(
    path: String, options: SensorOptions = SensorOptions(), placeFile: String? = nil,
    interval: Duration = .milliseconds(200)
  ) throws(DecodingError) {
    (self.path, self.options, self.placeFile, self.interval) = (path, options, placeFile, interval)
    guard path != "-" else {
      throw DecodingError(
        .unsupported, file: path,
        reason: "Standard input cannot be followed: it has no file to come back to.",
        remedy: "Read it without --follow; it is read until its writer ends.")
    }
    let place = if let placeFile { try FollowPlace.load(placeFile) } else { nil as FollowPlace? }
    restoredAttachment = place?.attachment
    if let place { try restore(place) } else { try openCurrent() }
    while rows == nil {
      if try !recognise() { try pause() }
    }
  }

  /// What is known of the columns.
  public var header: SensorHeader { layout.header(isCompressed: false) }
  var layout: SensorLayout { rows!.layout }  // known since `init`

  /// Rows met since the start of this program that could not be read.
  public var refusedRows: RefusedRows { rows?.refused ?? RefusedRows() }
  /// Rows whose values could be read, but not their time.
  public var unreadableTimes: Int { rows?.unreadableTimes ?? 0 }
  /// Headers met again.
  public var repeatedHeaders: Int { rows?.repeatedHeaders ?? 0 }
  /// The number of the last data row met, readable or not.
  public var lastRow: Int { rows?.lastRow ?? 0 }

  /// The next rows, at most `maximum`, waiting until there is at least one.
  /// - Throws: `DecodingError`: `cancelled` soon after the surrounding task is cancelled; `malformed` when the columns
  ///   of a new file are others.
  public mutating func next(_ maximum: Int = 4096) throws(DecodingError) -> Series {
    while true {
      if let series = try poll(maximum) { return series }
      try pause()
    }
  }

  /// The rows that are there now, at most `maximum`, or nil where there is none; does not wait.
  public mutating func poll(_ maximum: Int = 4096) throws(DecodingError) -> Series? {
    var block = RowBlock()
    let before = layout
    while block.rows.count < maximum {
      if Task.isCancelled { throw FileDescriptor.cancelled(path) }
      if isAtTop, try !passTop() {
        if try fill() { continue }
        if try goOn(maximum, &block) { continue }
        break
      }
      // Rows of another column order go into the same slots, so that a block may hold both.
      let step = read(last: false, maximum, &block)
      if !step.needsMore { break }
      guard try fill() else {
        if try goOn(maximum, &block) { continue }
        break
      }
    }
    return block.rows.isEmpty ? nil : block.series(before, keepsText: options.keepsTimeText)
  }

  /// Saves how far the rows handed out reach, and `attachment` with it, in one step: both or neither.
  /// - Throws: `WritingError`; the place saved before then still holds.
  public func savePlace(attachment: Data? = nil) throws(WritingError) {
    guard let placeFile, let place = place(attachment) else { return }
    try place.save(placeFile)
  }
}
