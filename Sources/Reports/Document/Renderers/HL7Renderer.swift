import Foundation

/// Renders a report as an HL7 v2.5.1 message ORU^R01 (chapter 7), in UTF-8, with segments ended by carriage returns.
///
/// Without identity the PID segment is empty, and the receiver matches the message by the study's name in OBR-3; the
/// identifier that the report keeps and the UID of its study stand in observations. Probabilities stand in OBX-9.
public struct HL7Renderer: Sendable {
  /// There is nothing to set.
  public init() {}

  /// - Returns: one message, the same for the same report.
  /// - Throws: `DocumentError` for what `ReportDocument.validate` refuses.
  public func render(_ report: ReportDocument) throws(DocumentError) -> String {
    let created = Self.time(report.created)
    try report.validate()
    let control = String(report.version.uuid.filter { $0 != "-" }.prefix(20))
    let status = report.status == .final ? "F" : "P"
    var segments = [
      ["MSH", #"^~\&"#, "BRAID", "BRAID", "", "", created, "", "ORU^R01^ORU_R01", control, "P", "2.5.1"]
        + ["", "", "NE", "NE", "", "UNICODE UTF-8"],
      Self.patient(report.patient),
      [
        "OBR", "1", Self.escaped(report.patient?.accession ?? ""), Self.escaped(report.study),
        "18748-4^Diagnostic imaging report^LN", "", "", created,
      ]
        + Array(repeating: "", count: 14) + [created, "", "RAD", status],
    ]
    func observe(
      _ type: String, _ code: String, _ value: String, sub: String = "", flag: String = "",
      probability: String = ""
    ) {
      let number = segments.count { $0[0] == "OBX" } + 1
      segments.append(["OBX", "\(number)", type, code, sub, value, "", "", flag, probability, "", status])
    }
    observe("ST", "REPORTID^Report identifier^99BRAID", "urn:uuid:" + report.identity.uuid)
    observe("ST", "113014^DICOM Study^DCM", report.studyUID)
    observe("ST", "121126^DICOM Object^DCM", report.version.uid)
    observe("FT", "NOTICE^Notice^99BRAID", Self.escaped(ReportWording.notice(report)))
    let sections = [
      ("19005-8^Impression^LN", report.sections.impression),
      ("18782-3^Findings^LN", report.sections.findings),
      ("18834-2^Comparison^LN", report.sections.comparison),
      ("55111-9^Technique^LN", report.sections.technique),
    ]
    for (code, text) in sections {
      let lines = ReportWording.paragraphs(text).map(Self.escaped)
      if !lines.isEmpty { observe("FT", code, lines.joined(separator: #"\.br\"#)) }
    }
    for (i, finding) in report.findings.enumerated() {
      let flag =
        switch finding.state {
        case .present: "A"
        case .absent: "N"
        case .uncertain: ""
        }
      let name = Self.escaped(finding.name)
      observe(
        "CWE", "FINDING^\(name)^99BRAID", Self.coded(finding.state), sub: "\(i + 1)", flag: flag,
        probability: Self.number(finding.probability))
      let location = ReportWording.place(finding, .en)
      if !location.isEmpty {
        observe("ST", "PLACE^Place of \(name)^99BRAID", Self.escaped(location), sub: "\(i + 1)")
      }
      for evidence in finding.evidence {
        let place = "\(evidence.input): \(ReportWording.region(evidence.region))"
        observe("ST", "EVIDENCE^Evidence of \(name)^99BRAID", Self.escaped(place), sub: "\(i + 1)")
      }
    }
    observe("ST", "HUMANREAD^A human must read this study^99BRAID", report.needsHumanRead ? "yes" : "no")
    for reason in report.reasons { observe("FT", "REASON^Reason^99BRAID", Self.escaped(reason)) }
    for limit in report.limits { observe("FT", "LIMIT^Limit^99BRAID", Self.escaped(limit)) }
    for flag in report.privacy { observe("FT", "PRIVACY^Privacy^99BRAID", Self.escaped(flag.text)) }
    for edit in ReportWording.edits(report) {
      observe("FT", "EDIT^Changed by the signer^99BRAID", Self.escaped(edit))
    }
    for asked in ReportWording.asked(report) {
      observe("FT", "ZEROSHOT^Asked for in words^99BRAID", Self.escaped(asked))
    }
    for input in report.inputs {
      let use = "\(input.path): \(input.used ? "used" : "left out"), \(input.reason)"
      observe("FT", "INPUT^Input^99BRAID", Self.escaped(use))
    }
    observe(
      "ST", "BUNDLE^Model bundle^99BRAID",
      Self.escaped("\(report.bundle.name), SHA-256 \(report.bundle.sha256)"))
    return segments.map { $0.joined(separator: "|") + "\r" }.joined()
  }

  /// PID-3 id, PID-5 name, PID-7 birth date, PID-8 sex.
  private static func patient(_ patient: ReportPatient?) -> [String] {
    guard let patient else { return ["PID", "1", "", "", "", ""] }
    let name = (patient.name ?? "").split(separator: "^", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "^")
    return [
      "PID", "1", "", escaped(patient.id ?? ""), "", name, "", escaped(patient.birthDate ?? ""),
      escaped(patient.sex ?? ""),
    ]
  }

  /// LOINC's answer codes.
  private static func coded(_ state: ReportDocument.State) -> String {
    switch state {
    case .present: "LA9633-4^Present^LN"
    case .absent: "LA9634-2^Absent^LN"
    case .uncertain: "LA11884-6^Indeterminate^LN"
    }
  }

  private static func number(_ value: Double) -> String { "\((value * 10000).rounded() / 10000)" }

  /// `20260504093000+0000`
  private static func time(_ time: ISOTime) -> String {
    time.description.filter(\.isNumber) + "+0000"
  }

  /// Text without delimiters (HL7 v2.5.1, 2.7): each is written as an escape sequence, line ends as `\.br\`, other
  /// control characters as `\Xhh\`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "|": escaped += #"\F\"#
      case "^": escaped += #"\S\"#
      case "&": escaped += #"\T\"#
      case "~": escaped += #"\R\"#
      case "\\": escaped += #"\E\"#
      case "\n" where previous == "\r": break
      case "\n", "\r": escaped += #"\.br\"#
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += #"\X"# + (digits.count < 2 ? "0" : "") + digits + #"\"#
      default: escaped.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return escaped
  }
}
