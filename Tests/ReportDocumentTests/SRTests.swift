import Foundation
import Reports
import Testing

/// A reader of explicit little endian DICOM that knows nothing of DCMTK (PS3.5, 7.1.2 and 7.5).
struct Dataset {
  /// Text of each element, by tag such as `0040A160`; UTF-8, without padding.
  var texts: [String: String] = [:]
  var sequences: [String: [Dataset]] = [:]

  /// A whole file: 128 bytes, `DICM`, elements.
  init?(file: Data) {
    let bytes = [UInt8](file)
    guard bytes.count > 132, Array(bytes[128..<132]) == Array("DICM".utf8) else { return nil }
    self.init(bytes[132...])
  }

  private init?(_ bytes: ArraySlice<UInt8>) {
    var at = bytes.startIndex
    func number(_ count: Int) -> Int? {
      guard at + count <= bytes.endIndex else { return nil }
      defer { at += count }
      return bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    while at < bytes.endIndex {
      guard let group = number(2), let element = number(2), at + 2 <= bytes.endIndex else { return nil }
      let tag = [group, element].map { String($0 + 0x10000, radix: 16, uppercase: true).dropFirst() }.joined()
      let kind = String(decoding: bytes[at..<at + 2], as: UTF8.self)
      at += 2
      let isLong = ["OB", "OW", "UN", "SQ", "UT", "UC", "UR", "OD", "OF", "OL"].contains(kind)
      if isLong { _ = number(2) }
      guard let length = number(isLong ? 4 : 2), at + length <= bytes.endIndex else { return nil }
      let value = bytes[at..<at + length]
      at += length
      if kind == "SQ" {
        var items: [Dataset] = [], start = value.startIndex
        while start + 8 <= value.endIndex {
          let count = value[start + 4..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
          guard value[start..<start + 4].elementsEqual([0xFE, 0xFF, 0x00, 0xE0]),
            start + 8 + count <= value.endIndex,
            let item = Dataset(value[start + 8..<start + 8 + count])
          else { return nil }
          items.append(item)
          start += 8 + count
        }
        sequences[tag] = items
      } else {
        texts[tag] = String(decoding: value, as: UTF8.self).trimmingCharacters(in: ["\0", " "])
      }
    }
  }

  /// The concept of a content item as `value scheme`.
  var concept: String {
    let code = sequences["0040A043"]?.first
    return (code?.texts["00080100"] ?? "?") + " " + (code?.texts["00080102"] ?? "?")
  }

  var content: [Dataset] { sequences["0040A730"] ?? [] }
}

@Suite struct SRTests {
  @Test("The document is a preliminary, unverified Basic Text SR that names nobody")
  func header() throws {
    let bytes = try SRRenderer().render(Example.report())
    let document = try #require(Dataset(file: bytes))
    #expect(document.texts["00020010"] == "1.2.840.10008.1.2.1")
    #expect(document.texts["00080016"] == "1.2.840.10008.5.1.4.1.1.88.11")
    #expect(document.texts["00080060"] == "SR" && document.texts["00080005"] == "ISO_IR 192")
    #expect(document.texts["0040A491"] == "PARTIAL" && document.texts["0040A493"] == "UNVERIFIED")
    #expect(document.texts["0040A496"] == "PRELIMINARY")
    for empty in ["00100010", "00100020", "00100030", "00100040", "00080050", "00080090"] {
      #expect(document.texts[empty] == "", "\(empty)")
    }
    #expect(document.texts["00120062"] == "YES" && document.texts["00081030"] == "chest-042")
    #expect(document.texts["00080023"] == "20260504" && document.texts["00080033"] == "093000")
    for uid in ["0020000D", "0020000E", "00080018"] {
      let value = try #require(document.texts[uid])
      #expect(value.hasPrefix("2.25.") && value.count <= 64)
    }
    #expect(document.texts["00020003"] == document.texts["00080018"])
    #expect(Set(["0020000D", "0020000E", "00080018"].map { document.texts[$0] }).count == 3)
  }

  @Test("Sections, findings and reasons stand in the tree under their codes")
  func tree() throws {
    let document = try #require(Dataset(file: try SRRenderer().render(Example.report())))
    #expect(document.concept == "18748-4 LN" && document.texts["0040A040"] == "CONTAINER")
    let comments = document.content.filter { $0.concept == "121106 DCM" }.compactMap { $0.texts["0040A160"] }
    #expect(
      comments == [
        "Draft, preliminary: for review by a clinician; not a diagnosis", "A human must read this study",
        "Consolidation is uncertain.", "The lateral view was left out.",
      ])
    let containers = document.content.filter { $0.texts["0040A040"] == "CONTAINER" }
    #expect(containers.map(\.concept) == ["121064 DCM", "121070 DCM", "121072 DCM"])
    #expect(
      containers[1].content.map { $0.texts["0040A160"] } == [
        "Blunted left costophrenic angle.", "The heart is not enlarged.",
        "Pleural effusion: present, probability 87 %; evidence in scans/frontal.png: x 300, y 520, 160.3 × 120 px",
        "Consolidation: uncertain, probability 50 %; evidence in scans/frontal.png: x 120, y 300, 90 × 110 px; "
          + "scans/sweep.mp4: x 0, y 0, 40 × 40 px", "Cardiomegaly: absent, probability 4 %",
      ])
    #expect(containers[2].content.map { $0.texts["0040A160"] } == ["Left pleural effusion."])
    let observer = document.content.filter { $0.texts["0040A010"] == "HAS OBS CONTEXT" }
    #expect(observer.map(\.concept) == ["121005 DCM", "121012 DCM", "121013 DCM"])
  }

  @Test("The same report gives the same bytes, another one another instance")
  func deterministic() throws {
    let bytes = try SRRenderer().render(Example.report())
    #expect(try SRRenderer().render(Example.report()) == bytes)
    let other = try #require(Dataset(file: try SRRenderer().render(Example.report(needsHumanRead: false))))
    let document = try #require(Dataset(file: bytes))
    #expect(other.texts["00080018"] != document.texts["00080018"])
    #expect(other.texts["0020000D"] == document.texts["0020000D"])
  }

  @Test("Signed reports are complete and final; hostile texts come back")
  func signedAndHostile() throws {
    var report = Example.hostileReport()
    report.status = .final
    report.signature = .init(
      signer: "Dr Ä", signed: ISOTime(seconds: 1_777_890_600), draftSHA256: Example.hash,
      previous: Example.hash)
    let document = try #require(Dataset(file: try SRRenderer().render(report)))
    #expect(document.texts["0040A491"] == "COMPLETE" && document.texts["0040A496"] == "FINAL")
    #expect(document.texts["0040A493"] == "UNVERIFIED")
    let comments = document.content.filter { $0.concept == "121106 DCM" }.compactMap { $0.texts["0040A160"] }
    #expect(comments.first == "Final: signed by Dr Ä on 2026-05-04T10:30:00Z")
    #expect(comments.last?.contains(#"A|B^C&D~E\F <b onclick="x">'G'</b>"#) == true)
    #expect(comments.last?.hasSuffix("🫁") == true)
  }

  @Test("Long texts and empty sections are no obstacle")
  func sizes() throws {
    var report = Example.report()
    report.sections = .init(
      technique: "", findings: String(repeating: "Long line. ", count: 40_000), impression: "")
    report.findings = []
    let document = try #require(Dataset(file: try SRRenderer().render(report)))
    let findings = try #require(document.content.first { $0.concept == "121070 DCM" })
    #expect(findings.content.first?.texts["0040A160"]?.count == 40_000 * 11 - 1)
  }
}
