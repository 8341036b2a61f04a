/// A report on one study: what `report.json` holds, and what every other format is rendered from.
///
/// It is free of patient identity unless `patient` was asked for: `study` is a name that the caller chose, and inputs are
/// paths and hashes.
public struct ReportDocument: Sendable, Equatable, Codable {
  /// `preliminary` until a person signs.
  public enum Status: String, Sendable, Codable, CaseIterable { case preliminary, final }

  /// The model that drafted the report.
  public struct Bundle: Sendable, Equatable, Codable {
    /// The bundle's, as its description gives it.
    public var name: String
    /// Of the bundle's description and weights, in hexadecimal.
    public var sha256: String

    /// - Parameter sha256: of the bundle's description and weights, in hexadecimal.
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
    /// Whether what is stated rests on this input.
    public var used: Bool
    /// Why it was used or left out.
    public var reason: String

    /// - Parameters:
    ///   - path: relative to the study's folder.
    ///   - sha256: of the file, in hexadecimal.
    ///   - kind: `image`, `clip` or `series`.
    ///   - view: projection or scan plane, where known.
    ///   - reason: why it was used or left out.
    public init(path: String, sha256: String, kind: String, view: String?, used: Bool, reason: String) {
      (self.path, self.sha256, self.kind, self.view, self.used, self.reason) = (
        path, sha256, kind, view, used, reason
      )
    }
  }

  /// What is said of a finding; the raw values stand in results.
  public enum State: String, Sendable, Codable, CaseIterable { case present, absent, uncertain }

  /// Where in an input a finding shows.
  public struct Evidence: Sendable, Equatable, Codable {
    /// The `path` of an input.
    public var input: String
    /// `[x, y, w, h]` in pixels of the input as shown, from its upper left corner.
    public var region: [Double]

    /// - Parameters:
    ///   - input: the `path` of an input.
    ///   - region: `[x, y, w, h]` in pixels of the input as shown.
    public init(input: String, region: [Double]) { (self.input, self.region) = (input, region) }
  }

  /// One row of the table of findings.
  public struct Finding: Sendable, Equatable, Codable {
    /// The label, with its task's name behind it in parentheses where two tasks have it.
    public var name: String
    /// Calibrated, 0 to 1.
    public var probability: Double
    /// Present, absent or uncertain; all are uncertain where the report abstains.
    public var state: State
    /// Where it shows; empty where no place was found or looked for.
    public var evidence: [Evidence]
    /// Side of the patient; nil where the finding has none or it is not known.
    public var laterality: Laterality?
    /// Third of the lung's height; nil where the finding has none or it is not known.
    public var zone: Zone?
    /// Nil where nothing was measured.
    public var size: Size?

    /// - Parameter probability: calibrated, 0 to 1.
    public init(
      name: String, probability: Double, state: State, evidence: [Evidence] = [],
      laterality: Laterality? = nil, zone: Zone? = nil, size: Size? = nil
    ) {
      (self.name, self.probability, self.state, self.evidence) = (name, probability, state, evidence)
      (self.laterality, self.zone, self.size) = (laterality, zone, size)
    }
  }

  /// A finding that was asked for in words and that the bundle never learned: no finding of the report.
  public struct Asked: Sendable, Equatable, Codable {
    /// As the asker calls it.
    public var label: String
    /// What it was looked for by.
    public var texts: [String]
    /// Cosine of the study's place to that of the texts, -1 to 1.
    public var similarity: Double
    /// 0 to 1, not calibrated: among all that was asked for, or by itself where the bundle learned by yes and no.
    public var share: Double

    /// - Parameters:
    ///   - similarity: cosine, -1 to 1.
    ///   - share: 0 to 1, not calibrated.
    public init(label: String, texts: [String], similarity: Double, share: Double) {
      (self.label, self.texts, self.similarity, self.share) = (label, texts, similarity, share)
    }
  }

  /// The report's text; lines are paragraphs.
  public struct Sections: Sendable, Equatable, Codable {
    /// How the study was made; what is seen; what it comes to.
    public var technique: String, findings: String, impression: String
    /// What changed since an earlier study of the same patient; empty where there is none.
    public var comparison: String

    /// Text of each section, lines being paragraphs.
    public init(technique: String, findings: String, impression: String, comparison: String = "") {
      (self.technique, self.findings, self.impression) = (technique, findings, impression)
      self.comparison = comparison
    }

