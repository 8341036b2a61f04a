import Foundation

/// Recognises one finding in sentences, by its label.
struct FindingTerms: Sendable {
  enum Side: Sendable { case right, left }

  /// The label of an examination without findings.
  let isNormal: Bool
  /// Present, it is no illness.
  let isHealthy: Bool
  let side: Side?
  let isOfLung: Bool
  private let affirming: [[String]]
  private let denying: [[String]]
  private let chinese: [String]
  private let chineseDenying: [String]

  init(_ label: String) {
    let words = Words.of(label)
    isNormal = FindingTerms.namesNormal(label)
    isHealthy = FindingTerms.namesHealthy(label)
    let sided: Side? = words.contains("right") ? .right : words.contains("left") ? .left : nil
    side = words.contains("bilateral") ? nil : sided
    let rest = words.filter { !FindingTerms.fillers.contains($0) }
    let concept = FindingConcept.of(rest)
    isOfLung = concept?.isOfLung ?? true
    // What the concept does not cover must be said too: "viral" of "viral pneumonia".
    let further = rest.filter { word in concept?.keys.contains { word.contains($0) } != true }.map(Words.stem)
    if let concept {
      affirming = concept.affirming.map { $0 + further }
    } else {
      affirming = further.isEmpty ? [] : [further]
    }
    denying = concept?.denying ?? []
    chinese =
      (concept?.chinese ?? []) + (label.unicodeScalars.contains(where: Words.isChinese) ? [label] : [])
    chineseDenying = concept?.chineseDenying ?? []
  }

  private static let fillers: Set<String> = [
    "right", "left", "bilateral", "of", "the", "in", "with", "on", "a", "an", "and", "or",
  ]

  /// Whether a label says that nothing was found.
  static func namesNormal(_ label: String) -> Bool {
    let words = Words.of(label)
    let plain: Set<String> = [
      "normal", "healthy", "regular", "unremarkable", "negative", "clear", "正常", "未见异常",
    ]
    if words.count <= 2, words.contains(where: { plain.contains($0) }) {
      return words.count == 1
        || !Set(words).isDisjoint(with: ["chest", "lung", "lungs", "study", "scan", "image"])
    }
    return words.first == "no" && words.contains { $0.hasPrefix("finding") || $0.hasPrefix("abnormal") }
  }

  /// Whether a label, present, is no illness: "normal", and "diaphragm moves normally".
  static func namesHealthy(_ label: String) -> Bool {
    if namesNormal(label) { return true }
    let words = Words.of(label)
    return !words.contains("not") && !words.contains("no")
      && words.contains {
        $0.hasPrefix("normal") || ["clear", "healthy", "unremarkable", "intact"].contains($0)
      }
  }

  /// What a sentence says of the finding: the strongest of its segments; nil where it does not name it.
  func polarity(in sentence: Sentence) -> Polarity? {
    let found = sentence.segments.compactMap { polarity(in: $0, of: sentence) }
    return found.contains(.affirmed) ? .affirmed : found.contains(.hedged) ? .hedged : found.first
  }

  private func polarity(in segment: Segment, of sentence: Sentence) -> Polarity? {
    for pattern in affirming {
      guard let place = segment.lastPlace(of: pattern) else { continue }
      let polarity = segment.polarity(at: place)
      if let fits = fits(polarity, segment.sides.isEmpty ? sentence.sides : segment.sides) { return fits }
    }
    for pattern in denying {
      guard let place = segment.lastPlace(of: pattern), segment.polarity(at: place) == .affirmed else {
        continue
      }
      if let fits = fits(.denied, segment.sides) { return fits }
    }
    guard segment.isChinese else { return nil }
    for phrase in chineseDenying where segment.text.contains(phrase) {
      if let fits = fits(.denied, segment.sides) { return fits }
    }
    for term in chinese {
      guard let polarity = segment.chinesePolarity(of: term) else { continue }
      // What is stated behind a comma may lie on the side that was named before it.
      let isNamedBefore = polarity != .denied && segment.sides.isEmpty
      if let fits = fits(polarity, isNamedBefore ? sentence.sides : segment.sides) { return fits }
    }
    return nil
  }

  /// Takes the side into account: "right opacity" is affirmed only by sentences on the right; an opacity
  /// somewhere is not denied by a sentence on one lung.
  private func fits(_ polarity: Polarity, _ sides: Set<Side>) -> Polarity? {
    switch (polarity, side) {
    case (.denied, nil): sides.count == 1 ? nil : .denied
    case (.denied, let side?): sides.isEmpty || sides.contains(side) ? .denied : nil
    case (_, nil): polarity
    case (_, let side?): sides.contains(side) ? polarity : nil
    }
  }
}
