import Alignment
import Decoders
import Encoders
import Foundation
import Selector

/// Reads files of any kind for one bundle.
public struct InputReader: Sendable {
  private let vision: VisionConfiguration?
  private let series: SeriesConfiguration?
  private let name: String
  /// Lets a patient's name, id and birth date into metadata.
  public var identified = false
  /// Looks for text in pictures, which decodes them once more at a larger size.
  public var looksForText = false
  /// Windows taken of one recording, evenly spaced.
  public var windows = 64

  /// - Parameter bundle: decides sizes, channels and windows.
  public init(_ bundle: ModelBundle) {
    (vision, series) = (bundle.description.vision, bundle.description.series)
    name = bundle.description.name
  }

  /// What a file holds: one picture or clip, or the windows of a recording.
  /// - Throws: what decoders throw; `unsupported` for kinds of inputs that the bundle was not trained on.
  public func read(_ path: String) throws(Decoders.DecodingError) -> [ModelInput] {
    switch try ScanFormat.sniff(path: path) {
    case .csv: try recording(path)
    default: [try scan(path)]
    }
  }

  /// A picture or a clip.
  public func scan(_ path: String) throws(Decoders.DecodingError) -> ModelInput {
    guard let vision else { throw refusal(path, "pictures and clips") }
    var options = DecodeOptions()
    options.identified = identified
    // Opened at full size for its measures, then decoded at the size that the encoder takes.
    let header = try Scans.open(path: path, options: options).header
    let loader = InputLoader(vision: vision)
    let input: SampleInput =
      header.kind == .clip ? .clip(try loader.clip(path)) : .image(try loader.image(path))
    var found = ModelInput(
      path: path, format: header.format, input: input, width: header.width, height: header.height,
      frameCount: header.kind == .clip ? header.frameCount : nil, metadata: header.metadata)
    if looksForText { found.marks = try marks(path, isClip: header.kind == .clip) }
    return found
  }

  private func marks(_ path: String, isClip: Bool) throws(Decoders.DecodingError) -> TextMarks {
    var decoder = try Scans.open(
      path: path, options: DecodeOptions(enoughSide: TextMarks.side, frames: isClip ? 1 : nil))
    return try decoder.next().map { TextMarks($0.raster) } ?? TextMarks()
  }

  /// The windows of a recording, in the length that training used.
  private func recording(_ path: String) throws(Decoders.DecodingError) -> [ModelInput] {
    guard let series else { throw refusal(path, "recordings of sensors") }
    let read = try SensorReader.readAll(path: path, options: SensorOptions(keepsTimeText: false)).series
    let matches = series.sets.map { $0.columns(in: read.channels) }
    let shares = matches.map { Float($0.compactMap { $0 }.count) / Float(max(1, $0.count)) }
    guard let set = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[set] >= 0.5 else {
      let known = series.sets.map { $0.channels.map(\.name).joined(separator: ", ") }.joined(
        separator: "; or ")
      throw Decoders.DecodingError(
        .unsupported, file: path, reason: "Its columns are not those that the bundle \(name) knows.",
        remedy: "The bundle knows \(known).")
    }
    guard read.count > 0 else {
      throw Decoders.DecodingError(
        .malformed, file: path, reason: "It has no row of numbers.", remedy: "Export the recording again.")
    }
    let length = min(read.count, max(1, series.sets[set].rows)), room = read.count - length
    let count = min(windows, max(1, read.count / length))
    return (0..<count).map { index in
      let start = count == 1 ? room : room * index / (count - 1)
      let values = (start..<start + length).flatMap { row in
        matches[set].map { $0.map { read.values[row * read.channels.count + $0] } ?? .nan }
      }
      return ModelInput(
        path: path, format: .csv,
        input: .series(SeriesWindow(values: values, channels: matches[set].count, set: set)),
        rows: read.rows[start]...read.rows[start + length - 1])
    }
  }

  private func refusal(_ path: String, _ kind: String) -> Decoders.DecodingError {
    Decoders.DecodingError(
      .unsupported, file: path, reason: "The bundle \(name) was not trained on \(kind).",
      remedy: "Name another bundle with --bundle.")
  }
}
