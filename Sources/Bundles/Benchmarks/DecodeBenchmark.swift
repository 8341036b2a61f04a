import Alignment
import Decoders
import Encoders
import Files
import Foundation
import Training

/// Decoding of a folder's pictures and clips, one format after the other: to tensors, float32 `[3, side, side]` for a
/// picture and each chosen frame of a clip, or to stored values.
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
    /// `tensors` or `stored`.
    public var work: String
    /// Numbers that were handed out in one pass.
    public var values: Int
    /// Files that could be read, a second, of the median pass.
    public var filesPerSecond: Double
    /// The same of the best pass.
    public var filesPerSecondBest: Double
    /// Their pixels at full size, of all frames handed out, in millions a second.
    public var megapixelsPerSecond: Double
    /// Inputs of an encoder, or frames of stored values, a second.
    public var tensorsPerSecond: Double
    /// Largest memory of the process so far, in MiB.
    public var peakRssMb: Int
  }

  /// Walked with everything below it.
  public var folder: String
  /// Of the tensors, in pixels.
  public var side: Int
  /// Evenly spaced frames of a clip.
  public var frames = 8
  /// Hands out all values as the files store them, at full size, instead of tensors.
  public var stored = false
  /// Passes over the folder.
  public var rounds = 1
  /// Threads that share the work.
  public var threads: Int
  /// File for the first tensor, in numpy's format; nil to write none.
  public var sample: String?

  /// - Parameter side: of the tensors, in pixels.
  public init(folder: String, side: Int, threads: Int) {
    (self.folder, self.side, self.threads) = (folder, side, threads)
  }

  /// What one file gave.
  private struct Decoded: Sendable {
    var tensors: Int
    var values: Int
  }
  private typealias Outcome = Swift.Result<Decoded, Decoders.DecodingError>

  /// Headers are read before the clock starts, the larger files are begun first.
  /// - Returns: the figures, and what could not be read.
  /// - Throws: `BundleError` where there is nothing to decode, `WritingError` for the sample.
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
    var results: [Result] = []
    for (format, files) in byFormat.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if let sample, results.isEmpty, let first = files.min(), let tensor = try tensor(first, format) {
        try AtomicFile.write(NPYWriter.encode(tensor.values, shape: tensor.shape), to: sample)
      }
      results.append(try measure(format, files, team, &refused))
    }
    return (results, refused)
  }

  private func measure(
    _ format: ScanFormat, _ files: [String], _ team: ReplicaTeam, _ refused: inout [Decoders.DecodingError]
  ) throws -> Result {
    let sizes = try team.map(files.count) { index in
      let attributes = try? FileManager.default.attributesOfItem(atPath: files[index])
      let header = try? Scans.open(path: files[index]).header
      return (
        bytes: (attributes?[.size] as? NSNumber)?.intValue ?? 0,
        pixels: (header?.width ?? 0) * (header?.height ?? 0)
      )
    }
    let order = files.indices.sorted { (sizes[$0].bytes, $1) > (sizes[$1].bytes, $0) }
    var seconds: [Double] = [], done: [Outcome] = []
    for _ in 0..<rounds {
      let start = Date()
      done = try team.map(files.count) { index in
        do throws(Decoders.DecodingError) {
          return .success(try decode(files[order[index]], format))
        } catch {
          return .failure(error)
        }
      }
      seconds.append(max(Date().timeIntervalSince(start), 1e-9))
    }
    seconds.sort()
    let median = seconds[seconds.count / 2]
    var good = 0, pixels = 0, tensors = 0, values = 0
    for (index, outcome) in zip(order, done) {
      switch outcome {
      case .success(let decoded):
        good += 1
        pixels += sizes[index].pixels * decoded.tensors
        tensors += decoded.tensors
        values += decoded.values
      case .failure(let error): refused.append(error)
      }
    }
    return Result(
      format: format.rawValue, files: files.count, refused: files.count - good, threads: threads,
      work: stored ? "stored" : "tensors", values: values, filesPerSecond: Double(good) / median,
      filesPerSecondBest: Double(good) / seconds[0],
      megapixelsPerSecond: Double(pixels) / median / 1e6, tensorsPerSecond: Double(tensors) / median,
      peakRssMb: PeakMemory.megabytes)
  }

  private func decode(_ path: String, _ format: ScanFormat) throws(Decoders.DecodingError) -> Decoded {
    guard stored else {
      let tensor = try pictures(path, format)
      return Decoded(tensors: tensor.shape.count == 4 ? tensor.shape[0] : 1, values: tensor.values.count)
    }
    var decoder = try Scans.open(path: path, options: DecodeOptions(stored: true))
    var decoded = Decoded(tensors: 0, values: 0)
    while let frame = try decoder.next() {
      decoded.tensors += 1
      decoded.values += frame.raster.shape.reduce(1, *)
    }
    return decoded
  }

  private func pictures(_ path: String, _ format: ScanFormat) throws(Decoders.DecodingError) -> DecodedTensor
  {
    let loader = InputLoader(
      vision: VisionConfiguration(
        channels: 3, side: side, stem: .patches(size: 16), width: 16, depth: 0, frames: frames))
    let isClip = format == .video
    return DecodedTensor(isClip ? try loader.clip(path) : [try loader.image(path)], isClip: isClip)
  }

  private func tensor(_ path: String, _ format: ScanFormat) throws -> DecodedTensor? {
    stored ? nil : try? pictures(path, format)
  }
}
