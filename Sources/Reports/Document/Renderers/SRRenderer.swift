import CDICOM
import Foundation

/// Renders a report as a DICOM Basic Text SR document (PS3.3 A.35.1), after the basic diagnostic imaging report
/// (PS3.16, TID 2000).
///
/// Drafts are PARTIAL, preliminary and UNVERIFIED; a signed report is COMPLETE and final, yet UNVERIFIED in DICOM's
/// sense, which asks for the verifier's organisation. UIDs follow from the report's identifier and content, so that the same
/// report gives the same file. Without identity the patient's attributes are empty; the archive that takes it in sets them.
public struct SRRenderer: Sendable {
  /// There is nothing to set.
  public init() {}

  /// - Returns: the bytes of a DICOM file.
  /// - Throws: `DocumentError` for what `ReportDocument.validate` refuses, and where the file cannot be built.
  public func render(_ report: ReportDocument) throws(DocumentError) -> Data {
    try report.validate()
    guard let tree = SRTree(title: ("18748-4", "LN", "Diagnostic imaging report")) else {
      throw DocumentError(
        place: "report", reason: "There is no memory for it.", remedy: "Close other programs.")
    }
    try tree.language(
      report.language == .en ? ("en", "RFC5646", "English") : ("zh", "RFC5646", "Chinese"))
    let device = ReportIdentity(of: "device " + report.bundle.sha256).uid
    try tree.device(uid: device, name: "Braid, \(report.bundle.name)")
    try tree.text(("121106", "DCM", "Comment"), ReportWording.notice(report))
    if report.needsHumanRead {
      try tree.text(("121106", "DCM", "Comment"), report.language.say("A human must read this study"))
    }
    for reason in report.reasons { try tree.text(("121106", "DCM", "Comment"), reason) }
    let others = report.limits + ReportWording.asked(report) + report.privacy.map(\.text)
    for limit in others + ReportWording.edits(report) {
      try tree.text(("121106", "DCM", "Comment"), limit)
    }

    try tree.container(("121064", "DCM", "Current Procedure Descriptions")) { () throws(DocumentError) in
      for line in ReportWording.paragraphs(report.sections.technique) {
        try tree.text(("121065", "DCM", "Procedure Description"), line)
      }
      for input in report.inputs {
        let view = input.view.map { ", view \($0)" } ?? ""
        let use = "\(input.path) (\(input.kind)\(view)): \(input.used ? "used" : "left out"), \(input.reason)"
        try tree.text(("121065", "DCM", "Procedure Description"), use)
      }
    }
    if !report.sections.comparison.isEmpty {
      try tree.container(("18834-2", "LN", "Comparison study")) { () throws(DocumentError) in
        for line in ReportWording.paragraphs(report.sections.comparison) {
          try tree.text(("121071", "DCM", "Finding"), line)
        }
      }
    }
    try tree.container(("121070", "DCM", "Findings")) { () throws(DocumentError) in
      for line in ReportWording.paragraphs(report.sections.findings) {
        try tree.text(("121071", "DCM", "Finding"), line)
      }
      for finding in ReportWording.ordered(report.findings) {
        let regions = finding.evidence.map { "\($0.input): \(ReportWording.region($0.region))" }
        let place = ReportWording.place(finding, .en)
        let evidence =
          (place.isEmpty ? "" : "; \(place)")
          + (regions.isEmpty ? "" : "; evidence in " + regions.joined(separator: "; "))
        try tree.text(
          ("121071", "DCM", "Finding"),
          "\(finding.name): \(finding.state.rawValue), probability \(ReportLanguage.en.percent(finding.probability))\(evidence)"
        )
      }
    }
    try tree.container(("121072", "DCM", "Impressions")) { () throws(DocumentError) in
      for line in ReportWording.paragraphs(report.sections.impression) {
        try tree.text(("121073", "DCM", "Impression"), line)
      }
    }
    let time = report.created.description.filter(\.isNumber)
    return try tree.write(
      SRTree.Header(
        study: report.studyUID, series: report.identity.uid, instance: report.version.uid,
        date: String(time.prefix(8)),
        time: String(time.dropFirst(8)), description: report.study, model: report.bundle.name,
        version: report.bundle.sha256,
        isFinal: report.status == .final, patient: report.patient))
  }
}

