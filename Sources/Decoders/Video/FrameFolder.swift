import Foundation

/// A folder of numbered pictures (PNG, JPEG), read as one clip in the order of the numbers in their names.
///
/// Frames have no times. `DecodeOptions.frames = N` picks frame `(i + 0.5) / N` of their number. All pictures
/// must have the size and the channels of the first.
public struct FrameFolder {
  /// Opens one picture.
  public typealias Opener = (String, DecodeOptions) throws(DecodingError) -> any FrameDecoder

  /// Size, number of frames and metadata, from the first picture and the names of all.
  public let header: ScanHeader
  /// The pictures in order.
  public let paths: [String]

  private let opener: Opener
  private let options: DecodeOptions
  private let wanted: [Int]
  private let folder: String
  private var served = 0
  private var shape: [Int]?
  private var last: Frame?

  /// - Parameter opener: How a picture is opened; it gets the options without `frames`.
  public init(path: String, options: DecodeOptions, opener: @escaping Opener) throws(DecodingError) {
    let paths = try Self.pictures(in: path)
    self.paths = paths
    (folder, self.opener) = (path, opener)
    var each = options
    each.frames = nil
    self.options = each
    let count = paths.count
    wanted =
      options.frames.map { frames in (0..<frames).map { (2 * $0 + 1) * count / (2 * frames) } }
      ?? Array(0..<count)
    guard let first = paths.first else {
      throw DecodingError(
        .unsupported, file: path, reason: "The folder holds no PNG or JPEG picture.",
        remedy: "Give a folder of numbered pictures.")
    }
    let picture = try opener(first, each).header
    header = ScanHeader(
      format: picture.format, kind: .clip, frameCount: wanted.count, width: picture.width,
      height: picture.height,
      metadata: ["container": .string("folder"), "frames": .integer(count)])
  }

  /// The next picture of those asked for, or nil after the last.
  public mutating func next() throws(DecodingError) -> Frame? {
    guard served < wanted.count else { return nil }
    if Task.isCancelled {
      throw DecodingError(
        .cancelled, file: folder, reason: "Decoding was cancelled.",
        remedy: "Run it again to decode the whole clip.")
    }
    let index = wanted[served]
    served += 1
    if let last, last.index == index { return last }
    var picture = try opener(paths[index], options)
    guard var frame = try picture.next() else {
      served = wanted.count
      throw DecodingError(
        .malformed, file: paths[index], place: .frame(index), reason: "The file holds no picture.",
        remedy: "Export the frames again.")
    }
    if let shape, shape != frame.raster.shape {
      served = wanted.count
      throw DecodingError(
        .malformed, file: paths[index], place: .frame(index),
        reason: "This picture has shape \(frame.raster.shape), the ones before have \(shape).",
        remedy: "Give a folder in which all pictures have one size and colour type.")
    }
    shape = frame.raster.shape
    (frame.index, frame.time) = (index, nil)
    last = frame
    return frame
  }

  /// The pictures of a folder, ordered as people count: `frame2.png` stands before `frame10.png`.
  private static func pictures(in folder: String) throws(DecodingError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw DecodingError(
        .notFound, file: folder, reason: "The folder cannot be read.",
        remedy: "Check the path and that you may read it.")
    }
    let kinds: Set = ["png", "jpg", "jpeg"]
    return
      names
      .filter { !$0.hasPrefix(".") && kinds.contains(($0 as NSString).pathExtension.lowercased()) }
      .map { (name: $0, key: countingKey($0)) }
      .sorted { ($0.key, $0.name) < ($1.key, $1.name) }
      .map { (folder as NSString).appendingPathComponent($0.name) }
  }

  /// The name with every number written at full length, so that texts compare as their numbers do.
  private static func countingKey(_ name: String) -> String {
    var key = "", digits = ""
    func flush() {
      let number = digits.drop { $0 == "0" }
      if !digits.isEmpty { key += String(repeating: "0", count: max(0, 32 - number.count)) + number }
      digits = ""
    }
    for character in name {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        flush()
        key.append(character)
      }
    }
    flush()
    return key
  }
}
