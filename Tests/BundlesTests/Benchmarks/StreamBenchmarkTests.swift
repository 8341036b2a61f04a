import Bundles
import Foundation
import Testing

@Suite struct StreamBenchmarkTests {
  /// Windows standardised by mean and deviation of the first 10,000 rows, added up one value at a time.
  private static func sum(_ columns: [[Float]], window: Int, stride: Int) -> (windows: Int, sum: Double) {
    var windows = 0, sum = 0.0
    for column in columns {
      let known = column.prefix(10_000).map(Double.init)
      let mean = known.reduce(0, +) / Double(known.count)
      let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
      windows = 0
      for start in Swift.stride(from: 0, through: column.count - window, by: stride) {
        windows += 1
        for value in column[start..<start + window] { sum += (Double(value) - mean) / deviation }
      }
    }
    return (windows, sum)
  }

  @Test(arguments: [(64, 16, 30_000), (64, 16, 900), (5, 12, 25_000)], [1, 2])
  func windowsAddUp(shape: (window: Int, stride: Int, rows: Int), threads: Int) throws {
    let columns: [[Float]] = (0..<3).map { column in
      (0..<shape.rows).map { (row: Int) -> Float in
        let tooth = row * (column + 3) % 97
        return Float(tooth) / 4 + Float(row / 100)
      }
    }
    let path = NSTemporaryDirectory() + "windows-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines = (0..<shape.rows).map { (row: Int) -> String in
      let cells = columns.map { "\($0[row])" }
      return "\(row)," + cells.joined(separator: ",") + "\n"
    }
    try Data(("time,a,b,c\n" + lines.joined()).utf8).write(to: URL(fileURLWithPath: path))
    var benchmark = StreamBenchmark(path: path, window: shape.window, stride: shape.stride)
    benchmark.threads = threads
    let result = try benchmark.run()
    let (windows, sum) = Self.sum(columns, window: shape.window, stride: shape.stride)
    #expect(result.rows == shape.rows && result.channels == 3 && result.windows == windows)
    #expect(abs(try #require(result.sum) - sum) < 1e-4 * Double(windows))
    benchmark.whole = true
    let whole = try benchmark.run()
    #expect(whole.rows == shape.rows && whole.windows == 0 && whole.sum == nil)
  }

  @Test(arguments: [nil, 4000.0] as [Double?]) func aMadeStreamIsPredicted(rate: Double?) throws {
    var benchmark = PredictBenchmark(bundle: try TinyMachine.bundle(), bytes: 40_000)
    (benchmark.rate, benchmark.every) = (rate, 16)
    let result = try benchmark.run()
    #expect(result.channels == 3 && result.window == TinyMachine.rows && result.every == 16)
    // Text of about 40 bytes a row, all of which arrives.
    #expect((500...2000).contains(result.rows) && result.megabytes >= 0.04)
    #expect(result.windows == (result.rows - TinyMachine.rows) / 16 + 1)
    #expect(result.peakRssMb.count >= 1)
    #expect((result.latencyMs == nil) == (rate == nil))
    if let latency = result.latencyMs { #expect(latency.p50 > 0 && latency.p50 <= latency.p99) }
  }
}
