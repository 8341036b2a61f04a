import Foundation

/// Tests/Fixtures/Core/encoders.json, which Scripts/reference/make-encoder-values writes with Pillow and NumPy.
struct EncoderValues: Decodable {
  struct Resized: Decodable, CustomStringConvertible {
    var height, width, channels, side: Int
    var pixels: [Int]
    var description: String { "\(height)x\(width)x\(channels) to \(side)" }
  }
  struct Window: Decodable {
    var rows, points, bands: Int
    var missing: [Int]
    /// One list a channel.
    var features: [[Float]]
  }
  var resized: [Resized]
  var windows: [Window]

  static func read() throws -> EncoderValues {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      EncoderValues.self, from: Data(contentsOf: folder.appending(path: "Fixtures/Core/encoders.json")))
  }
}

/// The largest distance between two lists; infinite where their lengths differ or a value is no number.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) }
}
