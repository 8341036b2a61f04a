import Decoders
import Foundation
import Testing

/// Broken files give a picture or a refusal; that the suite ends is the test.
@Suite struct PictureFuzzTests {
  /// Numbers that are the same in every run (Knuth's MMIX constants).
  struct Sequence: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33 | state << 31
    }
  }

  private static let files = PictureFixtures.pictures.map(\.file).filter { $0 != "x-scan-bomb.jpg" }

  @Test(.timeLimit(.minutes(5)), arguments: files.enumerated().map { ($0.offset, $0.element) })
  func survivesChangedBytes(seed: Int, file: String) throws {
    let folder = try Pictures.TemporaryFolder()
    let good = [UInt8](try Data(contentsOf: PictureFixtures.folder.appendingPathComponent(file)))
    var numbers = Sequence(state: UInt64(seed) + 1)
    for round in 0..<24 {
      var bytes = good
      for _ in 0...round % 5 {
        // Half of the rounds aim at the headers.
        let reach = round % 2 == 0 ? bytes.count : min(bytes.count, 160)
        let place = Int.random(in: 0..<reach, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: bytes[place] = [0, 255, 127, 128].randomElement(using: &numbers) ?? 0
        default: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        }
      }
      if round % 6 == 5 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers)) }
      let path = try folder.write(file.hasSuffix(".png") ? resummed(bytes) : bytes, "broken-\(file)")
      for stored in [false, true] {
        var options = DecodeOptions(stored: stored, enoughSide: round % 3 == 0 ? 5 : nil)
        options.maximumPixels = 1 << 22
        guard let (header, raster) = try? Pictures.decode(path, options) else { continue }
        #expect(Array(raster.shape.prefix(2)) == [header.height, header.width])
      }
    }
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "rgb8-interlaced.png", "palette8-trns.png", "420.jpg", "progressive.jpg",
      "lossless-12.jpg", "dct12.jpg", "orientation5.png",
    ])
  func refusesEveryBeginning(file: String) throws {
    let folder = try Pictures.TemporaryFolder()
    let good = [UInt8](try Data(contentsOf: PictureFixtures.folder.appendingPathComponent(file)))
    let whole = try Pictures.decode(PictureFixtures.folder.appendingPathComponent(file).path).1
    for count in 0..<good.count {
      let path = try folder.write(Array(good.prefix(count)), "beginning-\(file)")
      do {
        // Whatever is accepted is complete: only end marks are missing.
        let raster = try Pictures.decode(path).1
        #expect(raster == whole || file.contains("orientation"), "\(count) of \(good.count) bytes")
        #expect(count > good.count - 72, "\(count) of \(good.count) bytes")
      } catch {
        #expect(error.code == .truncated, "\(count) of \(good.count) bytes: \(error)")
      }
    }
  }

  /// With right check sums, so that changes get past them.
  private func resummed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var offset = 8
    while offset + 12 <= bytes.count {
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard offset + 12 + length <= bytes.count else { break }
      var sum: UInt32 = 0xFFFF_FFFF
      for byte in bytes[offset + 4..<offset + 8 + length] {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
      }
      for i in 0..<4 {
        bytes[offset + 8 + length + i] = UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * UInt32(i)))
      }
      offset += 12 + length
    }
    return bytes
  }
}
