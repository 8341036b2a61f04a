/// The red, green and blue tables of PALETTE COLOR pixels (PS3.3 C.7.6.3.1.5), plain or segmented.
struct Palette {
  private let tables: [LookupTable]
  /// Right shift of the entries to 8 bits.
  private let shift: UInt16

  init?(_ file: DICOMFile, _ picture: DICOMPicture) {
    let tables = (0..<3).compactMap { channel in
      file.table(
        descriptor: DICOMTag.paletteDescriptors[channel], data: DICOMTag.palettes[channel],
        segmented: DICOMTag.segmentedPalettes[channel], isSigned: picture.isSigned)
    }
    guard tables.count == 3 else { return nil }
    self.tables = tables
    // Some writers state 16 bits and fill 8, or the other way round: the largest entry of all tells.
    shift = tables.contains { $0.entries.contains { $0 > 255 } } ? 8 : 0
  }

  /// - Returns: RGB for each sample, interleaved.
  func apply(_ samples: Raster.Samples, _ picture: DICOMPicture) -> [UInt8] {
    func color(_ value: Int) -> (UInt8, UInt8, UInt8) {
      let entry = { (c: Int) in UInt8(truncatingIfNeeded: tables[c][value] >> shift) }
      return (entry(0), entry(1), entry(2))
    }
    let colors: [(UInt8, UInt8, UInt8)]
    if let bits = samples.bitPatterns {
      let transform = { (bits: UInt32) in color(picture.value(ofBits: bits)) }
      let patterns = UInt32(1 << (8 * picture.sampleBytes))
      colors = bits.deservesTable ? bits.map((0..<patterns).map(transform)) : bits.map(transform)
    } else {
      colors = samples.doubles.map { color(Int(exactly: $0.rounded()) ?? 0) }
    }
    var out: [UInt8] = []
    out.reserveCapacity(colors.count * 3)
    for (r, g, b) in colors {
      out.append(r)
      out.append(g)
      out.append(b)
    }
    return out
  }
}
