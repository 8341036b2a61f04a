/// What a label says of the side of its finding, and which findings have sides and zones at all.
public struct FindingSide: Sendable, Equatable {
  /// Nil where the label names none.
  public let side: ReportDocument.Laterality?
  /// The label's words without the side.
  public let bare: [String]

  /// - Parameter label: as the task has it.
  public init(label: String) {
    let words = Words.of(label)
    let sides = ReportDocument.Laterality.allCases.filter { words.contains($0.rawValue) }
    side = sides.count == 1 ? sides[0] : sides.isEmpty ? nil : .bilateral
    bare = words.filter { word in !ReportDocument.Laterality.allCases.contains { $0.rawValue == word } }
  }

  /// Whether a finding lies in a lung, so that a third of its height can be named.
  public static func hasZones(_ label: String) -> Bool {
    concept(label).map { $0.isOfLung && !diffuse.contains($0.name ?? "") } ?? false
  }

  /// Whether a finding is round, so that one number says how large it is.
  public static func isRound(_ label: String) -> Bool {
    ["nodule", "mass"].contains(concept(label)?.name ?? "")
  }

  /// Whether a finding lies in a lung or at it, on one side or both.
  public static func hasSides(_ label: String) -> Bool {
    hasZones(label) || ["pleural effusion", "pneumothorax"].contains(concept(label)?.name ?? "")
  }

  /// The zone that a sentence names; nil where it names none or several.
  public static func zone(in sentence: String) -> ReportDocument.Zone? {
    let words = Words.of(sentence)
    let named = ReportDocument.Zone.allCases.filter { zone in
      zip(words, words.dropFirst()).contains {
        ($0 == zone.rawValue || zone == .middle && $0 == "mid") && $1.hasPrefix("zone")
      } || chinese[zone].map { $0.contains { sentence.contains($0) } } ?? false
    }
    return named.count == 1 ? named[0] : nil
  }

  private static func concept(_ label: String) -> FindingConcept? {
    FindingConcept.of(FindingSide(label: label).bare)
  }

  /// Of a whole lung, or of both.
  private static let diffuse: Set<String> = ["edema", "emphysema", "covid"]
  private static let chinese: [ReportDocument.Zone: [String]] = [
    .upper: ["上肺野", "肺上野"], .middle: ["中肺野", "肺中野"], .lower: ["下肺野", "肺下野"],
  ]
}
