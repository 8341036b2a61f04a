import Decoders
import Faults
import Foundation

/// Cuts a stream of rows into overlapping windows; holds the rows of one window.
struct WindowCutter: Sendable {
  /// Rows of the recording in the channels of the bundle.
  struct Window: Sendable {
    /// `[row, channel]`
    var values: [Float]
    var lastRow: Int
    var time: String?
    /// Rows between the first and the last one that could not be read.
    var refusedRows: Int
    /// What the stream shows beside the values that speaks against trusting them, one sentence each.
    var doubts: [String] = []
    /// `[row, channel]`: the levels that held for the values; empty where no level is followed.
    var levels: [Float] = []
  }

  let rows: Int
  let stride: Int
  let channels: Int
  /// The latest rows; older ones than a window needs are dropped now and then.
  private var values: [Float] = []
  private var numbers: [Int] = []
  /// Rows until the next window is whole.
  private var awaited: Int
  /// Looks at sensors and times on the way; nil where nobody does.
  var watch: StreamWatch?
  /// Follows the levels of channels that wander; nil where nobody asks for them.
  var tracker: LevelTracker?
  private var levels: [Float] = []

  /// - Parameters:
  ///   - rows: of a window.
  ///   - stride: from the end of one window to that of the next.
  init(rows: Int, stride: Int, channels: Int) {
    precondition(rows > 0 && stride > 0 && channels > 0)
    (self.rows, self.stride, self.channels, awaited) = (rows, stride, channels, rows)
  }

  /// What a restart goes on from.
  struct Saved: Codable {
    var rows: Int, stride: Int, channels: Int, awaited: Int
    var numbers: [Int]
    /// Bytes of the values: JSON has no NaN.
    var values: Data
    var watch: StreamWatch.Saved?
    var tracker: LevelTracker?
    var levels: Data?
  }

  var saved: Saved {
    Saved(
      rows: rows, stride: stride, channels: channels, awaited: awaited, numbers: numbers,
      values: values.withUnsafeBytes { Data($0) }, watch: watch?.saved, tracker: tracker,
      levels: tracker.map { _ in levels.withUnsafeBytes { Data($0) } })
  }

  /// Goes on from what was saved; nil where it does not fit together.
  /// - Parameter watch: as at a first start; it takes up what was saved.
  init?(_ saved: Saved, watch: StreamWatch?) {
    guard saved.rows > 0, saved.stride > 0, saved.channels > 0, saved.awaited > 0,
      saved.values.count == 4 * saved.numbers.count * saved.channels
    else { return nil }
    self.init(rows: saved.rows, stride: saved.stride, channels: saved.channels)
    (awaited, numbers, self.watch) = (saved.awaited, saved.numbers, watch)
    if let watched = saved.watch { self.watch?.resume(watched) }
    values = WindowCutter.floats(saved.values)
    guard let tracker = saved.tracker else { return }
    guard let bytes = saved.levels, bytes.count == saved.values.count,
      tracker.levels.count == saved.channels
    else { return nil }
    (self.tracker, levels) = (tracker, WindowCutter.floats(bytes))
  }

  private static func floats(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// Takes one row of a block.
  /// - Parameter columns: where each channel stands in the block; nil where it is missing.
  /// - Returns: the window that the row completes.
  mutating func take(_ place: Int, of block: Series, columns: [Int?]) -> Window? {
    let start = place * block.channels.count
    for column in columns { values.append(column.map { block.values[start + $0] } ?? .nan) }
    numbers.append(block.rows[place])
    let (latest, repeats) = (values.suffix(channels), isRepeat)
    watch?.take(latest, row: block.rows[place], time: block.time?[place], repeats: repeats)
    if let found = tracker?.take(values.suffix(channels)) { levels += found.map { Float($0) } }
    if numbers.count >= 2 * rows { trim() }
    awaited -= 1
    guard awaited == 0 else { return nil }
    awaited = stride
    trim()
    let first = numbers.first ?? 0, last = block.rows[place]
    return Window(
      values: values, lastRow: last, time: block.timeText?[place],
      refusedRows: max(0, last - first + 1 - rows), doubts: watch?.doubts(row: last) ?? [],
      levels: levels)
  }

  /// Whether the values of the latest row are those of the row before it.
  private var isRepeat: Bool {
    guard values.count >= 2 * channels else { return false }
    return zip(values.suffix(channels), values.suffix(2 * channels)).allSatisfy {
      $0.bitPattern == $1.bitPattern
    }
  }

  private mutating func trim() {
    guard numbers.count > rows else { return }
    numbers.removeFirst(numbers.count - rows)
    values.removeFirst(values.count - rows * channels)
    if tracker != nil { levels.removeFirst(levels.count - rows * channels) }
  }
}
