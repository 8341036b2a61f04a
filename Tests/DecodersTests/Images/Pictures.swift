import Decoders
import Foundation

/// What the tests of pictures share.
enum Pictures {
  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of shared data, where there is one.
  static let sharedFolder: URL? = {
    let folder =
      ProcessInfo.processInfo.environment["BRAID_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
    let needed = folder.appendingPathComponent("data/medical/pngsuite/expected.csv")
    return FileManager.default.fileExists(atPath: needed.path) ? folder : nil
  }()

  /// The picture at `path`, by the decoder for its name.
  static func decode(
    _ path: String, _ options: DecodeOptions = DecodeOptions()
  ) throws(DecodingError) -> (ScanHeader, Raster) {
    path.hasSuffix(".png")
      ? try only(PNGDecoder(path: path, options: options))
      : try only(JPEGDecoder(path: path, options: options))
  }

  /// The picture at `path`, by the decoder for its content.
  static func decodeByContent(
    _ path: String, _ options: DecodeOptions = DecodeOptions()
  ) throws(DecodingError) -> (ScanHeader, Raster) {
    switch try ScanFormat.sniff(path: path) {
    case .png: try only(PNGDecoder(path: path, options: options))
    case .jpeg: try only(JPEGDecoder(path: path, options: options))
    default: throw DecodingError(.unknownFormat, file: path, reason: "No picture.", remedy: "")
    }
  }

  private static func only(_ decoder: some FrameDecoder) throws(DecodingError) -> (ScanHeader, Raster) {
    var decoder = decoder
    guard let frame = try decoder.next() else {
      throw DecodingError(.malformed, file: "", reason: "There is no picture.", remedy: "")
    }
    guard try decoder.next() == nil else {
      throw DecodingError(.malformed, file: "", reason: "There is a second picture.", remedy: "")
    }
    return (decoder.header, frame.raster)
  }

  /// A folder that is removed with its last reference.
  final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("braid-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
      let file = url.appendingPathComponent(name)
      try Data(bytes).write(to: file)
      return file.path
    }
  }

  /// Of two pictures of one shape and type; `Int.max` where they are not.
  static func largestDifference(_ a: Raster, _ b: Raster) -> Int {
    guard a.shape == b.shape else { return .max }
    switch (a.samples, b.samples) {
    case (.uint8(let x), .uint8(let y)): return zip(x, y).map { abs(Int($0) - Int($1)) }.max() ?? 0
    case (.uint16(let x), .uint16(let y)): return zip(x, y).map { abs(Int($0) - Int($1)) }.max() ?? 0
    default: return .max
    }
  }

  static func mean(_ raster: Raster) -> Double {
    switch raster.samples {
    case .uint8(let v): Double(v.reduce(0) { $0 + Int($1) }) / Double(v.count)
    case .uint16(let v): Double(v.reduce(0) { $0 + Int($1) }) / Double(v.count)
    default: .nan
    }
  }

  static func mean(of bytes: [UInt8]) -> Double {
    Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
  }

  /// `[H, W, 4]` of 8 bits; of 16 bits the upper half counts.
  static func rgba(_ raster: Raster) -> [UInt8] {
    let channels = raster.shape.dropFirst(2).first ?? 1
    let samples: [UInt8] =
      switch raster.samples {
      case .uint8(let v): v
      case .uint16(let v): v.map { UInt8($0 >> 8) }
      default: []
      }
    var result = [UInt8](repeating: 255, count: samples.count / channels * 4)
    result.withUnsafeMutableBufferPointer { result in
      samples.withUnsafeBufferPointer { samples in
        for pixel in 0..<samples.count / channels {
          for c in 0..<3 { result[4 * pixel + c] = samples[pixel * channels + (channels > 2 ? c : 0)] }
          if channels % 2 == 0 { result[4 * pixel + 3] = samples[pixel * channels + channels - 1] }
        }
      }
    }
    return result
  }

  /// 16-bit grey, least significant byte first, without alpha.
  static func greyBytes(_ raster: Raster) -> [UInt8] {
    guard case .uint16(let v) = raster.samples else { return [] }
    let channels = raster.shape.dropFirst(2).first ?? 1
    return stride(from: 0, to: v.count, by: channels).flatMap { [UInt8(v[$0] & 255), UInt8(v[$0] >> 8)] }
  }

  /// FIPS 180-4, in hexadecimal.
  static func sha256(_ message: [UInt8]) -> String {
    // The first bits of the fractions of the cube and square roots of the first primes.
    let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
    func fraction(_ root: Double) -> UInt32 { UInt32((root - root.rounded(.down)) * 4_294_967_296) }
    let k = primes.map { fraction(cbrt(Double($0))) }
    var h = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    var bytes = message + [0x80]
    bytes += [UInt8](repeating: 0, count: (120 - bytes.count % 64) % 64)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8((message.count * 8) >> shift & 255))
    }
    func turn(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    for block in stride(from: 0, to: bytes.count, by: 64) {
      var w = (0..<16).map { i in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[block + 4 * i + $1]) } }
      for i in 16..<64 {
        let a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3
        let b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10
        w.append(w[i - 16] &+ a &+ w[i - 7] &+ b)
      }
      var s = h
      for i in 0..<64 {
        let choice = s[4] & s[5] ^ ~s[4] & s[6]
        let one = s[7] &+ (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) &+ choice &+ k[i] &+ w[i]
        let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]
        let two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) &+ majority
        s = [one &+ two, s[0], s[1], s[2], s[3] &+ one, s[4], s[5], s[6]]
      }
      for i in 0..<8 { h[i] = h[i] &+ s[i] }
    }
    return h.map { String(repeating: "0", count: 8 - String($0, radix: 16).count) + String($0, radix: 16) }
      .joined()
  }
}
