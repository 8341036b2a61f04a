import Decoders
import Foundation
import Testing

/// The pictures that `Scripts/reference/make-image-fixtures` wrote, with what they must give.
struct PictureFixtures: Decodable {
  static let folder = Pictures.packageRoot.appendingPathComponent("Tests/Fixtures/Images")
  /// Nil where the fixtures cannot be read, which a test of their number reports.
  static let all = try? JSONDecoder().decode(
    PictureFixtures.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
  static let pool =
    (try? Data(contentsOf: folder.appendingPathComponent("samples.bin"))).map { [UInt8]($0) } ?? []
  static let pictures = all?.pictures ?? []

  struct Array: Decodable, Sendable {
    var shape: [Int]
    var dtype: String
    var offset: Int
    var npy: Data?

    var raster: Raster? {
      let count = shape.reduce(1, *)
      func values<T: BitwiseCopyable>(_: T.Type) -> [T] {
        PictureFixtures.pool.withUnsafeBytes { bytes in
          (0..<count).map {
            bytes.loadUnaligned(fromByteOffset: offset + $0 * MemoryLayout<T>.size, as: T.self)
          }
        }
      }
      let samples: Raster.Samples? =
        switch dtype {
        case "uint8": .uint8(values(UInt8.self))
        case "int8": .int8(values(Int8.self))
        case "uint16": .uint16(values(UInt16.self))
        case "int16": .int16(values(Int16.self))
        case "uint32": .uint32(values(UInt32.self))
        case "int32": .int32(values(Int32.self))
        case "float32": .float32(values(Float.self))
        case "float64": .float64(values(Double.self))
        default: nil
        }
      return samples.map { Raster(shape: shape, samples: $0) }
    }
  }

  struct Picture: Decodable, Sendable, CustomTestStringConvertible {
    var file: String
    var tolerance: Int
    var shown: Array?
    var stored: Array?
    var error: String?

    var path: String { PictureFixtures.folder.appendingPathComponent(file).path }
    var testDescription: String { file }
  }

  var pictures: [Picture]
  var arrays: [String: Array]
}
