/// Reads PNG files (W3C PNG, third edition): every colour type and depth, interlaced or not, with transparency.
///
/// The picture is `[H, W]` (grey), `[H, W, 2]` (grey, alpha), `[H, W, 3]` (RGB) or `[H, W, 4]` (RGBA); `uint16` for
/// files of 16 bits, otherwise `uint8`. Grey of 1, 2 and 4 bits is spread over 0 to 255, palettes are expanded, and
/// the orientation of an eXIf chunk is applied. With `stored` the samples come as they are in the file: grey
/// unspread, palette indices as `[H, W]`, no alpha from tRNS, no orientation. Gamma, chromaticities and ICC profiles
/// are not applied. Of an APNG the still picture is read.
public struct PNGDecoder: FrameDecoder {
  /// Size, format and metadata, known before the first pixel is decoded.
  public let header: ScanHeader
  private let input: InputFile
  private let options: DecodeOptions
  private let layout: PNGLayout
  private var done = false

  /// - Throws: `notFound`, `truncated`, `malformed`, or `tooLarge` before memory is taken.
  public init(path: String, options: DecodeOptions = DecodeOptions()) throws(DecodingError) {
    self.options = options
    input = try InputFile(path: path)
    layout = try PNGLayout(input, maximumPixels: options.maximumPixels)
    let turned = !options.stored && layout.orientation.swapsSides
    header = ScanHeader(
      format: .png, kind: .image, frameCount: 1, width: turned ? layout.height : layout.width,
      height: turned ? layout.width : layout.height, metadata: layout.metadata)
  }

  /// The picture, then nil.
  public mutating func next() throws(DecodingError) -> Frame? {
    guard !done else { return nil }
    done = true
    let reader = try PNGReader(input, shown: !options.stored)
    let raster = try reader.picture()
    return Frame(raster: options.stored ? raster : layout.orientation.upright(raster))
  }
}
