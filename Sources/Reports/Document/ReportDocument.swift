import Foundation

/// A report on one study: what `report.json` holds, and what every other format is rendered from.
///
/// It is free of patient identity: `study` is a name that the caller chose, and inputs are paths and hashes.
public struct ReportDocument: Sendable, Equatable, Codable {
  /// `preliminary` until a person signs.
  public enum Status: String, Sendable, Codable, CaseIterable { case preliminary, final }

  /// The model that drafted the report.
  public struct Bundle: Sendable, Equatable, Codable {
    public var name: String
    /// Of the bundle's weights, in hexadecimal.
    public var sha256: String

    public init(name: String, sha256: String) { (self.name, self.sha256) = (name, sha256) }
  }

  /// A file of the study.
  public struct Input: Sendable, Equatable, Codable {
    /// Relative to the study's folder, with `/` between its parts.
    public var path: String
    /// Of the file, in hexadecimal.
    public var sha256: String
    /// `image`, `clip` or `series`.
    public var kind: String
    /// Projection or scan plane, such as `PA`, where known.
    public var view: String?
    public var used: Bool
    /// Why it was used or left out.
    public var reason: String

    public init(path: String, sha256: String, kind: String, view: String?, used: Bool, reason: String) {
      (self.path, self.sha256, self.kind, self.view, self.used, self.reason) = (
        path, sha256, kind, view, used, reason
      )
    }
  }

  public enum State: String, Sendable, Codable, CaseIterable { case present, absent, uncertain }

  /// Where in an input a finding shows.
  public struct Evidence: Sendable, Equatable, Codable {
    /// The `path` of an input.
    public var input: String
    /// `[x, y, w, h]` in pixels of the input as shown, from its upper left corner.
    public var region: [Double]

    public init(input: String, region: [Double]) { (self.input, self.region) = (input, region) }
  }

  public struct Finding: Sendable, Equatable, Codable {
    public var name: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    public var state: State
    public var evidence: [Evidence]

    public init(name: String, probability: Double, state: State, evidence: [Evidence] = []) {
      (self.name, self.probability, self.state, self.evidence) = (name, probability, state, evidence)
    }
  }

  /// The report's text; lines are paragraphs.
  public struct Sections: Sendable, Equatable, Codable {
    public var technique: String, findings: String, impression: String

    public init(technique: String, findings: String, impression: String) {
      (self.technique, self.findings, self.impression) = (technique, findings, impression)
    }
  }

  /// Who made a draft final; see `SigningChain`.
  public struct Signature: Sendable, Equatable, Codable {
    public var signer: String
    public var signed: ISOTime
    /// Of the draft's file, in hexadecimal.
    public var draftSHA256: String
    /// Hash of the chain's entry before this one; 64 zeros for the first.
    public var previous: String

    public init(signer: String, signed: ISOTime, draftSHA256: String, previous: String) {
      (self.signer, self.signed, self.draftSHA256, self.previous) = (signer, signed, draftSHA256, previous)
    }
  }

  public var study: String
  public var status: Status
  public var created: ISOTime
  public var bundle: Bundle
  public var inputs: [Input]
  /// What the modality selector decided and why, as it chose to tell it.
  public var selector: JSONTree
  public var findings: [Finding]
  public var sections: Sections
  /// The draft alone must not be relied upon even as a draft; `reasons` say why.
  public var needsHumanRead: Bool
  public var reasons: [String]
  /// What the model is known to miss, or was never measured on, among the findings looked for.
  public var limits: [String]
  /// Of headings and of the sentences that are not the model's own.
  public var language: ReportLanguage
  /// Only of final reports.
  public var signature: Signature?

  public init(
    study: String, status: Status = .preliminary, created: ISOTime, bundle: Bundle, inputs: [Input],
    selector: JSONTree = .object([:]), findings: [Finding], sections: Sections, needsHumanRead: Bool,
    reasons: [String], limits: [String] = [], language: ReportLanguage = .en, signature: Signature? = nil
  ) {
    (self.study, self.status, self.created, self.bundle, self.inputs) = (
      study, status, created, bundle, inputs
    )
    (self.selector, self.findings, self.sections) = (selector, findings, sections)
    (self.needsHumanRead, self.reasons, self.signature) = (needsHumanRead, reasons, signature)
    (self.limits, self.language) = (limits, language)
  }
}

extension ReportDocument {
  /// Whether no statement is made at all: the selector trusts none of the inputs. Probabilities are then kept for
  /// the record and mean nothing.
  public var abstains: Bool {
    if case .object(let fields) = selector, case .bool(true)? = fields["abstains"] { true } else { false }
  }

  private enum Key: String, CodingKey {
    case study, status, created, bundle, inputs, selector, findings, sections, needsHumanRead, reasons,
      limits, language,
      signature
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      study: try values.decode(String.self, forKey: .study),
      status: try values.decode(Status.self, forKey: .status),
      created: try values.decode(ISOTime.self, forKey: .created),
      bundle: try values.decode(Bundle.self, forKey: .bundle),
      inputs: try values.decode([Input].self, forKey: .inputs),
      selector: try values.decode(JSONTree.self, forKey: .selector),
      findings: try values.decode([Finding].self, forKey: .findings),
      sections: try values.decode(Sections.self, forKey: .sections),
      needsHumanRead: try values.decode(Bool.self, forKey: .needsHumanRead),
      reasons: try values.decode([String].self, forKey: .reasons),
      limits: try values.decodeIfPresent([String].self, forKey: .limits) ?? [],
      // English where a report does not say.
      language: try values.decodeIfPresent(ReportLanguage.self, forKey: .language) ?? .en,
      signature: try values.decodeIfPresent(Signature.self, forKey: .signature))
  }
}

/// A point in time to the second, written as ISO 8601 in UTC: `2026-05-04T09:30:00Z`.
public struct ISOTime: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Seconds since 1970.
  public var seconds: Int

  public init(seconds: Int) { self.seconds = seconds }

  /// `date` without its fraction of a second.
  public init(_ date: Date) { seconds = Int(date.timeIntervalSince1970.rounded(.down)) }

  /// Reads any ISO 8601 time with a zone; nil for anything else.
  public init?(_ text: String) {
    let styles = [false, true].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
    guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
    self.init(date)
  }

  public var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
  public var description: String { date.formatted(Date.ISO8601FormatStyle()) }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = ISOTime(text) else {
      throw Swift.DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no ISO 8601 time."))
    }
    self = time
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
