/// Two tokens that stand next to each other.
struct SymbolPair: Hashable, Comparable, Sendable {
  var left: Int32
  var right: Int32

  static func < (a: SymbolPair, b: SymbolPair) -> Bool { (a.left, a.right) < (b.left, b.right) }
}
