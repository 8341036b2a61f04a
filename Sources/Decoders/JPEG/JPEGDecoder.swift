/// Reads JPEG files (ITU-T T.81): baseline, extended, progressive, arithmetic, lossless; grey, YCbCr, RGB, CMYK and
/// YCCK; 8 bits (lossless 2 to 16 bits, DCT 12 bits); motion-JPEG frames without Huffman tables.
///
/// The picture is `[H, W]` (grey) or `[H, W, 3]` (RGB), upright by its EXIF orientation; CMYK is shown as RGB by
/// Adobe's convention (255 is no ink), without colour management. Samples of more than 8 bits are `uint16`: 12-bit
/// DCT is spread over 0 to 65535, lossless samples keep their values, because those are measurements whose scale
/// stands elsewhere. With `stored`: no orientation, nothing spread, CMYK as `[H, W, 4]`; YCbCr, which is part of the
/// compression, is RGB here too. `enoughSide` decodes 8-bit DCT files at 1/8, 1/4 or 1/2 and has no effect on others or
/// with `stored`.
public struct JPEGDecoder: FrameDecoder {
  // A JPEG file of the most pixels that are read is far smaller; files are read whole.
  private static let maximumBytes = 1 << 31

  /// Size, format and metadata, known before the first pixel is decoded.
  public let header: ScanHeader
  private let path: String
  private let bytes: [UInt8]
  private let options: DecodeOptions
  private let layout: JPEGLayout
  private let scale: Int
  private var done = false

  /// - Throws: `notFound`, `truncated`, `malformed`, `unsupported`, or `tooLarge` before memory is taken.
  public init(path: String, options: DecodeOptions = DecodeOptions()) throws(DecodingError) {
    let input = try InputFile(path: path)
    // Says what is wrong before the rest is read.
    _ = try JPEGMarkers(try input.bytes(at: 0, count: JPEGMarkers.start.count), file: path)
    guard input.size <= Self.maximumBytes else {
      throw DecodingError(
        .tooLarge, file: path,
        reason: "The file has \(input.size) bytes, more than the limit of 2 GiB for JPEG.",
        remedy: "Cut or scale the picture down first.")
    }
    try self.init(bytes: try input.bytes(at: 0, count: input.size), name: path, options: options)
  }

  /// Opens a JPEG file that stands in memory, such as a frame of a motion-JPEG stream.
  /// - Parameter name: names the source in errors.
  public init(bytes: [UInt8], name: String, options: DecodeOptions = DecodeOptions()) throws(DecodingError) {
    let layout = try JPEGLayout(bytes, file: name, maximumPixels: options.maximumPixels)
    (path, self.bytes, self.options, self.layout) = (name, bytes, options, layout)
    scale = options.stored || layout.wide ? 8 : layout.scale(enoughSide: options.enoughSide)
    let width = (layout.width * scale).dividedUp(by: 8)
    let height = (layout.height * scale).dividedUp(by: 8)
    let turned = !options.stored && layout.orientation.swapsSides
    header = ScanHeader(
      format: .jpeg, kind: .image, frameCount: 1, width: turned ? height : width,
      height: turned ? width : height,
      metadata: layout.metadata)
  }

  /// The picture, then nil.
  public mutating func next() throws(DecodingError) -> Frame? {
    guard !done else { return nil }
    done = true
    let codec = JPEGCodec(path: path, bytes: bytes, layout: layout, scale: scale, stored: options.stored)
    let raster = try codec.picture()
    return Frame(raster: options.stored ? raster : layout.orientation.upright(raster))
  }
}

extension JPEGLayout {
  /// Whether the samples need the codecs for lossless files and for more than 8 bits.
  var wide: Bool { process == .lossless || precision > 8 }

  /// The smallest scale in eighths whose shorter side is not below `enoughSide`. Only powers of two have transforms
  /// for vectors in libjpeg-turbo: 4/8 is faster than 3/8.
  fileprivate func scale(enoughSide: Int?) -> Int {
    guard let enoughSide else { return 8 }
    let side = min(width, height)
    return [1, 2, 4].first { (side * $0).dividedUp(by: 8) >= enoughSide } ?? 8
  }
}
