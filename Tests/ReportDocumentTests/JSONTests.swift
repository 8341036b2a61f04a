import Foundation
import Reports
import Testing

@Suite struct JSONTests {
  @Test("report.json has the contract's keys in the contract's order")
  func golden() throws {
    var report = Example.report()
    report.inputs = [report.inputs[0], report.inputs[1]]
    report.findings = [report.findings[1]]
    let golden = """
      {
        "study": "chest-042",
        "status": "preliminary",
        "created": "2026-05-04T09:30:00Z",
        "bundle": {
          "name": "base",
          "sha256": "\(Example.hash)"
        },
        "inputs": [
          {
            "path": "scans/frontal.png",
            "sha256": "\(Example.hash)",
            "kind": "image",
            "view": "PA",
            "used": true,
            "reason": "The frontal view."
          },
          {
            "path": "scans/lateral.png",
            "sha256": "\(Example.hash)",
            "kind": "image",
            "view": null,
            "used": false,
            "reason": "The view is not known."
          }
        ],
        "selector": {
          "clip": 0.25,
          "head": "report",
          "image": 0.75
        },
        "findings": [
          {
            "name": "Pleural effusion",
            "probability": 0.87,
            "state": "present",
            "evidence": [
              {
                "input": "scans/frontal.png",
                "region": [300, 520, 160.25, 120]
              }
            ]
          }
        ],
        "sections": {
          "technique": "One frontal radiograph and one ultrasound clip.",
          "findings": "Blunted left costophrenic angle.\\nThe heart is not enlarged.",
          "impression": "Left pleural effusion."
        },
        "needsHumanRead": true,
        "reasons": [
          "Consolidation is uncertain.",
          "The lateral view was left out."
        ]
      }

      """
    #expect(try report.json() == golden)
  }

  @Test(
    "Reading gives the same report and the same bytes back",
    arguments: [Example.report(), Example.hostileReport()])
  func roundTrip(report: ReportDocument) throws {
    let json = try report.json()
    let read = try ReportDocument(json: Data(json.utf8), place: "report.json")
    #expect(read == report)
    #expect(try read.json() == json)
    let other = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(other["study"] as? String == report.study)
    #expect((other["reasons"] as? [String]) == report.reasons)
  }

  @Test("A selector of any shape comes back")
  func selectorTree() throws {
    var report = Example.report()
    report.selector = .object([
      "list": .array([
        .null, .bool(true), .bool(false), .integer(-3), .number(0.125), .number(1e-9), .string(""),
      ]),
      "deep": .object(["empty": .array([]), "none": .object([:])]),
    ])
    #expect(try ReportDocument(json: Data(report.json().utf8), place: "").selector == report.selector)
  }

  @Test("What no reader could make sense of is refused, with its place")
  func refuses() throws {
    func place(_ change: (inout ReportDocument) -> Void) -> String? {
      var report = Example.report()
      change(&report)
      do throws(DocumentError) {
        _ = try report.json()
        return nil
      } catch { return error.place }
    }
    #expect(place { $0.findings[1].probability = 1.01 } == "findings[1].probability")
    #expect(place { $0.findings[1].probability = .nan } == "findings[1].probability")
    #expect(place { $0.findings[1].evidence[0].region = [1, 2, 3] } == "findings[1].evidence[0].region")
    #expect(place { $0.findings[1].evidence[0].region[0] = -1 } == "findings[1].evidence[0].region")
    #expect(place { $0.findings[2].evidence[1].input = "other.png" } == "findings[2].evidence[1].input")
    #expect(place { $0.reasons = [] } == "reasons")
    #expect(place { $0.status = .final } == "signature")
    #expect(place { _ in } == nil)
  }

  @Test("Files that are no reports are refused in plain words")
  func noReport() throws {
    for text in ["", "{", "[]", "{\"study\": 1}", "{\"study\": \"a\"}"] {
      #expect { try ReportDocument(json: Data(text.utf8), place: "x.json") } throws: { error in
        guard let error = error as? DocumentError else { return false }
        return error.place.hasPrefix("x.json") && !error.description.contains("Swift")
          && !error.description.contains("CodingKey")
      }
    }
    let wrongTime = try Example.report().json().replacing("2026-05-04T09:30:00Z", with: "yesterday")
    #expect(throws: DocumentError.self) { try ReportDocument(json: Data(wrongTime.utf8), place: "x.json") }
  }

  @Test("Times are read with zones and written in UTC")
  func times() {
    #expect(ISOTime("2026-05-04T11:30:00+02:00")?.description == "2026-05-04T09:30:00Z")
    #expect(ISOTime("2026-05-04T09:30:00.750Z")?.description == "2026-05-04T09:30:00Z")
    #expect(ISOTime("4 May 2026") == nil)
  }
}