    private enum Key: String, CodingKey { case technique, comparison, findings, impression }

    /// Reads the sections; `comparison` may be missing.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      self.init(
        technique: try values.decode(String.self, forKey: .technique),
        findings: try values.decode(String.self, forKey: .findings),
        impression: try values.decode(String.self, forKey: .impression),
        comparison: try values.decodeIfPresent(String.self, forKey: .comparison) ?? "")
    }
  }

  /// Who made a draft final; see `SigningChain`.
  public struct Signature: Sendable, Equatable, Codable {
    /// Who signed, as it shall be read; a name that is not checked.
    public var signer: String
    /// When.
    public var signed: ISOTime
    /// Of the draft's file, in hexadecimal.
    public var draftSHA256: String
    /// Hash of the chain's entry before this one; 64 zeros for the first.
    public var previous: String

    /// - Parameters:
    ///   - draftSHA256: of the draft's file, in hexadecimal.
    ///   - previous: hash of the chain's entry before this one; 64 zeros for the first.
    public init(signer: String, signed: ISOTime, draftSHA256: String, previous: String) {
      (self.signer, self.signed, self.draftSHA256, self.previous) = (signer, signed, draftSHA256, previous)
    }
  }

  /// Name of the study, which identifies no patient.
  public var study: String
  /// A UUID that all formats bear, and that the report keeps from draft to final; it follows from the draft's content.
  /// Empty in reports that were never sealed.
  public var id = ""
  /// Whether a person has signed.
  public var status: Status
  /// When the draft was made.
  public var created: ISOTime
  /// What drafted the report.
  public var bundle: Bundle
  /// All files of the study, those that were left out or could not be read included.
  public var inputs: [Input]
  /// What the modality selector decided and why, as it chose to tell it.
  public var selector: JSONTree
  /// All findings that were looked for, absent ones included.
  public var findings: [Finding]
  /// The text.
  public var sections: Sections
  /// The sentences of findings and impression, each with the findings that it rests on; empty where a report does not tell.
  public var statements: [Statement] = []
  /// What became of the findings of an earlier study; nil where there is none of the same patient at hand.
  public var comparison: Comparison?
  /// What in the inputs may tell who the patient is.
  public var privacy: [PrivacyFlag] = []
  /// Only where identity was asked for.
  public var patient: ReportPatient?
  /// The draft alone must not be relied upon even as a draft; `reasons` say why.
  public var needsHumanRead: Bool
  /// Why a human must read the study, one sentence each; mere remarks where `needsHumanRead` is false.
  public var reasons: [String]
  /// What the model is known to miss, or was never measured on, among the findings looked for.
  public var limits: [String]
  /// What was asked for in words, zero-shot; empty where nothing was, or where the report abstains.
  public var asked: [Asked] = []
  /// Of headings and of the sentences that are not the model's own.
  public var language: ReportLanguage
  /// Only of final reports.
  public var signature: Signature?
  /// What the signer changed in the draft.
  public var edits: [Edit] = []

  /// Checks nothing; `validate` says what no reader could make sense of.
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

  /// With the identifier that follows from its content; the last step of drafting.
  public func sealed() -> ReportDocument {
    var report = self
    report.id = contentID
    return report
  }

  private enum Key: String, CodingKey {
    case study, status, created, bundle, inputs, selector, findings, sections, needsHumanRead, reasons,
      limits, language, signature, id, comparison, privacy, patient, edits
    case asked = "zeroShot"
    case statements = "sentences"
  }

  /// Reads the fields of `report.json`; those that reports did not always have may be missing. Checks nothing beyond
  /// types: `init(json:place:)` does.
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
    asked = try values.decodeIfPresent([Asked].self, forKey: .asked) ?? []
    id = try values.decodeIfPresent(String.self, forKey: .id) ?? ""
    statements = try values.decodeIfPresent([Statement].self, forKey: .statements) ?? []
    comparison = try values.decodeIfPresent(Comparison.self, forKey: .comparison)
    privacy = try values.decodeIfPresent([PrivacyFlag].self, forKey: .privacy) ?? []
    patient = try values.decodeIfPresent(ReportPatient.self, forKey: .patient)
    edits = try values.decodeIfPresent([Edit].self, forKey: .edits) ?? []
  }
}
