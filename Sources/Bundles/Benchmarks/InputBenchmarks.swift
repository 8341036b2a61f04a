import Alignment
import Decoders
import Encoders
import Foundation
import Training

/// Decoding of a folder's pictures and clips to what encoders take.
public struct DecodeBenchmark: Sendable {
  /// Figures of one format.
  public struct Result: Sendable, Codable {
    /// Of the files that were counted.
    public var format: String
    /// Files of the format that were found.
    public var files: Int
    /// Of those, the ones that could not be read.
    public var refused: Int
    /// Threads that share the work.
    public var threads: Int
    /// Files that could be read, a second.
    public var filesPerSecond: Double
    /// Their pixels at full size, in millions a second.
    public var megapixelsPerSecond: Double
    /// Inputs of an encoder, a second; a clip gives one for each frame.
    public var tensorsPerSecond: Double
  }

  /// Walked with everything below it.
  public var folder: String
  /// Of the tensors, in pixels.
  public var side: Int
  /// Threads that share the work.
  public var threads: Int

  /// - Parameter side: of the tensors, in pixels.
  public init(folder: String, side: Int, threads: Int) {
    (self.folder, self.side, self.threads) = (folder, side, threads)
  }

  /// One format after the other; source pixels are counted, not those of the result.
  /// - Returns: the figures, and what could not be read.
  /// - Throws: `BundleError` where there is nothing to decode.
  public func run() throws -> (results: [Result], refused: [Decoders.DecodingError]) {
    let walk = FileWalk([folder])
    var refused = walk.refused
    var byFormat: [ScanFormat: [String]] = [:]
    for file in walk.files {
      do throws(Decoders.DecodingError) {
        let format = try ScanFormat.sniff(path: file.path)
        if format != .csv && format != .dicomdir { byFormat[format, default: []].append(file.path) }
      } catch {
        if !FileWalk.isNoInput(error, isNamed: file.isNamed) { refused.append(error) }
      }
    }
    guard !byFormat.isEmpty else {
      let first = refused.first.map { " \($0)" } ?? ""
      throw BundleError(
        path: folder, reason: "There is no picture and no clip that can be read.\(first)",
        remedy: "Name a folder of scans.")
    }
    let team = ReplicaTeam(threads)
    let side = side
    let results = try byFormat.sorted { $0.key.rawValue < $1.key.rawValue }.map { format, files in
      let loader = InputLoader(
        vision: VisionConfiguration(channels: 3, side: side, stem: .patches(size: 16), width: 16, depth: 0))
      let start = Date()
      let done = try team.map(files.count) {
        index -> Swift.Result<(pixels: Int, tensors: Int), Decoders.DecodingError> in
        do throws(Decoders.DecodingError) {
          let header = try Scans.open(path: files[index]).header
          let pixels = header.width * header.height
          if format == .video {
            let frames = try loader.clip(files[index])
            return .success((pixels * frames.count, frames.count))
          }
          _ = try loader.image(files[index])
          return .success((pixels, 1))
        } catch {
          return .failure(error)
        }
      }
      let seconds = max(Date().timeIntervalSince(start), 1e-9)
      let good = done.compactMap { try? $0.get() }
      for case .failure(let error) in done { refused.append(error) }
      return Result(
        format: format.rawValue, files: files.count, refused: files.count - good.count, threads: threads,
        filesPerSecond: Double(good.count) / seconds,
        megapixelsPerSecond: Double(good.reduce(0) { $0 + $1.pixels }) / seconds / 1e6,
        tensorsPerSecond: Double(good.reduce(0) { $0 + $1.tensors }) / seconds)
    }
    return (results, refused)
  }
}

/// Reading of a sensor CSV, whole and into windows.
public struct StreamBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable, Codable {
    /// Rows that could be read.
    public var rows: Int
    /// Measured columns.
    public var channels: Int
    /// Rows that could not be read.
    public var refusedRows: Int
    /// Of the file as it lies on disk, in millions of bytes.
    public var megabytesPerSecond: Double
    /// Rows that could be read, a second.
    public var rowsPerSecond: Double
    /// Windows that were complete, a second.
    public var windowsPerSecond: Double
    /// Largest memory of the process so far, in MiB.
    public var peakRssMb: Int
  }

  /// A sensor CSV; `.gz` allowed.
  public var path: String
  /// Rows of a window, and from one to the next.
  public var window: Int
  /// Rows from one window to the next.
  public var stride: Int

  /// - Parameters:
  ///   - window: rows of a window.
  ///   - stride: rows from one to the next.
  public init(path: String, window: Int = 64, stride: Int = 16) {
    (self.path, self.window, self.stride) = (path, window, stride)
  }

  /// One pass on one thread; bytes are those of the file, packed or not.
  public func run() throws -> Result {
    let start = Date()
    var reader = try SensorReader(path: path, options: SensorOptions(keepsTimeText: false))
    var rows = 0, windows = 0
    while let series = try reader.next(4096) {
      let before = rows
      rows += series.count
      func complete(_ rows: Int) -> Int { rows < window ? 0 : (rows - window) / stride + 1 }
      windows += complete(rows) - complete(before)
    }
    let seconds = max(Date().timeIntervalSince(start), 1e-9)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let bytes = (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    return Result(
      rows: rows, channels: reader.header.channels.count, refusedRows: reader.refusedRows.count,
      megabytesPerSecond: bytes / seconds / 1e6, rowsPerSecond: Double(rows) / seconds,
      windowsPerSecond: Double(windows) / seconds, peakRssMb: PeakMemory.megabytes)
  }
}
