import Foundation

/// A part of a sentence in which a negation holds, in the manner of NegEx (Chapman et al. 2001, "A simple
/// algorithm for identifying negated findings and diseases in discharge summaries"): words before that open it,
/// words after that close it, and words that only look like a negation.
struct Segment: Sendable {
  let text: String
  let words: [String]
  /// Whether any Chinese term can stand here: looking for each of them takes longer than all else.
  let isChinese: Bool

  private static let breaks: Set<String> = [
    "but", "however", "although", "though", "except", "while", "whereas", "yet",
  ]
  /// After a comma or "and" these begin a statement of its own.
  private static let openers: Set<String> = [
    "the", "a", "an", "there", "both", "no", "it", "is", "with", "without",
  ]
  private static let negations: Set<String> = [
    "no", "not", "without", "none", "neither", "nor", "never", "lacks", "lack", "absence", "free", "negative",
    "excludes",
    "deny", "denies",
  ]
  /// "No change" denies nothing.
  private static let pseudo: Set<String> = [
    "change", "changes", "interval", "increase", "decrease", "only", "improvement",
  ]
  /// "Free air" and "free fluid" are there.
  private static let loose: Set<String> = ["air", "fluid", "gas", "pleural", "flowing"]
  private static let closers: Set<String> = ["absent", "excluded", "resolved", "negative"]
  private static let perceived: Set<String> = [
    "seen", "identified", "demonstrated", "visible", "visualized", "visualised", "present", "evident",
    "detected",
    "found", "shown", "noted", "appreciated",
  ]
  private static let hedges: Set<String> = [
    "possible", "possibly", "probable", "probably", "likely", "unlikely", "may", "might", "could",
    "suspicious",
    "suspected", "suspicion", "questionable", "equivocal", "uncertain", "indeterminate", "consider", "versus",
  ]
  private static let chineseNegations = ["未见", "没有", "无", "未", "除外", "排除", "不伴"]
  private static let chineseHedges = ["可能", "疑", "考虑", "不除外", "待排", "倾向", "不排除", "不能确定"]

  static func split(_ sentence: String) -> [Segment] {
    var parts: [[String]] = [[]]
    // Marks stand as words of their own, so that they can be told from word to word.
    var spaced = ""
    for letter in sentence {
      spaced += ",;，；、".contains(letter) ? " \(letter) " : String(letter)
    }
    let tokens = spaced.split(whereSeparator: \.isWhitespace).map(String.init)
    for (place, token) in tokens.enumerated() {
      let plain = token.lowercased().filter { $0.isLetter || $0.isNumber }
      let next = place + 1 < tokens.count ? tokens[place + 1].lowercased().filter(\.isLetter) : ""
      if ";；，".contains(token) || breaks.contains(plain)
        || ((token == "," || plain == "and") && openers.contains(next))
      {
        parts.append([])
      } else {
        parts[parts.count - 1].append(token)
      }
    }
    return parts.filter { !$0.isEmpty }.map { Segment(text: $0.joined(separator: " ")) }
  }

  private init(text: String) {
    self.text = text
    words = Words.of(text)
    isChinese = text.unicodeScalars.contains(where: Words.isChinese)
  }

  var sides: Set<FindingTerms.Side> {
    var found: Set<FindingTerms.Side> = []
    for word in words {
      if word.hasPrefix("right") { found.insert(.right) }
      if word.hasPrefix("left") { found.insert(.left) }
      if word == "both" || word.hasPrefix("bilateral") { found = [.right, .left] }
    }
    guard isChinese else { return found }
    if text.contains("右") { found.insert(.right) }
    if text.contains("左") { found.insert(.left) }
    if text.contains("双") || text.contains("两") { found = [.right, .left] }
    return found
  }

  /// Place of the last word of a pattern whose stems all stand here; nil where one is missing.
  func lastPlace(of pattern: [String]) -> Int? {
    var last = -1
    for stem in pattern {
      // Short stems must begin a word; "mass" is no part of "massive", so that it must be nearly all of it.
      let place = words.firstIndex { word in
        stem.count >= 6
          ? word.contains(stem) : word.hasPrefix(stem) && (stem.count > 4 || word.count <= stem.count + 2)
      }
      guard let place else { return nil }
      last = max(last, place)
    }
    return last >= 0 ? last : nil
  }

  /// How the word at `place` is spoken of.
  func polarity(at place: Int) -> Polarity {
    let excluded = words.contains("excluded") && !Set(words).isDisjoint(with: ["cannot", "not", "can"])
    if excluded || words.contains(where: { Segment.hedges.contains($0) || $0.hasPrefix("suggest") }) {
      return .hedged
    }
    if isChinese {
      if Segment.chineseHedges.contains(where: { text.contains($0) }) { return .hedged }
      if Segment.chineseNegations.contains(where: { text.contains($0) }) { return .denied }
    }
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : ""
      let isLoose = word == "free" && Segment.loose.contains(next)
      if index <= place, Segment.negations.contains(word), !Segment.pseudo.contains(next), !isLoose {
        return .denied
      }
      guard index > place else { continue }
      if Segment.closers.contains(word) || (word == "not" && Segment.perceived.contains(next)) {
        return .denied
      }
      if word == "ruled" && next == "out" { return .denied }
    }
    return .affirmed
  }

  /// How a Chinese term is spoken of; nil where it does not stand here.
  func chinesePolarity(of term: String) -> Polarity? {
    guard isChinese, let range = text.range(of: term) else { return nil }
    if Segment.chineseHedges.contains(where: { text.contains($0) }) { return .hedged }
    let before = text[..<range.lowerBound], behind = text[range.upperBound...]
    let isDenied =
      Segment.chineseNegations.contains { before.contains($0) }
      || ["未见", "未显示", "阴性"].contains { behind.hasPrefix($0) }
    return isDenied ? .denied : .affirmed
  }

  /// Whether the examination as a whole is called normal.
  var saysAllNormal: Bool {
    let wholes: Set<String> = [
      "chest", "radiograph", "study", "examination", "scan", "image", "film", "ultrasound", "exam",
    ]
    if let place = words.firstIndex(where: { $0 == "normal" || $0 == "unremarkable" }),
      words.count == 1 || !wholes.isDisjoint(with: words)
    {
      return polarity(at: place) == .affirmed
    }
    let limits = ["bon", "osseous", "skelet", "mediastin", "soft", "diaphragm"]
    let isLimited = words.contains { word in limits.contains { word.hasPrefix($0) } }
    if !isLimited, let place = words.firstIndex(where: { $0.hasPrefix("abnormal") || $0 == "acute" }) {
      return polarity(at: place) == .denied
    }
    return isChinese && ["未见明显异常", "未见异常", "正常胸片"].contains { text.contains($0) } && !text.contains("骨")
  }

  /// Whether a lung, or both, are called clear.
  var saysLungClear: Bool {
    if let place = words.firstIndex(of: "clear"), words.contains(where: { $0.hasPrefix("lung") }) {
      return polarity(at: place) == .affirmed
    }
    return isChinese && text.contains("肺") && text.contains("清晰")
  }
}
