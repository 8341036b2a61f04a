import CDICOM

/// An open DICOM object: its attributes, and its pixels frame by frame.
final class DICOMFile {
  let path: String
  private let handle: OpaquePointer

  /// Reads the attributes, not the pixels. A deflated data set takes at most `maximumBytes` of memory.
  init(path: String, maximumBytes: Int) throws(DecodingError) {
    var fault = CDICOMFault()
    guard let handle = cdicom_open(path, UInt64(maximumBytes), &fault) else {
      throw DecodingError(fault, file: path)
    }
    (self.path, self.handle) = (path, handle)
  }

  deinit { cdicom_close(handle) }

  var hasPixels: Bool { cdicom_has_pixels(handle) }
  var transferSyntax: String { String(cString: cdicom_transfer_syntax(handle)) }
  var sopClass: String { String(cString: cdicom_sop_class(handle)) }

  /// Private elements at any depth.
  var privateElements: Int { Int(cdicom_private_elements(handle)) }
  /// Overlay planes.
  var overlays: Int { Int(cdicom_overlays(handle)) }

  /// DCMTK's name of a UID, such as `JPEG Baseline`.
  static func name(ofUID uid: String) -> String? { cdicom_uid_name(uid).map { String(cString: $0) } }

  /// Value `index` as text, nil where missing or empty.
  func text(_ tag: UInt32, _ index: Int = 0) -> String? {
    cdicom_text(handle, tag, UInt32(index)).map { String(cString: $0) }
  }

  /// Numeric values at the top level, else in the functional group macro `group` of `frame`.
  func numbers(_ tag: UInt32, group: UInt32 = 0, frame: Int = 0, maximum: Int = 3) -> [Double] {
    [Double](unsafeUninitializedCapacity: maximum) { buffer, count in
      let found = cdicom_numbers(
        handle, tag, group, UInt32(frame), buffer.baseAddress, UInt32(maximum))
      count = Int(found)
    }.filter(\.isFinite)
  }

  func number(_ tag: UInt32, group: UInt32 = 0, frame: Int = 0) -> Double? {
    numbers(tag, group: group, frame: frame, maximum: 1).first
  }

  func integer(_ tag: UInt32) -> Int? { number(tag).flatMap { Int(exactly: $0.rounded()) } }

  /// A lookup table at the top level, or in the first item of `sequence`.
  func table(
    in sequence: UInt32 = 0, descriptor: UInt32, data: UInt32, segmented: UInt32 = 0, isSigned: Bool
  ) -> LookupTable? {
    var table = CDICOMTable()
    guard cdicom_table(handle, sequence, descriptor, data, segmented, isSigned, &table) else { return nil }
    defer { cdicom_free(table.entries) }
    let entries = Array(UnsafeBufferPointer(start: table.entries, count: Int(table.count)))
    return LookupTable(first: Int(table.first), bits: Int(table.bits), entries: entries)
  }

  /// Geometry and sample format, checked against the limit and the bytes of the file.
  func picture(maximumPixels: Int, enoughSide: Int?) throws(DecodingError) -> DICOMPicture {
    var picture = CDICOMPicture()
    var fault = CDICOMFault()
    let status = cdicom_picture(
      handle, UInt64(max(0, maximumPixels)), UInt32(clamping: enoughSide ?? 0), &picture, &fault)
    guard status == CDICOM_OK else { throw DecodingError(fault, file: path) }
    return DICOMPicture(picture)
  }

  /// Stored values of frame `index`, in row, column, sample order.
  func frame(_ index: Int, of picture: DICOMPicture) throws(DecodingError) -> (Raster.Samples, DICOMColor) {
    var color = CDICOM_OTHER
    let samples: Raster.Samples
    switch (picture.sampleBytes, picture.isFloat, picture.isSigned) {
    case (4, true, _): samples = .float32(try values(index, picture, &color))
    case (_, true, _): samples = .float64(try values(index, picture, &color))
    case (1, _, false): samples = .uint8(try values(index, picture, &color))
    case (1, _, true): samples = .int8(try values(index, picture, &color))
    case (2, _, false): samples = .uint16(try values(index, picture, &color))
    case (2, _, true): samples = .int16(try values(index, picture, &color))
    case (_, _, false): samples = .uint32(try values(index, picture, &color))
    case (_, _, true): samples = .int32(try values(index, picture, &color))
    }
    return (samples, DICOMColor(color))
  }

  private func values<T>(
    _ index: Int, _ picture: DICOMPicture, _ color: inout CDICOMColor
  ) throws(DecodingError) -> [T] {
    var fault = CDICOMFault()
    let count = picture.width * picture.height * picture.samples
    let values = [T](unsafeUninitializedCapacity: count) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      let size = count * MemoryLayout<T>.stride
      let status = cdicom_frame(handle, UInt32(index), bytes.baseAddress, size, &color, &fault)
      filled = status == CDICOM_OK ? count : 0
    }
    guard values.count == count else {
      throw DecodingError(fault, file: path, frame: picture.frames > 1 ? index : nil)
    }
    return values
  }
}

/// Geometry and sample format of the pixels.
struct DICOMPicture {
  /// As in the header.
  var rows: Int, columns: Int, frames: Int
  /// As handed out, where a reduced scale was asked for.
  var width: Int, height: Int
  var samples: Int, sampleBytes: Int, bitsAllocated: Int, bitsStored: Int, highBit: Int
  var isSigned: Bool, isFloat: Bool

  init(_ p: CDICOMPicture) {
    (rows, columns, frames) = (Int(p.rows), Int(p.columns), Int(p.frames))
    (width, height) = (Int(p.outColumns), Int(p.outRows))
    (samples, sampleBytes) = (Int(p.samples), Int(p.sampleBytes))
    (bitsAllocated, bitsStored, highBit) = (Int(p.bitsAllocated), Int(p.bitsStored), Int(p.highBit))
    (isSigned, isFloat) = (p.isSigned, p.isFloat)
  }

  /// `[H, W]` or `[H, W, C]`.
  var shape: [Int] { samples == 1 ? [height, width] : [height, width, samples] }

  /// The stored value inside the bits of a sample: overlays may stand in the others (PS3.5 section 8.1.1).
  func value(ofBits bits: UInt32) -> Int {
    let kept = Int(bits) >> (highBit + 1 - bitsStored) & ((1 << bitsStored) - 1)
    return isSigned && kept >> (bitsStored - 1) == 1 ? kept - (1 << bitsStored) : kept
  }
}

/// What decoded samples mean.
enum DICOMColor {
  case monochrome1, monochrome2, palette, rgb, ybrFull, ybrPartial, other

  init(_ color: CDICOMColor) {
    switch color {
    case CDICOM_MONOCHROME1: self = .monochrome1
    case CDICOM_MONOCHROME2: self = .monochrome2
    case CDICOM_PALETTE: self = .palette
    case CDICOM_RGB: self = .rgb
    case CDICOM_YBR_FULL: self = .ybrFull
    case CDICOM_YBR_PARTIAL: self = .ybrPartial
    default: self = .other
    }
  }
}

/// A table from stored or modality values to `bits`-bit ones.
struct LookupTable: Equatable {
  var first: Int, bits: Int
  var entries: [UInt16]

  /// The entry of `value`; values outside take the nearest one (PS3.3 C.11.1.1).
  subscript(value: Int) -> UInt16 { entries[min(max(value - first, 0), entries.count - 1)] }

  /// Largest output: of the stated bits, or of the entries where they do not keep to them.
  var peak: Int { max((1 << bits) - 1, Int(entries.max() ?? 0)) }
}
