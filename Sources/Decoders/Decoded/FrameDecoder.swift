/// How a scan is to be decoded.
public struct DecodeOptions: Sendable {
  /// Values as the file stores them: no orientation, no palette for DICOM, no rescale, window or colour
  /// conversion. Otherwise what a viewer would show.
  public var stored = false
  /// The shorter side that will be enough; a decoder that can decode at a reduced scale picks the smallest
  /// scale whose shorter side is not below it. Nil: full size.
  public var enoughSide: Int?
  /// Number of evenly spaced frames of a clip: frame `i` is the one shown at `(i + 0.5) / N` of the duration.
  /// Nil: every frame.
  public var frames: Int?
  /// Pictures with more pixels are refused as `tooLarge` before memory is taken.
  public var maximumPixels = 1 << 28
  /// Lets a patient's name, id and birth date into the metadata; otherwise they never leave the decoder.
  public var identified = false

  /// By default all frames are decoded at full size, as a viewer shows them.
  public init(stored: Bool = false, enoughSide: Int? = nil, frames: Int? = nil) {
    (self.stored, self.enoughSide, self.frames) = (stored, enoughSide, frames)
  }
}

/// A scan that is decoded picture by picture, on demand. Decoding stops with `cancelled` soon after the
/// surrounding task is cancelled.
public protocol FrameDecoder {
  /// Opens `path` and reads its header.
  init(path: String, options: DecodeOptions) throws(DecodingError)
  /// What is known before the first picture is decoded.
  var header: ScanHeader { get }
  /// The next picture, or nil after the last.
  mutating func next() throws(DecodingError) -> Frame?
}
