/// Colour samples to 8-bit RGB (PS3.3 C.7.6.3.1.2; the coefficients are those of ITU-R BT.601).
enum ColorConversion {
  /// - Parameter samples: three a pixel, interleaved.
  /// - Returns: RGB, interleaved.
  static func rgb(_ samples: Raster.Samples, _ color: DICOMColor, bits: Int) -> [UInt8] {
    let bytes = eight(samples, bits: bits)
    switch color {
    case .ybrFull: return convert(bytes, yScale: 1, yOffset: 0, chromaScale: 1)
    // Luma spans 16 to 235 and chroma 16 to 240.
    case .ybrPartial: return convert(bytes, yScale: 255.0 / 219, yOffset: 16, chromaScale: 255.0 / 224)
    default: return bytes
    }
  }

  /// The upper eight of `bits` bits; fewer bits are spread over the range.
  private static func eight(_ samples: Raster.Samples, bits: Int) -> [UInt8] {
    if case .uint8(let v) = samples, bits == 8 { return v }
    if case .uint16(let v) = samples, bits >= 8 {
      return v.map { UInt8(clamping: $0 >> UInt16(bits - 8)) }
    }
    let peak = Double((1 << bits) - 1)
    return samples.doubles.map { UInt8((max(0, min(1, $0 / peak)) * 255).rounded()) }
  }

  /// Fixed point with 16 fractional bits.
  private static func convert(_ bytes: [UInt8], yScale: Double, yOffset: Int, chromaScale: Double) -> [UInt8]
  {
    let fixed = { (x: Double) in Int((x * 65536).rounded()) }
    let y = fixed(yScale), half = 1 << 15
    let redCr = fixed(1.402 * chromaScale), blueCb = fixed(1.772 * chromaScale)
    let greenCb = fixed(0.344136 * chromaScale), greenCr = fixed(0.714136 * chromaScale)
    var out = bytes
    out.withUnsafeMutableBufferPointer { p in
      for i in stride(from: 0, to: p.count - 2, by: 3) {
        let luma = (Int(p[i]) - yOffset) * y + half
        let (cb, cr) = (Int(p[i + 1]) - 128, Int(p[i + 2]) - 128)
        p[i] = UInt8(clamping: (luma + redCr * cr) >> 16)
        p[i + 1] = UInt8(clamping: (luma - greenCb * cb - greenCr * cr) >> 16)
        p[i + 2] = UInt8(clamping: (luma + blueCb * cb) >> 16)
      }
    }
    return out
  }
}
