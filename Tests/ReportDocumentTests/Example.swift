import Foundation
import Reports

/// Reports to render.
enum Example {
  static let frontal = "scans/frontal.png", lateral = "scans/lateral.png", clip = "scans/sweep.mp4"
  static let hash = String(repeating: "0123456789abcdef", count: 4)

  static func report(needsHumanRead: Bool = true) -> ReportDocument {
    ReportDocument(
      study: "chest-042", created: ISOTime(seconds: 1_777_887_000), bundle: .init(name: "base", sha256: hash),
      inputs: [
        .init(
          path: frontal, sha256: hash, kind: "image", view: "PA", used: true, reason: "The frontal view."),
        .init(
          path: lateral, sha256: hash, kind: "image", view: nil, used: false, reason: "The view is not known."
        ),
        .init(path: clip, sha256: hash, kind: "clip", view: "lung", used: true, reason: "16 frames of 4 s."),
      ],
      selector: .object(["image": .number(0.75), "clip": .number(0.25), "head": .string("report")]),
      findings: [
        .init(name: "Cardiomegaly", probability: 0.04, state: .absent),
        .init(
          name: "Pleural effusion", probability: 0.87, state: .present,
          evidence: [.init(input: frontal, region: [300, 520, 160.25, 120])]),
        .init(
          name: "Consolidation", probability: 0.5, state: .uncertain,
          evidence: [
            .init(input: frontal, region: [120, 300, 90, 110]), .init(input: clip, region: [0, 0, 40, 40]),
          ]),
      ],
      sections: .init(
        technique: "One frontal radiograph and one ultrasound clip.",
        findings: "Blunted left costophrenic angle.\nThe heart is not enlarged.",
        impression: "Left pleural effusion."),
      needsHumanRead: needsHumanRead,
      reasons: needsHumanRead ? ["Consolidation is uncertain.", "The lateral view was left out."] : [])
  }

  /// A draft as it comes from drafting: sealed, its sentences tied to findings, with places, flags and a comparison.
  static func told() -> ReportDocument {
    var report = report()
    report.findings[1].laterality = .left
    report.findings[1].zone = .lower
    report.findings[1].size = .init(millimetres: 14, input: frontal)
    report.statements = [
      report.statement("Blunted left costophrenic angle.", .findings, behind: [1]),
      report.statement("The heart is not enlarged.", .findings, behind: [0]),
      report.statement("Left pleural effusion.", .impression, behind: [1]),
    ]
    report.comparison = .init(
      study: "chest-041", report: "6f2c1c1e-8f0a-8c4e-9d6b-0a1b2c3d4e5f", days: 12,
      changes: [.init(finding: "Pleural effusion", kind: .new, before: 0.1, now: 0.87)])
    report.sections.comparison = "Compared with the study chest-041, 12 days earlier: new: pleural effusion."
    report.privacy = [.init(input: lateral, kind: .privateTags, count: 3, language: .en)]
    return report.sealed()
  }

  static func identified() -> ReportDocument {
    var report = told()
    report.patient = .init(
      name: "Muster^Erika", id: "PID-77|1", birthDate: "19580307", sex: "F", studyUID: "1.2.840.99.7",
      accession: "A-1001")
    return report
  }

  static func signed() -> ReportDocument {
    var report = told()
    report.status = .final
    report.signature = .init(
      signer: "Dr Ä", signed: ISOTime(seconds: 1_777_890_600), draftSHA256: hash, previous: hash)
    report.edits = [.init(place: "sections.impression", before: "Effusion.", after: "Left pleural effusion.")]
    return report
  }

  /// Text that would break every format if it were not escaped.
  static let hostile = #"A|B^C&D~E\F <b onclick="x">'G'</b> ]]> *_`#"# + "\u{01}\r\nÄ 🫁"

  static func hostileReport() -> ReportDocument {
    var report = report()
    report.study = hostile
    report.bundle.name = hostile
    report.inputs[0].path = hostile
    report.inputs[0].reason = hostile
    report.inputs[0].view = hostile
    report.findings[0].name = hostile
    report.findings[1].evidence[0].input = hostile
    report.findings[2].evidence.removeFirst()
    report.sections = .init(technique: hostile, findings: hostile, impression: hostile)
    report.reasons = [hostile]
    return report
  }

  /// The eight bytes that begin every PNG stand for one here: renderers pass the bytes on.
  static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
}
