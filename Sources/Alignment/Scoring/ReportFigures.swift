/// Reports on the scans of a split, scored.
public struct ReportFigures: Sendable, Codable, Hashable {
  /// Where the texts of the baselines come from.
  public enum Source: String, Sendable, Codable {
    /// The train part of the manifest.
    case train
    /// Other groups of the scored part itself, where the manifest has no train part; the most frequent text then counts
    /// the scored ones too, which is more than any reader could know.
    case split
  }

  /// On all scans with a text.
  public var all: ReportPart
  /// On those whose text states a finding; nil where there are none, or all are such.
  public var abnormal: ReportPart?
  /// Where the texts of the baselines come from.
  public var baselinesFrom: Source
  /// What was looked for in the texts.
  public var findings: [String]

  private enum Key: String, CodingKey { case abnormal, baselinesFrom, findings }

  /// - Parameters:
  ///   - all: on all scans with a text.
  ///   - abnormal: on those whose text states a finding.
  public init(all: ReportPart, abnormal: ReportPart?, baselinesFrom: Source, findings: [String]) {
    (self.all, self.abnormal, self.baselinesFrom, self.findings) = (all, abnormal, baselinesFrom, findings)
  }

  /// Reads what `encode` writes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    abnormal = try values.decodeIfPresent(ReportPart.self, forKey: .abnormal)
    baselinesFrom = try values.decode(Source.self, forKey: .baselinesFrom)
    findings = try values.decode([String].self, forKey: .findings)
    all = try ReportPart(from: decoder)
  }

  /// The figures on all scans stand beside the others, not below a key of their own.
  public func encode(to encoder: any Encoder) throws {
    try all.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encodeIfPresent(abnormal, forKey: .abnormal)
    try values.encode(baselinesFrom, forKey: .baselinesFrom)
    try values.encode(findings, forKey: .findings)
  }

  /// Why a bundle with these figures should not be used for reports; nil where nothing speaks against it, or no reference
  /// states a finding to judge by.
  public var objection: String? {
    guard let own = all.written.findingF1 else { return nil }
    let others = [
      ("the most frequent report", all.baselines.frequent.findingF1),
      ("the report of the nearest known scan", all.baselines.nearest?.findingF1),
    ]
    let better = others.compactMap { name, score in
      score.flatMap { $0 >= own ? "\(name) (\(ReportFigures.digits($0)))" : nil }
    }
    guard !better.isEmpty else { return nil }
    return
      "The findings in its reports (F1 \(ReportFigures.digits(own)) on \(all.n) scans) are no better than those of "
      + better.joined(separator: " and ") + "."
  }

  private static func digits(_ value: Double) -> String {
    let whole = Int((value * 1000).rounded())
    return "\(whole / 1000)." + String(String(1000 + whole % 1000).dropFirst())
  }
}
