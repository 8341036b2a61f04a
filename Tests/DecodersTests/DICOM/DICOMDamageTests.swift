import Decoders
import Foundation
import Testing

/// Damaged objects are decoded or refused; nothing crashes, hangs or asks for more than the limits.
@Suite struct DICOMDamageTests {
  @Test(arguments: DICOMFixture.all.keys.sorted())
  func damagedBytes(name: String) throws {
    let original = [UInt8](try Data(contentsOf: DICOMFixture.folder.appending(path: name)))
    guard !original.isEmpty else { return }
    var random = Xorshift(seed: UInt64(original.count))
    try TestData.inTemporaryFolder { folder in
      let path = folder.appending(path: "damaged.dcm").path
      for round in 0..<16 {
        try Data(mutate(original, using: &random)).write(to: URL(filePath: path))
        var options = DecodeOptions(stored: round % 2 == 0, enoughSide: round % 3 == 0 ? 8 : nil)
        options.maximumPixels = 1 << 20
        options.identified = true
        do {
          var decoder = try DICOMDecoder(path: path, options: options)
          var count = 0
          while count < 8, let frame = try decoder.next() {
            #expect(frame.raster.shape.prefix(2) == [decoder.header.height, decoder.header.width])
            count += 1
          }
        } catch let error as DecodingError {
          #expect(error.file == path && !error.reason.isEmpty)
        }
      }
    }
  }

  /// A file cut anywhere never gives other pixels than the whole one.
  @Test(arguments: [
    "grey12-window-explicit.dcm", "rle-grey16.dcm", "jpeg-lossless-grey12.dcm", "jpegls-grey12.dcm",
  ])
  func cutAnywhere(name: String) throws {
    let original = try Data(contentsOf: DICOMFixture.folder.appending(path: name))
    let whole = try decodeAll(DICOMFixture.path(name), DecodeOptions(stored: true)).1.map(\.raster)
    try TestData.inTemporaryFolder { folder in
      let path = folder.appending(path: "cut.dcm").path
      for length in stride(from: 0, to: original.count, by: 7) {
        try original.prefix(length).write(to: URL(filePath: path))
        do {
          #expect(try decodeAll(path, DecodeOptions(stored: true)).1.map(\.raster) == whole)
        } catch let error as DecodingError {
          let codes: [DecodingError.Code] =
            length < 132 ? [.truncated, .unknownFormat] : [.truncated, .unsupported, .malformed]
          #expect(codes.contains(error.code), "\(length): \(error)")
        }
      }
    }
  }
}
