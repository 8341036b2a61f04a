import Foundation

/// What a sentence says of a finding.
enum Polarity: Sendable { case affirmed, denied, hedged }

/// A sentence of a report with its segments: parts in which a negation holds.
struct Sentence: Sendable {
  let text: String
  let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = Segment.split(text)
  }

  /// The sides that it names.
  var sides: Set<FindingTerms.Side> { segments.reduce(into: []) { $0.formUnion($1.sides) } }

  /// Whether it gives a number, with or without a unit: "0.59", "3 cm", "40%"; "COVID-19" and "5th" are none.
  var statesMeasure: Bool {
    // Most sentences have no number, and the expression is slow.
    guard text.contains(where: \.isNumber) else { return false }
    if text.range(of: Sentence.chineseMeasure, options: .regularExpression) != nil { return true }
    return text.split { $0.isWhitespace || "()，、".contains($0) }.contains { word in
      let bare = word.lowercased().trimmingCharacters(in: .punctuationCharacters.union(.symbols))
      let number = bare.prefix { $0.isNumber || ".,".contains($0) }
      return !number.isEmpty && ["", "mm", "cm", "ml", "hu", "%"].contains(bare.dropFirst(number.count))
    }
  }

  private static let chineseMeasure = "(直径|大小|心胸比)?[约为]*[0-9]+([.][0-9]+)?(毫米|厘米|毫升)|心胸比[约为]*[0-9.]+"
  /// A size with the words that lead to it.
  private static let measures = [
    (" *(of about|measuring about|measuring|of|about)? [0-9]+([.][0-9]+)? ?(mm|cm)\\b", ""),
    ("(直径|大小)?约?[0-9]+([.][0-9]+)?(毫米|厘米)的?", ""),
  ]

  /// The sentence without sizes, and without the clauses that give another number; nil where nothing is left that can
  /// stand.
  var withoutMeasures: Sentence? {
    guard statesMeasure else { return self }
    // Clauses that are nothing but a size go as a whole.
    if let rest = withoutClauses, !rest.statesMeasure { return rest }
    let plain = Sentence(
      Sentence.measures.reduce(text) {
        $0.replacingOccurrences(of: $1.0, with: $1.1, options: .regularExpression)
      })
    return plain.statesMeasure ? plain.withoutClauses : plain
  }

  /// Without the clauses that give a number; nil where the first does, or there is but one.
  private var withoutClauses: Sentence? {
    let mark = text.contains("，") ? "，" : ", "
    let clauses = text.components(separatedBy: mark)
    guard let first = clauses.first, clauses.count > 1, !Sentence(first).statesMeasure else { return nil }
    let kept = clauses.filter { !Sentence($0).statesMeasure }.joined(separator: mark)
    let end = text.last.map { ".!?。！？".contains($0) ? String($0) : "" } ?? ""
    return Sentence(kept.hasSuffix(end) ? kept : kept + end)
  }

  /// Splits a text after full stops, question and exclamation marks and line ends; a point between digits ends
  /// nothing.
  static func split(_ text: String) -> [Sentence] {
    var sentences: [String] = [], current = ""
    let letters = Array(text)
    for (place, letter) in letters.enumerated() {
      if letter.isNewline {
        sentences.append(current)
        current = ""
        continue
      }
      current.append(letter)
      guard ".!?。！？".contains(letter) else { continue }
      let next = place + 1 < letters.count ? letters[place + 1] : " "
      if letter == ".", !next.isWhitespace { continue }
      sentences.append(current)
      current = ""
    }
    sentences.append(current)
    return sentences.map { $0.trimmingCharacters(in: .whitespaces) }.filter { text in
      text.contains { $0.isLetter || $0.isNumber }
    }.map(Sentence.init)
  }
}

/// Words as the rules compare them.
enum Words {
  /// Lower-case words; hyphens and underscores part them.
  static func of(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// A word without an ending that may change: "opacity" and "opacification" both start with "opaci".
  static func stem(_ word: String) -> String {
    guard word.unicodeScalars.allSatisfy(\.isASCII) else { return word }
    return String(word.dropLast(word.count > 6 ? 2 : word.count > 4 ? 1 : 0))
  }

  static func isChinese(_ scalar: Unicode.Scalar) -> Bool { (0x4E00...0x9FFF).contains(scalar.value) }
}
