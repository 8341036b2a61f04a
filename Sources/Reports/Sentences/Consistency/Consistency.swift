import Foundation
import Training

/// Keeps a report's text and its table of findings from contradicting each other: sentences that speak against
/// the table go, and what the table says and no sentence does is added in plain words.
public struct Consistency: Sendable {
  /// One row of the table.
  public struct Finding: Sendable {
    /// Present, uncertain or absent, as thresholds part them.
    public typealias State = ThreeStateThresholds.State

    /// The label, as the task has it.
    public var name: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    /// What the table says of it.
    public var state: ThreeStateThresholds.State

    /// - Parameter probability: calibrated, 0 to 1.
    public init(name: String, probability: Double, state: ThreeStateThresholds.State) {
      (self.name, self.probability, self.state) = (name, probability, state)
    }
  }

  /// A text that agrees with the table.
  public struct Result: Sendable {
    /// Text of the findings section, one paragraph; never empty.
    public var findings: String
    /// Text of the impression, one paragraph; never empty.
    public var impression: String
    /// The sentences of the findings section and of the impression, each with the places of the findings that it rests
    /// on; none without a table.
    public var told: (findings: [(text: String, behind: [Int])], impression: [(text: String, behind: [Int])])
    /// Sentences that were taken out.
    public var dropped: [String]
    /// Present findings that no drafted sentence named, so that a plain one was added.
    public var added: Int
    /// Whether any sentence of the decoder stands.
    public var isDrafted: Bool
  }

  /// The table, in its order.
  public let findings: [Finding]
  /// Of the sentences that are added, and of those that may stay.
  public let language: ReportLanguage
  private let terms: [FindingTerms]

  /// - Parameter findings: the table; without any, drafted sentences are not held against it.
  public init(_ findings: [Finding], language: ReportLanguage = .en) {
    (self.findings, self.language) = (findings, language)
    terms = findings.map { FindingTerms($0.name) }
  }

  /// Whether a label says that nothing was found, as "normal" does.
  public static func namesNormal(_ label: String) -> Bool { FindingTerms.namesNormal(label) }

  /// Whether a label, present, is no illness: "normal", and "diaphragm moves normally".
  public static func namesHealthy(_ label: String) -> Bool { FindingTerms.namesHealthy(label) }

  /// Whether a label says that a scan cannot be assessed, as "unusable" does.
  public static func namesUnusable(_ label: String) -> Bool {
    let words = Words.of(label)
    if words == ["poor", "quality"] || words == ["non", "diagnostic"] { return true }
    return words.count == 1 && ["unusable", "nondiagnostic", "unreadable", "ungradable"].contains(words[0])
  }

  /// The findings of the table that a text contradicts, each once.
  public func contradictions(in text: String) -> [String] {
    var found: [String] = []
    for sentence in Sentence.split(text) {
      for place in contradicted(by: sentence) where !found.contains(findings[place].name) {
        found.append(findings[place].name)
      }
    }
    return found
  }

