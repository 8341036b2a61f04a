import Foundation
import Layers
import Testing

/// Files written by the Python package; see Scripts/reference/safetensors_fixtures.py.
struct SafetensorsReadingTests {
  struct Expected: Decodable {
    struct Rounding: Decodable { var from: [UInt32], to: [UInt16] }
    var shapes: [String: [Int]]
    var bits: [String: [UInt32]]
    var bfloat16: Rounding
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/Safetensors").standardized.path

  static func expected() throws -> Expected {
    try JSONDecoder().decode(Expected.self, from: Data(contentsOf: URL(filePath: folder + "/types.json")))
  }

  @Test func everyTypeAndShapeOfThePythonPackage() throws {
    let expected = try Self.expected()
    let file = try SafetensorsFile(path: Self.folder + "/types.safetensors")
    #expect(Set(file.names) == Set(expected.shapes.keys))
    #expect(
      file.names == file.names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) })
    #expect(file.metadata == ["format": "pt", "note": #"quote " and \ and 中"#])
    #expect(expected.bits.count == 10)
    for (name, bits) in expected.bits {
      #expect(file.shape(name) == expected.shapes[name], "\(name)")
      #expect(try file.floats(name).map(\.bitPattern) == bits, "\(name)")
    }
    #expect(file.type("encoder.bias") == "BF16")
    #expect(file.shape("nothing") == nil)
  }

  @Test func integersAreExact() throws {
    let file = try SafetensorsFile(path: Self.folder + "/types.safetensors")
    #expect(try file.integers("long") == [(1 << 40) + 1, -3])
    #expect(try file.integers("int") == [7, -2_147_483_648])
    #expect(try file.integers("bytes") == [0, 255, 17])
    #expect { try file.integers("half") } throws: { ($0 as? SafetensorsError)?.code == .unsupported }
  }

  @Test func namesWhatCannotBeRead() throws {
    let file = try SafetensorsFile(path: Self.folder + "/types.safetensors")
    #expect {
      try file.floats("flags")
    } throws: {
      guard let error = $0 as? SafetensorsError else { return false }
      return error.code == .unsupported && error.place == .tensor("flags") && error.reason.contains("BOOL")
    }
    #expect {
      try file.floats("decoder.weight")
    } throws: {
      guard let error = $0 as? SafetensorsError else { return false }
      return error.code == .missingTensor && error.description.contains("decoder.weight")
    }
  }
}
