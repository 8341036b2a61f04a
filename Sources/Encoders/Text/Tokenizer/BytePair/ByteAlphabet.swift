/// The reversible map between the 256 bytes and printable characters of byte-level vocabularies.
///
/// Bytes that are printable in Latin-1 stand for themselves; the others, in their order, become U+0100
/// and what follows. Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019
/// (GPT-2).
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0...255).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(UInt8(byte))
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? "\u{FFFD}"
      }
    }
  }()

  /// The byte of each character.
  private static let bytes = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($1.value, UInt8($0)) })

  /// Bytes in the order of their characters' code points, in which vocabularies number them.
  static let order: [UInt8] = (0...255).sorted { characters[Int($0)].value < characters[Int($1)].value }

  static func text(of token: some Sequence<UInt8>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: token.lazy.map { characters[Int($0)] })
    return text
  }

  /// The bytes that `text` stands for; nil where it holds a character outside the alphabet.
  static func token(of text: String) -> [UInt8]? {
    var token: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = bytes[scalar.value] else { return nil }
      token.append(byte)
    }
    return token
  }
}
