import Decoders
import Foundation
import Reports

/// Gives findings their side, zone and size: the side from the label or from where the evidence lies, the zone from the
/// drafted sentences or from the evidence, the size as measured.
struct FindingPlaces {
  /// By the path of an input: its size in pixels as shown, and whether it looks at the patient from the front, so that the
  /// patient's right is on the left.
  struct Frame: Sendable {
    var width: Double, height: Double
    var isFrontal: Bool
  }

  var frames: [String: Frame]

  /// Shares of a frontal picture's height at which the zones meet: lungs reach from about a tenth to four fifths of it.
  private static let zones = (upper: 0.35, middle: 0.57)
  /// Shares of the width between which the spine lies, where a side cannot be told.
  private static let spine = 0.46...0.54

  /// - Parameter told: the sentences of the findings section, with the places of the findings that they rest on.
  func placed(
    _ findings: [ReportDocument.Finding], told: [(text: String, behind: [Int])]
  ) -> [ReportDocument.Finding] {
    let sides = findings.map { FindingSide(label: $0.name) }
    return findings.indices.map { place in
      var finding = findings[place]
      guard finding.state != .absent, !Consistency.namesHealthy(finding.name) else { return finding }
      finding.laterality = laterality(place, findings, sides)
      if FindingSide.hasZones(finding.name) {
        let words = told.filter { $0.behind.contains(place) }.lazy.compactMap {
          FindingSide.zone(in: $0.text)
        }
        finding.zone = words.first ?? zone(finding.evidence)
      }
      return finding
    }
  }

  private func laterality(
    _ place: Int, _ findings: [ReportDocument.Finding], _ sides: [FindingSide]
  ) -> ReportDocument.Laterality? {
    if let own = sides[place].side { return own }
    // Of a finding that other labels tell with its side, the sides are those that are said.
    let sided = findings.indices.filter { sides[$0].side != nil && sides[$0].bare == sides[place].bare }
    let said = Set(sided.filter { findings[$0].state == findings[place].state }.compactMap { sides[$0].side })
    if said.contains(.bilateral) || said.count > 1 { return .bilateral }
    if let one = said.first { return one }
    guard sided.isEmpty, FindingSide.hasSides(findings[place].name) else { return nil }
    let seen = Set(findings[place].evidence.compactMap(side))
    return seen.count > 1 ? .bilateral : seen.first
  }

  private func side(_ evidence: ReportDocument.Evidence) -> ReportDocument.Laterality? {
    guard let frame = frames[evidence.input], frame.isFrontal, evidence.region.count == 4 else { return nil }
    let middle = (evidence.region[0] + evidence.region[2] / 2) / max(1, frame.width)
    return Self.spine.contains(middle) ? nil : middle < 0.5 ? .right : .left
  }

  private func zone(_ evidence: [ReportDocument.Evidence]) -> ReportDocument.Zone? {
    for one in evidence {
      guard let frame = frames[one.input], frame.isFrontal, one.region.count == 4 else { continue }
      let middle = (one.region[1] + one.region[3] / 2) / max(1, frame.height)
      return middle < Self.zones.upper ? .upper : middle < Self.zones.middle ? .middle : .lower
    }
    return nil
  }
}
