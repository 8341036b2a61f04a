import Foundation

/// Files made by Scripts/reference/tokenizer_fixtures.py.
enum TokenizerFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/Tokenizer").standardized.path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  static func decode<T: Decodable>(_: T.Type, _ name: String) throws -> T {
    try JSONDecoder().decode(T.self, from: Data(try bytes(name)))
  }

  /// Equality of scalars: `==` on texts takes canonically equivalent ones for one.
  static func same(_ a: String, _ b: String) -> Bool { Array(a.utf8) == Array(b.utf8) }
}
