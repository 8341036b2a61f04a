import Decoders
import Foundation

/// Reading of a sensor CSV in one pass with bounded memory, and into standardised windows where asked for.
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
    /// Windows that were complete.
    public var windows: Int
    /// Windows that were complete, a second.
    public var windowsPerSecond: Double
    /// Of all standardised values of all windows; nil where windows were only counted.
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
  /// Makes every window, float32 `[channels, window]` standardised by the first 10,000 rows, and adds it up.
  public var makesWindows = true
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
    var mill = WindowMill(
      channels: channels, window: window, stride: stride, threads: makesWindows ? threads : 1)
    var rows = 0
    while let series = try reader.next(4096 * threads) {
      rows += series.count
      if makesWindows { try mill.add(series.values, rows: series.count) }
    }
    if makesWindows { try mill.end() }
    let seconds = max(Date().timeIntervalSince(start), 1e-9)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let bytes = (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    let windows = makesWindows ? mill.windows : rows < window ? 0 : (rows - window) / stride + 1
    return Result(
      rows: rows, channels: channels, refusedRows: reader.refusedRows.count, threads: threads,
      megabytesPerSecond: bytes / seconds / 1e6, rowsPerSecond: Double(rows) / seconds, windows: windows,
      windowsPerSecond: Double(windows) / seconds, sum: makesWindows ? mill.sum : nil,
      peakRssMb: PeakMemory.megabytes)
  }
}
