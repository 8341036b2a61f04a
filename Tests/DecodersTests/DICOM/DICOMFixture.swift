import Decoders
import Foundation

/// What Scripts/reference/make-dicom-fixtures wrote for each object of Tests/Fixtures/dicom.
struct DICOMFixture: Decodable {
  /// Decoding at a reduced scale.
  struct Reduced: Decodable {
    var side: Int
    var shape: [Int]
    var stored: Data
    var tolerance: Double
  }

  /// A JSON value of the metadata.
  enum Value: Decodable, Equatable {
    case text(String), number(Double), flag(Bool), numbers([Double])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else if let numbers = try? value.decode([Double].self) {
        self = .numbers(numbers)
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    init?(_ value: MetadataValue?) {
      switch value {
      case .string(let text)?: self = .text(text)
      case .integer(let number)?: self = .number(Double(number))
      case .number(let number)?: self = .number(number)
      case .bool(let flag)?: self = .flag(flag)
      case .list(let list)?:
        self = .numbers(list.compactMap { if case .number(let x) = $0 { x } else { nil } })
      case nil: return nil
      }
    }
  }

  var code: String?
  var shape: [Int]?
  var dtype: String?
  var stored: Data?
  var tolerance: Double?
  var shown: Data?
  var shownShape: [Int]?
  var shownTolerance: Double?
  var times: [Double]?
  var metadata: [String: Value]?
  var patient: [String: String]?
  var reduced: Reduced?

  static let folder = TestData.fixtures.appending(path: "dicom")

  static let all: [String: DICOMFixture] = {
    let decoder = JSONDecoder()
    decoder.dataDecodingStrategy = .base64
    let data = (try? Data(contentsOf: folder.appending(path: "expected.json"))) ?? Data()
    return (try? decoder.decode([String: DICOMFixture].self, from: data)) ?? [:]
  }()

  /// Names of the objects that can be decoded, and of those that have to be refused.
  static let readable = all.filter { $0.value.code == nil }.keys.sorted()
  static let refused = all.filter { $0.value.code != nil }.keys.sorted()

  static func path(_ name: String) -> String { folder.appending(path: name).path }
}

/// Samples that a `dtype` and its little-endian bytes stand for.
func numbers(_ dtype: String, _ data: Data) -> [Double] {
  func read<T: BitwiseCopyable>(_ type: T.Type, _ toDouble: (T) -> Double) -> [Double] {
    data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<T>.size).map {
        toDouble(bytes.loadUnaligned(fromByteOffset: $0, as: T.self))
      }
    }
  }
  switch dtype {
  case "uint8": return read(UInt8.self) { Double($0) }
  case "int8": return read(Int8.self) { Double($0) }
  case "uint16": return read(UInt16.self) { Double($0) }
  case "int16": return read(Int16.self) { Double($0) }
  case "uint32": return read(UInt32.self) { Double($0) }
  case "int32": return read(Int32.self) { Double($0) }
  case "float32": return read(Float.self) { Double($0) }
  default: return read(Double.self) { $0 }
  }
}

/// The largest difference between two rows of numbers; infinite where their lengths differ or one is NaN.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
