import Decoders
import Foundation
import Testing

/// The clips of Tests/Fixtures/video, written by Scripts/reference/make-video-fixtures.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/video")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// What ffprobe and ffmpeg say, written by Scripts/reference/make-video-values.
  struct Values: Decodable {
    var codec: String
    var size: [Int]
    var quarters: [Double]
    var times: [Double?]
    var means: [[Double]]
  }

  static func values() throws -> [String: Values] {
    try JSONDecoder().decode(
      [String: Values].self, from: Data(contentsOf: folder.appendingPathComponent("values.json")))
  }

  /// Clips whose frames show their index as bars, and how many frames they have.
  static let numbered: [(name: String, count: Int)] = [
    ("h264.mp4", 60), ("h264-faststart.mp4", 60), ("h264-opengop.ts", 48), ("variable.mp4", 30),
    ("piped.mkv", 40),
    ("mpeg4.avi", 40), ("mpeg4-b.avi", 40), ("mpeg2.mpeg", 40), ("vp9.webm", 40), ("grey.mkv", 12),
    ("bars.gif", 12),
  ]

  /// The index that a frame's eight bars show, at any size.
  static func index(_ frame: Frame) -> Int {
    let (height, width) = (frame.raster.shape[0], frame.raster.shape[1])
    let channels = frame.raster.shape.count == 3 ? frame.raster.shape[2] : 1
    guard case .uint8(let samples) = frame.raster.samples else { return -1 }
    return (0..<8).reduce(0) { value, bar in
      let row = height / 3, column = (2 * bar + 1) * width / 16
      return value << 1 | (samples[(row * width + column) * channels] > 125 ? 1 : 0)
    }
  }

  /// Mean level of each channel; a grey frame counts as three equal ones.
  static func means(_ frame: Frame) -> [Double] {
    guard case .uint8(let samples) = frame.raster.samples else { return [] }
    let channels = frame.raster.shape.count == 3 ? frame.raster.shape[2] : 1
    let sums = (0..<channels).map { c in
      stride(from: c, to: samples.count, by: channels).reduce(0.0) { $0 + Double(samples[$1]) }
    }
    let means = sums.map { $0 / Double(samples.count / channels) }
    return channels == 1 ? [means[0], means[0], means[0]] : means
  }

  /// Mean level of the upper left, upper right, lower left and lower right quarter.
  static func quarters(_ frame: Frame) -> [Double] {
    guard case .uint8(let samples) = frame.raster.samples else { return [] }
    let (height, width) = (frame.raster.shape[0], frame.raster.shape[1])
    let channels = samples.count / (height * width)
    return [(0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
      var sum = 0
      for y in down * (height / 2)..<(down + 1) * (height / 2) {
        let start = (y * width + right * (width / 2)) * channels
        sum += samples[start..<start + width / 2 * channels].reduce(0) { $0 + Int($1) }
      }
      return Double(sum) / Double((height / 2) * (width / 2) * channels)
    }
  }

  static func frames(_ decoder: VideoDecoder) throws -> [Frame] {
    var decoder = decoder
    var frames: [Frame] = []
    while let frame = try decoder.next() { frames.append(frame) }
    return frames
  }
}

/// A folder that is gone after the test.
final class Scratch {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("braid-video-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }
}
