/// Turns stored samples into what a viewer would show: modality transformation, window, palette, colour
/// (PS3.4 annex N.2).
struct Presentation {
  private let file: DICOMFile
  private let picture: DICOMPicture
  private let inverted: Bool
  private let padding: ClosedRange<Int>?
  private var palette: Palette?
  private var grey: GreyTable?
  private var automatic: Window?

  init(_ file: DICOMFile, _ picture: DICOMPicture) {
    (self.file, self.picture) = (file, picture)
    inverted = file.text(DICOMTag.presentationShape) == "INVERSE"
    padding = file.integer(DICOMTag.paddingValue).map { value in
      let limit = file.integer(DICOMTag.paddingLimit) ?? value
      return min(value, limit)...max(value, limit)
    }
  }

  /// - Returns: `uint8`, `[H, W]` or `[H, W, 3]`.
  mutating func show(
    _ samples: Raster.Samples, _ color: DICOMColor, frame: Int
  ) throws(DecodingError) -> Raster {
    let (h, w) = (picture.height, picture.width)
    switch color {
    case .monochrome1, .monochrome2:
      return Raster(
        shape: [h, w], samples: .uint8(try showGrey(samples, inverted || color == .monochrome1, frame)))
    case .palette:
      guard let palette = palette ?? Palette(file, picture) else {
        throw DecodingError(
          .malformed, file: file.path,
          reason: "The header has no usable palette for its PALETTE COLOR pixels.",
          remedy: "Decode the stored values, or export the object again.")
      }
      self.palette = palette
      return Raster(shape: [h, w, 3], samples: .uint8(palette.apply(samples, picture)))
    case .rgb, .ybrFull, .ybrPartial:
      return Raster(
        shape: [h, w, 3], samples: .uint8(ColorConversion.rgb(samples, color, bits: picture.bitsStored)))
    case .other:
      let name = file.text(DICOMTag.photometric) ?? "unnamed"
      throw DecodingError(
        .unsupported, file: file.path, reason: "The colour model \(name) cannot be shown.",
        remedy: "Decode the stored values, or convert the object to RGB.")
    }
  }

  private mutating func showGrey(
    _ samples: Raster.Samples, _ inverse: Bool, _ frame: Int
  ) throws(DecodingError) -> [UInt8] {
    let modality = ModalityTransform(file, picture, frame: frame)
    let voi = try window(modality, frame)
    if let bits = samples.bitPatterns {
      guard bits.deservesTable else {
        return bits.map { voi.shade(modality.apply(Double(picture.value(ofBits: $0))), inverse) }
      }
      if grey?.matches(modality, voi, inverse) != true { grey = GreyTable(picture, modality, voi, inverse) }
      if let grey { return bits.map(grey.shades) }
    }
    return samples.doubles.map { voi.shade(modality.apply($0), inverse) }
  }

  /// The first window of the header, else its VOI table, else one from what the first frames hold.
  private mutating func window(_ modality: ModalityTransform, _ frame: Int) throws(DecodingError) -> Window {
    if let stated = Window.stated(file, picture, modality, frame: frame) { return stated }
    if let automatic { return automatic }
    var tally = ValueTally(picture, modality, padding)
    for index in 0..<min(3, picture.frames) { tally.add(try file.frame(index, of: picture).0) }
    let window = tally.window
    automatic = window
    return window
  }
}
