import Decoders
import Foundation

/// Reading of a sensor CSV in one pass: into standardised windows with bounded memory, or whole into one array.
public struct StreamBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable, Codable {
    /// Rows that could be read.
    public var rows: Int
    /// Measured columns.
    public var channels: Int
    /// Rows that could not be read.
    public var refusedRows: Int
    /// Threads that share the work.
    public var threads: Int
    /// Of the file as it lies on disk, in millions of bytes.
    public var megabytesPerSecond: Double
    /// Rows that could be read, a second.
    public var rowsPerSecond: Double
    /// Windows that were made.
    public var windows: Int
    /// Windows that were made, a second.
    public var windowsPerSecond: Double
    /// Of all standardised values of all windows; nil where none were made.
    public var sum: Double?
    /// Largest memory of the process so far, in MiB.
    public var peakRssMb: Int
  }

  /// A sensor CSV; `.gz` allowed.
  public var path: String
  /// Rows of a window.
  public var window: Int
  /// Rows from one window to the next.
  public var stride: Int
  /// Reads everything into one array, float32 `[rows, channels]`. Otherwise every window is made, float32
  /// `[channels, window]` standardised by the first 10,000 rows, and added up.
  public var whole = false
  /// Threads that share the work.
  public var threads = 1

  /// - Parameters:
  ///   - window: rows of a window.
  ///   - stride: rows from one to the next.
  public init(path: String, window: Int = 64, stride: Int = 16) {
    (self.path, self.window, self.stride) = (path, window, stride)
  }

  /// One pass; bytes are those of the file, packed or not.
  public func run() throws -> Result {
    let start = Date()
    var options = SensorOptions(keepsTimeText: false)
    options.threads = threads
    var reader = try SensorReader(path: path, options: options)
    let channels = reader.header.channels.count
    var mill = whole ? nil : WindowMill(channels: channels, window: window, stride: stride, threads: threads)
    var rows = 0
    while let series = try reader.next(whole ? .max : 4096 * threads) {
      rows += series.count
      try mill?.add(series.values, rows: series.count)
    }
    try mill?.end()
    let seconds = max(Date().timeIntervalSince(start), 1e-9)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let bytes = (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    let windows = mill?.windows ?? 0
    return Result(
      rows: rows, channels: channels, refusedRows: reader.refusedRows.count, threads: threads,
      megabytesPerSecond: bytes / seconds / 1e6, rowsPerSecond: Double(rows) / seconds, windows: windows,
      windowsPerSecond: Double(windows) / seconds, sum: mill?.sum,
      peakRssMb: PeakMemory.megabytes)
  }
}