/// The tree of an SR document under construction.
private final class SRTree {
  typealias Code = (value: String, scheme: String, meaning: String)

  struct Header {
    var study: String, series: String, instance: String
    var date: String, time: String
    var description: String
    var model: String, version: String
    var isFinal: Bool
    var patient: ReportPatient?
  }

  private let document: OpaquePointer

  init?(title: Code) {
    guard let document = Self.with(title, { cdicomsr_create($0) }) else { return nil }
    self.document = document
  }

  deinit { cdicomsr_free(document) }

  func language(_ language: Code) throws(DocumentError) {
    try check(Self.with(language) { cdicomsr_language(document, $0) })
  }

  func device(uid: String, name: String) throws(DocumentError) {
    try check(cdicomsr_device(document, uid, Self.clean(name)))
  }

  func text(_ concept: Code, _ text: String) throws(DocumentError) {
    let text = Self.clean(text)
    if !text.isEmpty { try check(Self.with(concept) { cdicomsr_text(document, $0, text) }) }
  }

  func container(_ concept: Code, _ fill: () throws(DocumentError) -> Void) throws(DocumentError) {
    try check(Self.with(concept) { cdicomsr_enter(document, $0) })
    try fill()
    try check(cdicomsr_leave(document))
  }

  func write(_ header: Header) throws(DocumentError) -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let texts = [
      header.study, header.series, header.instance, header.date, header.time, Self.short(header.description),
      "Braid",
      Self.short(header.model), Self.short(header.version), Self.short(header.patient?.name ?? ""),
      Self.short(header.patient?.id ?? ""), Self.short(header.patient?.birthDate ?? ""),
      Self.short(header.patient?.sex ?? ""), Self.short(header.patient?.accession ?? ""),
    ].map { text in text.withCString { strdup($0) } }
    defer { texts.forEach { free($0) } }
    var head = CDICOMSRHeader()
    (head.studyUID, head.seriesUID, head.instanceUID) = (.init(texts[0]), .init(texts[1]), .init(texts[2]))
    (head.date, head.time, head.description) = (.init(texts[3]), .init(texts[4]), .init(texts[5]))
    (head.manufacturer, head.model, head.version) = (.init(texts[6]), .init(texts[7]), .init(texts[8]))
    (head.patientName, head.patientID, head.birthDate) = (.init(texts[9]), .init(texts[10]), .init(texts[11]))
    (head.sex, head.accession, head.identified) = (.init(texts[12]), .init(texts[13]), header.patient != nil)
    head.final = header.isFinal
    try check(cdicomsr_write(document, &head, &bytes, &count))
    guard let bytes else { return Data() }
    defer { cdicomsr_free_bytes(bytes) }
    return Data(bytes: bytes, count: count)
  }

  private func check(_ succeeded: Bool) throws(DocumentError) {
    guard !succeeded else { return }
    throw DocumentError(
      place: "report",
      reason: "It cannot be written as DICOM SR: \(String(cString: cdicomsr_reason(document))).",
      remedy: "Choose another format.")
  }

  private static func with<Result>(_ code: Code, _ body: (CDICOMSRCode) -> Result) -> Result {
    code.value.withCString { value in
      code.scheme.withCString { scheme in
        code.meaning.withCString { body(CDICOMSRCode(value: value, scheme: scheme, meaning: $0)) }
      }
    }
  }

  /// One line of at most 64 characters without the backslash that would part values (PS3.5, LO).
  private static func short(_ text: String) -> String {
    String(clean(text).replacing("\n", with: " ").replacing("\\", with: "/").prefix(64))
  }

  /// Text without control characters but line ends, and without the NUL that would end it early.
  private static func clean(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\n" {
      clean.append(scalar)
    }
    return String(clean)
  }
}
