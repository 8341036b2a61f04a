import Foundation
import Synchronization

/// Prediction of a stream from end to end: rows as text come in, are cut into windows and predicted, and go out as lines.
public struct PredictBenchmark: Sendable {
  /// Milliseconds from a window's last row to its line.
  public struct Latency: Sendable, Codable {
    /// Quantiles over the windows.
    public var p50: Double, p95: Double, p99: Double
  }

  /// What was measured.
  public struct Result: Sendable, Codable {
    /// Rows read, their sensors, windows predicted, rows from one to the next, and rows of one.
    public var rows: Int, channels: Int, windows: Int, every: Int, window: Int
    /// Threads that share the work; writing rows takes a further one.
    public var threads: Int
    /// Of text that was read.
    public var megabytes: Double
    /// From the first row to the last line.
    public var seconds: Double
    /// Rows read, a second.
    public var rowsPerSecond: Double
    /// Largest memory of the process in MiB, after each tenth of the rows.
    public var peakRssMb: [Int]
    /// Where rows were sent at a given rate.
    public var latencyMs: Latency?
  }

  /// The bundle that answers.
  public var bundle: ModelBundle
  /// Bytes of text to make.
  public var bytes: Int
  /// Rows sent a second; nil for as many as are taken.
  public var rate: Double?
  /// Rows from one window to the next; nil for those of the training.
  public var every: Int?
  /// Windows whose sensors' shares are found out.
  public var contributions = FaultPipeline.Contributions.all
  /// Threads that share the work.
  public var threads = 1

  /// - Parameters:
  ///   - bytes: of text to make.
  public init(bundle: ModelBundle, bytes: Int) { (self.bundle, self.bytes) = (bundle, bytes) }

  private final class Board: Sendable {
    let marks = Mutex(Marks())
    func withLock<Value: Sendable>(_ body: (inout sending Marks) -> sending Value) -> Value {
      marks.withLock(body)
    }
  }

  private struct Marks: Sendable {
    /// Seconds at which rows were sent, by row number; kept until their window is told.
    var sent: [Int: Double] = [:]
    var delays: [Double] = []
    var peaks: [Int] = []
    var written = 0
  }

  /// Makes rows on a thread of its own and predicts them as they come through a pipe.
  /// - Throws: `BundleError` for a bundle without recordings; what predicting throws.
  public func run() throws -> Result {
    guard let set = bundle.description.series?.sets.first else {
      throw BundleError(
        path: bundle.path, reason: "The bundle knows no sensor recordings.",
        remedy: "Name a bundle that was trained on series with --bundle.")
    }
    let pipe = Pipe(), marks = Board(), stride = every ?? set.stride, own = self
    let writer = Thread { own.write(RowGenerator(set), marks, stride, pipe.fileHandleForWriting) }
    var options = PredictJob.Options(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    (options.every, options.threads, options.contributions) = (stride, threads, contributions)
    let null = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/null"))
    let start = ContinuousClock.now
    writer.start()
    let summary = try PredictJob(options, bundle: bundle).run { predictions in
      try null.write(contentsOf: Data(predictions.map { $0.json + "\n" }.joined().utf8))
      guard own.rate != nil else { return }
      let now = PredictBenchmark.now()
      marks.withLock { marks in
        for prediction in predictions {
          if let sent = marks.sent.removeValue(forKey: prediction.row) { marks.delays.append(now - sent) }
        }
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let found = marks.withLock { $0 }
    let delays = found.delays.sorted()
    func quantile(_ share: Double) -> Double {
      1000 * delays[min(delays.count - 1, Int(share * Double(delays.count)))]
    }
    return Result(
      rows: summary.lastRow, channels: set.channels.count, windows: summary.windows, every: stride,
      window: set.rows, threads: threads, megabytes: Double(found.written) / 1e6, seconds: seconds,
      rowsPerSecond: Double(summary.lastRow) / seconds, peakRssMb: found.peaks,
      latencyMs: delays.isEmpty
        ? nil : Latency(p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99)))
  }

  private static func now() -> Double { ProcessInfo.processInfo.systemUptime }

  private func write(_ rows: RowGenerator, _ marks: Board, _ stride: Int, _ pipe: FileHandle) {
    var rows = rows
    var text = rows.header, written = 0, tenths = 0
    let start = PredictBenchmark.now()
    while written < bytes {
      rows.append(to: &text)
      // At a rate every row is sent by itself; otherwise a pipe's fill at a time.
      guard rate != nil || text.count >= 1 << 16 || written + text.count >= bytes else { continue }
      if let rate {
        let due = start + Double(rows.rows) / rate
        while PredictBenchmark.now() < due {
          usleep(UInt32(max(1, min(5000, 1e6 * (due - PredictBenchmark.now())))))
        }
        let now = PredictBenchmark.now()
        marks.withLock { $0.sent[rows.rows] = now }
        if rows.rows > 100_000 { marks.withLock { _ = $0.sent.removeValue(forKey: rows.rows - 100_000) } }
      }
      guard (try? pipe.write(contentsOf: Data(text))) != nil else { break }
      written += text.count
      text.removeAll(keepingCapacity: true)
      if 10 * written >= bytes * (tenths + 1) {
        tenths = 10 * written / bytes
        marks.withLock { $0.peaks.append(PeakMemory.megabytes) }
      }
    }
    let all = written
    marks.withLock { $0.written = all }
    try? pipe.close()
  }
}
