/// Decodes DICOM pictures (PS3.5, PS3.3): native, deflated, RLE, JPEG, JPEG-LS and JPEG 2000, of 1 to 32 bits,
/// signed and unsigned, grey, palette and colour, one or many frames.
///
/// With `DecodeOptions.stored` the samples are those of the file, before rescale, window and colour conversion.
/// Otherwise they are `uint8` as a viewer would show them: `[H, W]` for grey, `[H, W, 3]` (RGB) for colour.
/// Each call of `next` decodes one frame; nothing is decoded ahead. Not safe for use from two threads at once.
public struct DICOMDecoder: FrameDecoder {
  /// What the file says of itself; the patient's name, id and birth date only with `DecodeOptions.identified`.
  public let header: ScanHeader

  private let file: DICOMFile
  private let picture: DICOMPicture
  private let options: DecodeOptions
  private let schedule: FrameSchedule
  private var position = 0
  private var presentation: Presentation

  /// Opens `path`, reads its attributes and checks its geometry; decodes nothing yet.
  /// - Throws: `unsupported` for objects without a picture (naming their SOP class) and for transfer syntaxes
  ///   that are not read, `truncated`, `malformed`, `tooLarge`, `notFound`, `unknownFormat`.
  public init(path: String, options: DecodeOptions) throws(DecodingError) {
    file = try DICOMFile(path: path, maximumBytes: Self.memoryLimit(options))
    guard file.hasPixels else { throw .noPicture(file: path, sopClass: file.sopClass) }
    picture = try file.picture(maximumPixels: options.maximumPixels, enoughSide: options.enoughSide)
    self.options = options
    schedule = FrameSchedule(file, frames: picture.frames, wanted: options.frames)
    presentation = Presentation(file, picture)
    header = ScanHeader(
      format: .dicom, kind: picture.frames > 1 ? .clip : .image, frameCount: schedule.indices.count,
      width: picture.width, height: picture.height,
      metadata: DICOMMetadata.read(file, picture, identified: options.identified))
  }

  /// The next picture, or nil after the last.
  /// - Throws: `truncated`, `malformed` or `unsupported` for a damaged frame, `cancelled` once the surrounding
  ///   task is cancelled.
  public mutating func next() throws(DecodingError) -> Frame? {
    guard position < schedule.indices.count else { return nil }
    guard !Task.isCancelled else {
      throw DecodingError(
        .cancelled, file: file.path, place: .frame(position), reason: "Decoding was cancelled.",
        remedy: "Start it again to go on.")
    }
    let index = schedule.indices[position]
    let (samples, color) = try file.frame(index, of: picture)
    let raster =
      options.stored
      ? Raster(shape: picture.shape, samples: samples)
      : try presentation.show(samples, color, frame: index)
    position += 1
    return Frame(raster: raster, time: schedule.time(of: index), index: index)
  }

  /// What a deflated data set may take in memory: four bytes a pixel, enough for 32 bits or 16-bit colour.
  static func memoryLimit(_ options: DecodeOptions) -> Int {
    let (bytes, overflow) = max(0, options.maximumPixels).multipliedReportingOverflow(by: 4)
    return overflow ? Int.max : bytes
  }
}