  /// Brings a drafted text into agreement with the table. Besides what contradicts it, sentences go that nothing
  /// was looked for behind, that state a measure which nobody took, or that are in another language.
  /// - Parameter drafts: what a decoder wrote, one text a task; what follows "Impression:" is taken as the impression.
  public func reconcile(_ drafts: [String]) -> Result {
    let split = drafts.map(Consistency.parts)
    let parts = (
      findings: split.map(\.findings).joined(separator: "\n"),
      impression: split.map(\.impression).joined(separator: "\n")
    )
    var dropped: [String] = []
    func kept(_ text: String) -> [Sentence] {
      var seen: Set<String> = []
      return Sentence.split(text).compactMap { written in
        // A decoder measures nothing: its figures are those of other patients. Without a table nothing is checked.
        guard let sentence = findings.isEmpty ? written : written.withoutMeasures,
          contradicted(by: sentence).isEmpty, isFounded(sentence), language.speaks(sentence.text)
        else {
          dropped.append(written.text)
          return nil
        }
        return seen.insert(sentence.text.lowercased()).inserted ? sentence : nil
      }
    }
    var body = kept(parts.findings), impression = kept(parts.impression)
    let isDrafted = !(body.isEmpty && impression.isEmpty), isPlain = body.isEmpty
    // Special names first: "right opacity" says "opacity" too.
    // A label on the scan is no finding of the patient.
    let order = findings.indices.filter { !Consistency.namesUnusable(findings[$0].name) }.sorted {
      Words.of(findings[$0].name).count > Words.of(findings[$1].name).count
    }
    var added = 0
    // What plain sentences rest on, whatever the rules make of their words.
    var known: [String: [Int]] = [:]
    func plain(_ text: String, _ places: [Int]) -> Sentence {
      known[text, default: []] += places
      return Sentence(text)
    }
    for place in order where findings[place].state == .present {
      // That all is normal is a conclusion: beside sentences on what was looked at the impression draws it.
      if terms[place].isNormal && !isPlain { continue }
      if !isNamed(place, in: body) {
        added += 1
        body.append(plain(language.plain(findings[place], isNormal: terms[place].isNormal), [place]))
      }
    }
    body += doubts(order, beside: body, withProbability: true, ofNormal: isPlain)
    let absent = names { $0 == .absent }
    // Where the decoder said nothing, what was looked for and not seen is told too.
    if isPlain, !body.isEmpty, !absent.isEmpty, !says(.present, ofNormal: true) {
      body.append(Sentence(language.absent(absent)))
    }
    let missing = order.filter { findings[$0].state == .present && !isNamed($0, in: impression) }
    // Where a finding is there, the names of what contains it are enough.
    for place in missing where !isNamed(place, in: impression) {
      impression.append(plain(language.short(findings[place], isNormal: terms[place].isNormal), [place]))
    }
    impression += doubts(order, beside: impression, withProbability: false, ofNormal: true)
    if impression.isEmpty {
      impression = [Sentence(language.nothing(lookedFor: names { _ in true }))]
    }
    if body.isEmpty { body = [Sentence(language.nothing(lookedFor: names { _ in true }))] }
    func told(_ sentences: [Sentence]) -> [(text: String, behind: [Int])] {
      sentences.compactMap { sentence -> (text: String, behind: [Int])? in
        let places = Set(behind(sentence)).union(known[sentence.text] ?? []).sorted()
        return places.isEmpty ? nil : (sentence.text, places)
      }
    }
    return Result(
      findings: language.joined(body.map(\.text)), impression: language.joined(impression.map(\.text)),
      told: (told(body), told(impression)),
      dropped: dropped, added: added, isDrafted: isDrafted)
  }

  /// The sentences of a text that the rules find something of the table behind, with the places of that.
  func sentences(of text: String) -> [(text: String, behind: [Int])] {
    Sentence.split(text).compactMap { sentence -> (text: String, behind: [Int])? in
      guard !findings.isEmpty, isFounded(sentence) else { return nil }
      return (sentence.text, behind(sentence))
    }
  }

  /// Places of the findings that a sentence speaks of.
  private func behind(_ sentence: Sentence) -> [Int] {
    let allNormal = sentence.segments.contains(where: \.saysAllNormal)
    let clear = sentence.segments.filter(\.saysLungClear)
    let isDoubt = sentence.segments.contains { $0.words.contains("normal") || $0.text.contains("正常") }
    let named = findings.indices.filter { place in
      if terms[place].isNormal { return allNormal || !clear.isEmpty || isDoubt }
      return terms[place].polarity(in: sentence) != nil
        || terms[place].isOfLung && clear.contains { speaksOfSide($0, terms[place]) }
    }
    // That all is normal is said of everything that was looked for.
    let all = findings.indices.filter { !Consistency.namesUnusable(findings[$0].name) }
    return named.isEmpty && (allNormal || !clear.isEmpty) ? all : named
  }

  /// Names of findings in some state, in the table's order; a side is left out where the finding on any side is told.
  private func names(_ isMeant: (Finding.State) -> Bool) -> [String] {
    let meant = findings.indices.filter {
      isMeant(findings[$0].state) && !terms[$0].isHealthy && !Consistency.namesUnusable(findings[$0].name)
    }
    let whole = Set(
      meant.filter { terms[$0].side == nil }.map { Words.of(findings[$0].name).joined(separator: " ") })
    return meant.filter { place in
      terms[place].side == nil
        || !whole.contains(Words.of(findings[place].name).dropFirst().joined(separator: " "))
    }.map { findings[$0].name }
  }

