import Foundation

/// The steps that BERT takes before its vocabulary is asked: cleaning, accents, case, words.
///
/// Source: Devlin et al., BERT, NAACL 2019, and the text steps of its published code.
struct BasicTextCleaner: Sendable, Equatable {
  /// Control characters are dropped and every white space becomes a space.
  var cleans = true
  /// Chinese ideographs are words of their own.
  var separatesIdeographs = true
  var stripsAccents = true
  var lowercases = true

  /// The words and punctuation marks of `text` in order.
  func words(of text: String) -> [[Unicode.Scalar]] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if cleans, Self.isDropped(scalar) { continue }
      if separatesIdeographs, Self.isIdeograph(scalar) {
        scalars += [" ", scalar, " "]
      } else {
        scalars.append(scalar)
      }
    }
    if stripsAccents { scalars = Self.withoutAccents(scalars) }
    if lowercases {
      scalars = scalars.flatMap {
        $0.isASCII ? [Self.lowercaseASCII($0)] : Array($0.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return Self.split(scalars)
  }

  private static func split(_ scalars: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func finish() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in scalars {
      if scalar.properties.isWhitespace {
        finish()
      } else if isPunctuation(scalar) {
        finish()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    finish()
    return words
  }

  private static func withoutAccents(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if scalars.allSatisfy(\.isASCII) { return scalars }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
      $0.properties.generalCategory != .nonspacingMark
    }
  }

  private static func lowercaseASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value == 0 || scalar.value == 0xFFFD { return true }
    if scalar == "\t" || scalar == "\n" || scalar == "\r" { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate: true
    default: false
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    // Signs such as $ and + count as well where they are ASCII.
    if scalar.isASCII { return scalar.properties.isPatternSyntax || scalar == "_" }
    return switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }

  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
