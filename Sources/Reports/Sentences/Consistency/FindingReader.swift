/// Reads which findings a report's text states, by the rules that hold reports against their tables: a labeller in the
/// manner of CheXpert's (Irvin et al. 2019) and NegEx.
///
/// It knows the labels that it is given and the findings of `FindingConcept` that none of them covers; labels of
/// one side are read as the side of their finding.
public struct FindingReader: Sendable {
  /// What is looked for, without sides.
  public let findings: [String]
  private let terms: [FindingTerms], right: [FindingTerms], left: [FindingTerms]

  /// - Parameter labels: of a task; those that name no illness are passed over.
  public init(labels: [String]) {
    var names: [String] = []
    var covered: Set<[String]> = []
    for label in labels
    where !Consistency.namesNormal(label) && !Consistency.namesHealthy(label)
      && !Consistency.namesUnusable(label)
    {
      let words = Words.of(label).filter { !["left", "right", "bilateral"].contains($0) }
      let bare = words.joined(separator: " ")
      if !bare.isEmpty, !names.contains(bare) { names.append(bare) }
      if let concept = FindingConcept.of(words) { covered.insert(concept.keys) }
    }
    for concept in FindingConcept.known where !covered.contains(concept.keys) {
      // Its first key alone names it; of the two on the diaphragm only one is an illness.
      if let name = concept.name { names.append(name) }
    }
    findings = names
    terms = names.map { FindingTerms($0) }
    right = names.map { FindingTerms("right \($0)") }
    left = names.map { FindingTerms("left \($0)") }
  }

  /// What a text states: by the place in `findings` the sides that it names; empty for none.
  public func read(_ text: String) -> [Int: Set<ReportSide>] {
    let sentences = Sentence.split(text)
    func states(_ terms: FindingTerms) -> Bool {
      sentences.contains { terms.polarity(in: $0) == .affirmed }
    }
    var found: [Int: Set<ReportSide>] = [:]
    for place in findings.indices where states(terms[place]) {
      var sides: Set<ReportSide> = []
      if states(right[place]) { sides.insert(.right) }
      if states(left[place]) { sides.insert(.left) }
      found[place] = sides
    }
    return found
  }
}

/// A side of the patient.
public enum ReportSide: String, Sendable, Codable, CaseIterable {
  /// The patient's own, not the viewer's.
  case right, left
}
