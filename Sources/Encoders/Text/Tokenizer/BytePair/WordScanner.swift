/// Cuts text into the pieces across which byte-pair merges never reach.
///
/// A piece is a run of letters, of digits or of anything else, each with at most one space before it;
/// an English contraction (`'s 't 're 've 'm 'll 'd`); or a run of white space, which leaves its last
/// character to the piece behind it. Letters are the Unicode categories L, digits N, white space the
/// property White_Space. These are the pieces of GPT-2's expression
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
enum WordScanner {
  enum Kind: UInt8 { case letter, digit, space, other }

  /// Calls `body` with the UTF-8 bytes of each piece; joined they are `text`.
  static func pieces(of text: String, _ body: (ArraySlice<UInt8>) -> Void) {
    let (bytes, kinds, starts) = scalars(of: text)
    var start = 0
    while start < kinds.count {
      let end = end(of: start, kinds, starts, bytes)
      body(bytes[starts[start]..<starts[end]])
      start = end
    }
  }

  /// The bytes of `text`, what each of its scalars is, and the byte offset of each scalar and of the end.
  static func scalars(of text: String) -> (bytes: [UInt8], kinds: [Kind], starts: [Int]) {
    let bytes = Array(text.utf8)
    var kinds: [Kind] = []
    var starts: [Int] = []
    kinds.reserveCapacity(bytes.count)
    starts.reserveCapacity(bytes.count + 1)
    var offset = 0
    for scalar in text.unicodeScalars {
      kinds.append(kind(scalar))
      starts.append(offset)
      offset += UTF8.width(scalar)
    }
    starts.append(offset)
    return (bytes, kinds, starts)
  }

  /// The scalar behind the piece that begins at scalar `start`.
  private static func end(of start: Int, _ kinds: [Kind], _ starts: [Int], _ bytes: [UInt8]) -> Int {
    if bytes[starts[start]] == UInt8(ascii: "'"), let length = contraction(bytes[(starts[start] + 1)...]) {
      return start + 1 + length
    }
    var first = start
    if bytes[starts[start]] == 0x20, start + 1 < kinds.count, kinds[start + 1] != .space { first += 1 }
    var end = first
    while end < kinds.count, kinds[end] == kinds[first] { end += 1 }
    // White space leaves its last character to what follows.
    if kinds[first] == .space, end < kinds.count, end - first > 1 { end -= 1 }
    return end
  }

  /// Length of the contraction that `rest` begins with.
  static func contraction(_ rest: ArraySlice<UInt8>) -> Int? {
    guard let first = rest.first else { return nil }
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 1
    default: break
    }
    return rest.starts(with: "re".utf8) || rest.starts(with: "ve".utf8) || rest.starts(with: "ll".utf8)
      ? 2 : nil
  }

  private static let ascii: [Kind] = (0..<128).map { classify(Unicode.Scalar(UInt8($0))) }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    scalar.value < 128 ? ascii[Int(scalar.value)] : classify(scalar)
  }

  private static func classify(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
    case .decimalNumber, .letterNumber, .otherNumber: .digit
    default: scalar.properties.isWhitespace ? .space : .other
    }
  }
}
