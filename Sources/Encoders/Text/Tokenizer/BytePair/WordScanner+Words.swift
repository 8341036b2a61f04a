extension WordScanner {
  /// Calls `body` with the UTF-8 bytes of each word of `text`: a run of letters, one digit, an English contraction, or
  /// a run of anything else but white space, which parts words and belongs to none. These are the pieces of CLIP's
  /// expression `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
  static func words(of text: String, _ body: (ArraySlice<UInt8>) -> Void) {
    let (bytes, kinds, starts) = scalars(of: text)
    var start = 0
    while start < kinds.count {
      var end = start + 1
      if bytes[starts[start]] == UInt8(ascii: "'"), let length = contraction(bytes[(starts[start] + 1)...]) {
        end += length
      } else if kinds[start] != .digit {
        while end < kinds.count, kinds[end] == kinds[start] { end += 1 }
      }
      if kinds[start] != .space { body(bytes[starts[start]..<starts[end]]) }
      start = end
    }
  }
}
