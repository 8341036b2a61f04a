import Foundation

/// Words and orders that all renderers share.
enum ReportWording {
  static let draftNotice = "Draft, preliminary: for review by a clinician; not a diagnosis"

  static func notice(_ report: ReportDocument) -> String {
    guard let signature = report.signature else { return report.language.say(draftNotice) }
    return report.language == .en
      ? "Final: signed by \(signature.signer) on \(signature.signed)"
      : "终稿：\(signature.signer) 于 \(signature.signed) 签署"
  }

  static func origin(_ report: ReportDocument) -> String {
    report.language.say(
      report.patient == nil
        ? "Drafted by software (Braid) from the inputs listed; no part of it identifies a patient."
        : "Drafted by software (Braid) from the inputs listed; it names the patient, as was asked for.")
  }

  /// Inputs that pages list; `report.json` has them all.
  static let rows = 100

  static func more(_ report: ReportDocument) -> String? {
    let count = report.inputs.count - rows
    guard count > 0 else { return nil }
    return report.language == .en
      ? "\(count) further inputs stand in report.json." : "其余 \(count) 个文件见 report.json。"
  }

  /// What was asked for in words, one sentence each, every one with its warning; empty where nothing was.
  static func asked(_ report: ReportDocument) -> [String] {
    report.asked.map { asked in
      let texts = asked.texts.joined(separator: "; ")
      let similarity = "\((asked.similarity * 1000).rounded() / 1000)"
      let share = report.language.percent(asked.share)
      return report.language == .en
        ? "\(asked.label) (“\(texts)”): similarity \(similarity), \(share). Zero-shot, uncalibrated; not a finding."
        : "\(asked.label)（“\(texts)”）：相似度 \(similarity)，\(share)。零样本，未经校准，不是影像征象。"
    }
  }

  static func word(_ state: ReportDocument.State) -> String {
    switch state {
    case .present: "Present"
    case .uncertain: "Uncertain"
    case .absent: "Absent"
    }
  }

  /// Present before uncertain before absent, each with the most probable first.
  static func ordered(_ findings: [ReportDocument.Finding]) -> [ReportDocument.Finding] {
    func rank(_ state: ReportDocument.State) -> Int {
      switch state {
      case .present: 0
      case .uncertain: 1
      case .absent: 2
      }
    }
    return findings.enumerated().sorted {
      (rank($0.element.state), -$0.element.probability, $0.offset)
        < (rank($1.element.state), -$1.element.probability, $1.offset)
    }.map(\.element)
  }

  /// A coordinate without a needless fraction.
  static func coordinate(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return Int(exactly: tenths).map(String.init) ?? "\(tenths)"
  }

  static func region(_ region: [Double]) -> String {
    let parts = region.map(coordinate)
    guard parts.count == 4 else { return parts.joined(separator: ", ") }
    return "x \(parts[0]), y \(parts[1]), \(parts[2]) × \(parts[3]) px"
  }

  /// The paragraphs of a section.
  static func paragraphs(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
  }

  static func sections(_ report: ReportDocument) -> [(title: String, text: String)] {
    var sections = [
      (title: report.language.say("Impression"), text: report.sections.impression),
      (title: report.language.say("Findings"), text: report.sections.findings),
    ]
    if !report.sections.comparison.isEmpty {
      sections.append((report.language.say("Comparison"), report.sections.comparison))
    }
    sections.append((report.language.say("Technique"), report.sections.technique))
    return sections
  }

  /// Side, zone and size of a finding, such as `right, lower zone, 14 mm`; empty where none is known. The side is left out
  /// where the name has it.
  static func place(_ finding: ReportDocument.Finding, _ language: ReportLanguage) -> String {
    var parts: [String] = []
    let words = Words.of(finding.name)
    if let side = finding.laterality, !words.contains(side.rawValue) {
      parts.append(language.say(side.rawValue))
    }
    if let zone = finding.zone { parts.append(language.say("\(zone.rawValue) zone")) }
    if let size = finding.size { parts.append("\(coordinate(size.millimetres)) mm") }
    return parts.joined(separator: language == .en ? ", " : "，")
  }

  /// What the signer changed, one sentence each.
  static func edits(_ report: ReportDocument) -> [String] {
    report.edits.map { edit in
      report.language == .en
        ? "\(edit.place): “\(edit.before)” became “\(edit.after)”."
        : "\(edit.place)：“\(edit.before)”改为“\(edit.after)”。"
    }
  }

  /// Whom the report is about, where identity was asked for.
  static func patient(_ report: ReportDocument) -> String? {
    report.patient.map(\.line).flatMap { $0.isEmpty ? nil : $0 }
  }
}
