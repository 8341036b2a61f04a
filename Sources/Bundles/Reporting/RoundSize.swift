import Decoders
import Encoders
import Reports

/// Measures a round finding inside the region where it shows.
enum RoundSize {
  /// Pixels of the part that is measured, at most: a disc of a tenth of it is still told to a tenth.
  private static let side = 160
  /// Levels of 255 by which a body must stand out.
  private static let least = 6.0

  /// Diameter in the plane of the detector; nil where the header does not say how large a pixel is, or nothing round stands
  /// out in the region.
  /// - Parameter region: `[x, y, w, h]` in pixels of the picture as shown.
  static func millimetres(_ source: ModelInput, region: [Double]) -> Double? {
    guard region.count == 4, case .list(let spacing)? = source.metadata["pixelSpacing"], spacing.count == 2,
      case .number(let row) = spacing[0], case .number(let column) = spacing[1], row > 0, column > 0,
      let part = crop(source, region),
      let body = RoundBody(levels: part.levels, width: part.width, height: part.height, least: least)
    else { return nil }
    return (body.diameter * part.scale * (row + column) / 2).rounded()
  }

  /// The region and a quarter more on each side, and how many pixels of the picture one of its own is.
  private static func crop(
    _ source: ModelInput, _ region: [Double]
  ) -> (levels: [Float], width: Int, height: Int, scale: Double)? {
    var options = DecodeOptions()
    if case .clip = source.input { options.frames = 1 }
    guard var decoder = try? Scans.open(path: source.path, options: options),
      let frame = try? decoder.next()
    else { return nil }
    let whole = frame.raster.reduced(longSide: Int.max)
    guard case .uint8(let values) = whole.samples else { return nil }
    let height = whole.shape[0], width = whole.shape[1]
    let channels = whole.shape.count > 2 ? whole.shape[2] : 1
    func range(_ start: Double, _ length: Double, _ limit: Int) -> Range<Int> {
      let low = max(0, Int(start - length / 4)), high = min(limit, Int(start + 1.25 * length))
      return low..<max(low, high)
    }
    let columns = range(region[0], region[2], width), rows = range(region[1], region[3], height)
    guard !columns.isEmpty, !rows.isEmpty else { return nil }
    let part = Raster(
      shape: [rows.count, columns.count],
      samples: .uint8(rows.flatMap { y in columns.map { x in values[(y * width + x) * channels] } }))
    let small = part.reduced(longSide: side)
    guard case .uint8(let bytes) = small.samples else { return nil }
    return (
      bytes.map(Float.init), small.shape[1], small.shape[0], Double(columns.count) / Double(small.shape[1])
    )
  }
}
