import Decoders
import Foundation

/// What a manifest holds, seen from its headers alone: enough to choose a model by.
public struct ManifestSurvey: Sendable, Codable, Hashable {
  /// Rows with an image.
  public var images = 0
  /// Rows with a clip.
  public var clips = 0
  /// Rows with a series.
  public var series = 0
  /// Rows with a text.
  public var texts = 0
  /// Mean words of a text.
  public var words = 0
  /// Rows with a target.
  public var targets = 0
  /// Different labels.
  public var labels = 0
  /// Train rows, and those of them that have a label, text or target.
  public var train = 0
  /// Train rows that have a label.
  public var labelled = 0
  /// How often the rarest label stands among the train rows, as a part of what it would be if all labels were as
  /// frequent; 1 where rows have several labels or none.
  public var rarest: Float = 1
  /// Median of the shorter side of some pictures, in pixels.
  public var side = 0
  /// Whether some of the pictures have colour.
  public var hasColour = false
  /// Whether pictures have texts of their own, from which sentences can be learned.
  public var hasReports = false

  /// Looks at every row, and at the headers of at most 48 evenly spaced pictures.
  public init(_ rows: [ManifestRow]) {
    let train = rows.filter { $0.split == .train }
    self.train = train.count
    labelled = train.filter(\.isLabelled).count
    images = rows.filter { $0.image != nil }.count
    clips = rows.filter { $0.clip != nil }.count
    series = rows.filter { $0.series != nil }.count
    let written = rows.compactMap(\.text)
    texts = written.count
    words =
      written.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count } / max(1, written.count)
    targets = rows.filter { $0.target != nil }.count
    labels = Set(rows.flatMap(\.labels)).count
    rarest = ManifestSurvey.rarest(train.map(\.labels))
    hasReports = train.contains { $0.text != nil && ($0.image != nil || $0.clip != nil) }
    look(at: train.flatMap(\.images), train.compactMap(\.clip))
  }

  private static func rarest(_ rows: [[String]]) -> Float {
    let named = rows.filter { !$0.isEmpty }
    guard !named.isEmpty, named.allSatisfy({ $0.count == 1 }) else { return 1 }
    let counts = Dictionary(grouping: named.joined()) { $0 }.mapValues(\.count)
    return Float((counts.values.min() ?? 0) * counts.count) / Float(named.count)
  }

  private mutating func look(at images: [String], _ clips: [String]) {
    let some = ManifestSurvey.spread(images, 32) + ManifestSurvey.spread(clips, 16)
    var sides: [Int] = []
    for path in some {
      var file = path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
        let first = try? FileManager.default.contentsOfDirectory(atPath: path).sorted().first
      {
        file = path + "/" + first
      }
      // Opened twice: whoever is asked for less detail tells of a smaller picture.
      guard let whole = try? Scans.open(path: file, options: DecodeOptions()) else { continue }
      sides.append(min(whole.header.width, whole.header.height))
      guard !hasColour, var small = try? Scans.open(path: file, options: DecodeOptions(enoughSide: 32)) else {
        continue
      }
      if let shape = (try? small.next())?.raster { hasColour = ManifestSurvey.isColour(shape) }
    }
    side = sides.isEmpty ? 0 : sides.sorted()[sides.count / 2]
  }

  private static func spread(_ paths: [String], _ count: Int) -> [String] {
    stride(from: 0, to: paths.count, by: max(1, paths.count / count)).prefix(count).map { paths[$0] }
  }

  /// Whether a tenth of the pixels differ clearly between their channels: scans are often grey in three
  /// channels.
  private static func isColour(_ raster: Raster) -> Bool {
    guard raster.shape.count == 3, raster.shape[2] >= 3, case .uint8(let samples) = raster.samples else {
      return false
    }
    let channels = raster.shape[2], pixels = raster.shape[0] * raster.shape[1]
    let coloured = (0..<pixels).filter { pixel in
      let part = samples[pixel * channels..<pixel * channels + 3]
      return (part.max() ?? 0) - (part.min() ?? 0) > 24
    }
    return coloured.count * 10 > pixels
  }
}
