/// UTF-8 bytes as a dictionary key: equal only where every byte is, unlike `String`, which takes
/// canonically equivalent texts for one.
struct Bytes: Hashable, Comparable, Sendable {
  var array: [UInt8]

  init(_ array: [UInt8]) { self.array = array }
  init(_ slice: some Sequence<UInt8>) { array = Array(slice) }
  init(_ text: String) { array = Array(text.utf8) }

  var text: String { String(decoding: array, as: UTF8.self) }

  func hash(into hasher: inout Hasher) {
    array.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  static func < (a: Bytes, b: Bytes) -> Bool { a.array.lexicographicallyPrecedes(b.array) }
}
