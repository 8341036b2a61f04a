/// How a stored picture must be turned to be upright: the Orientation tag (274) of TIFF 6.0 and EXIF 2.32.
public enum Orientation: Int, Sendable, CaseIterable {
  /// As it is stored.
  case upright = 1
  /// Left and right must change places.
  case mirrored = 2
  /// To be turned by 180 degrees.
  case upsideDown = 3
  /// Top and bottom must change places.
  case flipped = 4
  /// To be mirrored at the diagonal from the upper left corner.
  case transposed = 5
  /// To be turned by 90 degrees clockwise.
  case clockwise = 6
  /// To be mirrored at the diagonal from the upper right corner.
  case transversed = 7
  /// To be turned by 90 degrees counterclockwise.
  case counterclockwise = 8

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }

  /// Finds the tag in an EXIF block (a TIFF header and its first directory). Nil where there is none, or where the
  /// block is broken: a wrong tag must not cost the picture.
  public init?(exif tiff: some RandomAccessCollection<UInt8>) {
    let start = tiff.startIndex
    let size = tiff.count
    func byte(_ offset: Int) -> Int { Int(tiff[tiff.index(start, offsetBy: offset)]) }
    guard size >= 14 else { return nil }
    let little: Bool
    switch (byte(0), byte(1)) {
    case (0x49, 0x49): little = true
    case (0x4D, 0x4D): little = false
    default: return nil
    }
    func short(_ offset: Int) -> Int {
      little ? byte(offset) | byte(offset + 1) << 8 : byte(offset) << 8 | byte(offset + 1)
    }
    func long(_ offset: Int) -> Int {
      little ? short(offset) | short(offset + 2) << 16 : short(offset) << 16 | short(offset + 2)
    }
    let directory = long(4)
    guard short(2) == 42, directory >= 8, directory + 2 <= size else { return nil }
    for entry in 0..<short(directory) {
      let offset = directory + 2 + 12 * entry
      guard offset + 12 <= size else { return nil }
      guard short(offset) == 274 else { continue }
      // One SHORT by the standard; some writers use LONG.
      let value = short(offset + 2) == 4 ? long(offset + 8) : short(offset + 8)
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
