import Decoders
import Foundation
import Testing

@Suite struct PictureWriterTests {
  @Test(arguments: PictureFixtures.pictures.filter { $0.error == nil && $0.file.hasSuffix(".png") })
  func pngIsReadBackAsItWas(_ picture: PictureFixtures.Picture) throws {
    let raster = try #require(picture.shown?.raster)
    let path = try TemporaryPNG(PNGEncoder.encode(raster))
    #expect(try Pictures.decode(path.file, DecodeOptions(stored: true)).1 == raster)
  }

  @Test func pngRefusesWhatItCannotHold() {
    for raster in [
      Raster(shape: [2, 2], samples: .float32([0, 1, 2, 3])), Raster(shape: [0, 3], samples: .uint8([])),
      Raster(shape: [1, 1, 5], samples: .uint8([1, 2, 3, 4, 5])),
      Raster(shape: [3], samples: .uint8([1, 2, 3])),
    ] {
      #expect(throws: PNGEncodingError.self) { try PNGEncoder.encode(raster) }
    }
  }

  @Test(arguments: [
    "uint8", "uint16", "int16", "int8", "uint32", "int32", "float32", "float64", "empty",
  ])
  func npyIsByteForByteThatOfNumpy(name: String) throws {
    let array = try #require(PictureFixtures.all?.arrays[name])
    let raster = try #require(array.raster)
    #expect(Data(NPYWriter.encode(raster)) == array.npy)
    if case .float32(let values) = raster.samples {
      #expect(Data(NPYWriter.encode(values, shape: raster.shape)) == array.npy)
    }
    if case .float64(let values) = raster.samples {
      #expect(Data(NPYWriter.encode(values, shape: raster.shape)) == array.npy)
    }
  }

  private struct TemporaryPNG {
    let folder: Pictures.TemporaryFolder
    let file: String

    init(_ bytes: [UInt8]) throws {
      folder = try Pictures.TemporaryFolder()
      file = try folder.write(bytes, "written.png")
    }
  }
}