  private func says(_ state: Finding.State, ofNormal isNormal: Bool) -> Bool {
    findings.indices.contains { terms[$0].isNormal == isNormal && findings[$0].state == state }
  }

  /// Whether the table has something that a sentence may rest on. Without a table every sentence may stand.
  private func isFounded(_ sentence: Sentence) -> Bool {
    guard !findings.isEmpty else { return true }
    return sentence.segments.contains { $0.saysAllNormal || $0.saysLungClear }
      || terms.contains { !$0.isNormal && $0.polarity(in: sentence) != nil }
  }

  /// One sentence on all uncertain findings that no sentence names yet.
  /// - Parameter ofNormal: tells too whether all is normal, where nothing else is in doubt.
  private func doubts(
    _ order: [Int], beside sentences: [Sentence], withProbability: Bool, ofNormal: Bool
  ) -> [Sentence] {
    var listed: [Finding] = []
    for place in order where findings[place].state == .uncertain && !terms[place].isNormal {
      let soFar =
        listed.isEmpty ? [] : [Sentence(language.uncertain(listed, withProbability: withProbability))]
      if !isNamed(place, in: sentences + soFar) { listed.append(findings[place]) }
    }
    if !listed.isEmpty {
      return [Sentence(language.uncertain(listed, withProbability: withProbability))]
    }
    guard ofNormal else { return [] }
    let doubted = order.filter { findings[$0].state == .uncertain && terms[$0].isNormal }
    guard let normal = doubted.first, !findings.contains(where: { $0.state == .present }) else { return [] }
    return [Sentence(language.doubtful(findings[normal]))]
  }

  /// Whether some sentence says of a finding what the table says.
  private func isNamed(_ place: Int, in sentences: [Sentence]) -> Bool {
    sentences.contains { sentence in
      if terms[place].isNormal { return sentence.segments.contains { $0.saysAllNormal || $0.saysLungClear } }
      switch terms[place].polarity(in: sentence) {
      case .affirmed: return findings[place].state == .present
      case .hedged: return findings[place].state == .uncertain
      case .denied, nil: return false
      }
    }
  }

  /// Places of the findings that a sentence speaks against.
  private func contradicted(by sentence: Sentence) -> [Int] {
    let allNormal = sentence.segments.contains(where: \.saysAllNormal)
    let clear = sentence.segments.filter(\.saysLungClear)
    return findings.indices.filter { place in
      let state = findings[place].state
      if terms[place].isNormal { return allNormal && state != .present }
      if state != .absent, !terms[place].isHealthy {
        if allNormal { return true }
        if terms[place].isOfLung, clear.contains(where: { speaksOfSide($0, terms[place]) }) { return true }
      }
      guard let polarity = terms[place].polarity(in: sentence) else { return false }
      switch state {
      case .present: return polarity == .denied
      case .absent: return polarity != .denied
      case .uncertain: return polarity != .hedged
      }
    }
  }

  /// Whether "clear" holds for the side of a finding; one lung alone says nothing of a finding without side.
  private func speaksOfSide(_ segment: Segment, _ terms: FindingTerms) -> Bool {
    if segment.sides.count != 1 { return true }
    return terms.side.map { segment.sides.contains($0) } ?? false
  }

  /// Findings and impression of a text, without their headings.
  static func parts(_ draft: String) -> (findings: String, impression: String) {
    var text = draft
    for heading in ["findings:", "findings：", "所见：", "影像所见："] {
      if let range = text.range(of: heading, options: [.caseInsensitive, .anchored]) {
        text.removeSubrange(range)
      }
    }
    guard let range = impressionRange(text) else { return (text, "") }
    return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
  }

  /// The heading of the impression as a text has it, such as `Impression:`; nil where it has none.
  public static func impressionHeading(_ text: String) -> String? {
    impressionRange(text).map { String(text[$0]) }
  }

  private static func impressionRange(_ text: String) -> Range<String.Index>? {
    ["impression:", "conclusion:", "印象：", "印象:", "结论："].lazy.compactMap {
      text.range(of: $0, options: .caseInsensitive)
    }.first
  }
}
