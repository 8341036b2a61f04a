/// Order of names as people read them: `slice 2` before `slice 10`, upper and lower case together.
enum NaturalOrder {
  /// Whether path `a` comes before path `b`, folder by folder.
  static func precedes(_ a: String, _ b: String) -> Bool {
    let (left, right) = (a.split(separator: "/"), b.split(separator: "/"))
    for (x, y) in zip(left, right) where x != y {
      return comesBefore(Array(x.lowercased().unicodeScalars), Array(y.lowercased().unicodeScalars))
        ?? (x < y)
    }
    return left.count < right.count
  }

  /// Nil where only leading zeros or nothing differ.
  private static func comesBefore(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Bool? {
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      let (first, second) = (number(a, &i), number(b, &j))
      if let first, let second {
        if first.count != second.count { return first.count < second.count }
        if first != second { return first.lexicographicallyPrecedes(second) }
        continue
      }
      // A number stands before anything else.
      if first != nil { return true }
      if second != nil { return false }
      if a[i] != b[j] { return a[i] < b[j] }
      i += 1
      j += 1
    }
    return a.count - i == b.count - j ? nil : a.count - i < b.count - j
  }

  /// The digits at `i` without leading zeros, and `i` moved behind them; nil where there are none.
  private static func number(_ text: [Unicode.Scalar], _ i: inout Int) -> [Unicode.Scalar]? {
    let start = i
    while i < text.count, ("0"..."9").contains(text[i]) { i += 1 }
    return i == start ? nil : Array(text[start..<i].drop { $0 == "0" })
  }
}
