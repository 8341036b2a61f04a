import Bundles
import Foundation
import Reports
import Testing

@Suite("Reports on scan folders", .serialized)
struct ReportJobTests {
  private typealias Object = [String: Any]

  private func run(
    _ folders: [String], out: String, formats: Set<ReportFormat> = [.md, .json], identified: Bool = false,
    force: Bool = false, language: ReportLanguage = .en, bundle: ModelBundle? = nil
  ) throws -> ReportJob.Outcome {
    var options = ReportJob.Options(folders: folders, out: out)
    (options.formats, options.identified, options.force, options.language) = (
      formats, identified, force, language
    )
    options.threads = 2
    return try ReportJob(options, bundle: bundle ?? TinyBundle.load()).run()
  }

  private func object(_ path: String) throws -> Object {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? Object)
  }

  @Test("Every study gets a report.json with the contract's keys, and a row in index.json")
  func contractKeys() throws {
    let out = try TemporaryFolder()
    let outcome = try run([Package.samples + "/scans"], out: out.path)
    let folders = try FileManager.default.contentsOfDirectory(atPath: Package.samples + "/scans")
      .filter { !$0.hasSuffix(".json") }.sorted()
    #expect(Set(outcome.rows.map(\.study)) == Set(folders))
    for study in folders {
      let report = try object("\(out.path)/\(study)/report.json")
      for key in [
        "study", "status", "created", "bundle", "inputs", "selector", "findings", "sections",
        "needsHumanRead", "reasons",
      ] {
        #expect(report[key] != nil, "\(study) lacks \(key)")
      }
      #expect(report["study"] as? String == study)
      #expect(report["status"] as? String == "preliminary")
      let bundle = try #require(report["bundle"] as? Object)
      #expect((bundle["sha256"] as? String)?.count == 64)
      let inputs = try #require(report["inputs"] as? [Object])
      for input in inputs {
        #expect(Set(input.keys) == ["path", "sha256", "kind", "view", "used", "reason"])
        #expect((input["sha256"] as? String)?.count == 64)
      }
      let paths = Set(inputs.compactMap { $0["path"] as? String })
      for finding in try #require(report["findings"] as? [Object]) {
        #expect(Set(finding.keys).isSuperset(of: ["name", "probability", "state", "evidence"]))
        #expect(
          Set(finding.keys).isSubset(of: [
            "name", "probability", "state", "evidence", "laterality", "zone", "size",
          ]))
        let probability = try #require(finding["probability"] as? Double)
        #expect((0...1).contains(probability))
        #expect(["present", "absent", "uncertain"].contains(finding["state"] as? String))
        for evidence in try #require(finding["evidence"] as? [Object]) {
          #expect(paths.contains(evidence["input"] as? String ?? ""))
          #expect((evidence["region"] as? [Double])?.count == 4)
        }
      }
      let sections = try #require(report["sections"] as? [String: String])
      #expect(Set(sections.keys) == ["technique", "findings", "impression"])
      #expect(sections.values.allSatisfy { !$0.isEmpty })
      #expect(sections["impression"]?.contains("draft") == true)
      #expect(FileManager.default.fileExists(atPath: "\(out.path)/\(study)/report.md"))
    }
    let index = try Data(contentsOf: URL(filePath: out.path + "/index.json"))
    let rows = try #require(try JSONSerialization.jsonObject(with: index) as? [Object])
    #expect(rows.compactMap { $0["study"] as? String } == outcome.rows.map(\.study))
  }

  @Test("A file that cannot be read is listed, and the study is reported all the same")
  func brokenFile() throws {
    let out = try TemporaryFolder()
    let outcome = try run([Package.samples + "/scans/10-broken-file"], out: out.path)
    #expect(outcome.refused.count == 1)
    #expect(outcome.refused.first?.file.hasSuffix("broken.png") == true)
    let report = try object(out.path + "/10-broken-file/report.json")
    let inputs = try #require(report["inputs"] as? [Object])
    #expect(Set(inputs.compactMap { $0["path"] as? String }) == ["broken.png", "frontal.png"])
    let broken = try #require(inputs.first { $0["path"] as? String == "broken.png" })
    #expect(broken["used"] as? Bool == false)
    #expect((broken["reason"] as? String)?.contains("truncated") == true)
    #expect(report["needsHumanRead"] as? Bool == true)
  }

  @Test("Text and table agree in every report, whatever the decoder wrote")
  func textAgrees() throws {
    let out = try TemporaryFolder()
    let outcome = try run([Package.samples + "/scans"], out: out.path)
    for row in outcome.rows {
      let path = "\(out.path)/\(row.study)/report.json"
      let report = try ReportDocument(json: Data(contentsOf: URL(filePath: path)), place: path)
      let abstains = report.findings.allSatisfy { $0.state == .uncertain }
      guard !abstains else {
        #expect(report.sections.findings.contains("No statement"))
        #expect(report.needsHumanRead)
        continue
      }
      let table = Consistency(
        report.findings.map { finding in
          Consistency.Finding(
            name: finding.name, probability: finding.probability,
            state: finding.state == .present ? .present : finding.state == .absent ? .absent : .uncertain)
        })
      #expect(
        table.contradictions(in: report.sections.findings) == [], "\(row.study): \(report.sections.findings)")
      #expect(
        table.contradictions(in: report.sections.impression) == [],
        "\(row.study): \(report.sections.impression)")
      for finding in report.findings where finding.state == .uncertain {
        #expect(report.needsHumanRead, "\(finding)")
      }
    }
  }

  @Test("What is called present with little margin asks for a person")
  func littleMargin() throws {
    let out = try TemporaryFolder()
    // The shipped bundle, with thresholds that call every finding present.
    var bundle = try ModelBundle(path: Package.root + "/Encoders/base")
    for (task, labels) in bundle.description.tasks.map(\.labels).enumerated() {
      for (place, label) in labels.enumerated() where label != "unusable" {
        bundle.description.calibrations[task].absentBelow[place] = 0
        bundle.description.calibrations[task].presentFrom[place] = 0
      }
    }
    let outcome = try run([Package.samples + "/scans"], out: out.path, bundle: bundle)
    var faint = 0
    for row in outcome.rows {
      let path = "\(out.path)/\(row.study)/report.json"
      let report = try ReportDocument(json: Data(contentsOf: URL(filePath: path)), place: path)
      let weak = report.findings.filter { $0.state == .present && $0.probability < 0.7 }
      guard !weak.isEmpty else { continue }
      faint += 1
      #expect(report.needsHumanRead && row.needsHumanRead)
      #expect(weak.allSatisfy { finding in report.reasons.contains { $0.contains(finding.name) } })
    }
    #expect(faint > 0)
  }

  @Test("Of answers that rule each other out none is ruled out while none is called")
  func openAnswers() throws {
    let out = try TemporaryFolder()
    // The shipped bundle, made to name one label a picture and to be sure of none.
    var bundle = try ModelBundle(path: Package.root + "/Encoders/base")
    for task in bundle.description.tasks.indices {
      bundle.description.tasks[task].exclusive = true
      for place in bundle.description.tasks[task].labels.indices {
        bundle.description.calibrations[task].absentBelow[place] = 0.4
        bundle.description.calibrations[task].presentFrom[place] = 1.1
      }
    }
    let outcome = try run([Package.samples + "/scans"], out: out.path, bundle: bundle)
    var open = 0
    for row in outcome.rows where row.abstains != true {
      let path = "\(out.path)/\(row.study)/report.json"
      let report = try ReportDocument(json: Data(contentsOf: URL(filePath: path)), place: path)
      #expect(report.findings.allSatisfy { $0.state == ($0.probability < 0.15 ? .absent : .uncertain) })
      open += report.findings.count { (0.15..<0.4).contains($0.probability) }
    }
    #expect(open > 0)
  }

  @Test("Places are few and only of findings that stand; a side is never surer than the finding")
  func places() throws {
    let out = try TemporaryFolder()
    let outcome = try run([Package.samples + "/scans"], out: out.path)
    func rank(_ state: ReportDocument.State) -> Int { state == .present ? 2 : state == .uncertain ? 1 : 0 }
    var sides = 0
    for row in outcome.rows {
      let path = "\(out.path)/\(row.study)/report.json"
      let report = try ReportDocument(json: Data(contentsOf: URL(filePath: path)), place: path)
      #expect(row.abstains == report.abstains)
      var regions: [String: Set<[Double]>] = [:]
      for finding in report.findings {
        if finding.state == .absent { #expect(finding.evidence.isEmpty) }
        if finding.state == .uncertain, finding.probability < 0.3 { #expect(finding.evidence.isEmpty) }
        for evidence in finding.evidence { regions[evidence.input, default: []].insert(evidence.region) }
        guard !report.abstains, finding.name.hasPrefix("left ") || finding.name.hasPrefix("right ") else {
          continue
        }
        let any = finding.name.split(separator: " ").dropFirst().joined(separator: " ")
        guard let whole = report.findings.first(where: { $0.name == any }) else { continue }
        sides += 1
        #expect(finding.probability <= whole.probability && rank(finding.state) <= rank(whole.state))
      }
      #expect(regions.values.allSatisfy { $0.count <= 4 })
      if report.abstains { #expect(report.needsHumanRead && regions.isEmpty && report.limits.isEmpty) }
    }
    #expect(sides > 0 || outcome.rows.allSatisfy { $0.abstains == true })
  }

  @Test("No patient identity reaches any output unless asked for")
  func identity() throws {
    let out = try TemporaryFolder()
    _ = try run(
      [Package.samples + "/scans/03-dicom", Package.samples + "/scans/06-dicom-cine"], out: out.path,
      formats: Set(ReportFormat.allCases))
    // The sample's header does hold the name, so that this test can fail.
    let header = try Data(contentsOf: URL(filePath: Package.samples + "/scans/03-dicom/IM0001.dcm"))
    #expect(header.range(of: Data("Phantom^One".utf8)) != nil)
    var files = 0
    let walk = try #require(FileManager.default.enumerator(atPath: out.path))
    for case let name as String in walk {
      #expect(!name.localizedCaseInsensitiveContains("phantom"))
      guard let data = FileManager.default.contents(atPath: out.path + "/" + name), !data.isEmpty else {
        continue
      }
      files += 1
      for secret in ["Phantom^One", "Phantom One", "One, Phantom", "PHANTOM-0001", "19000101"] {
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) names the patient")
      }
    }
    #expect(files >= 2 * ReportFormat.allCases.count)
  }

  @Test("A picture without content is not used, and nothing is stated")
  func blank() throws {
    let out = try TemporaryFolder(), scans = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: scans.path + "/blank", withIntermediateDirectories: true)
    // 64 x 64 pixels of one grey, as a PGM would have them, written by the project's own encoder.
    try GreyPNG.write(side: 64, level: 128, to: scans.path + "/blank/frontal.png")
    _ = try run([scans.path], out: out.path)
    let report = try object(out.path + "/blank/report.json")
    #expect(report["needsHumanRead"] as? Bool == true)
    #expect((report["inputs"] as? [Object])?.first?["used"] as? Bool == false)
    let findings = try #require(report["findings"] as? [Object])
    #expect(findings.allSatisfy { $0["state"] as? String == "uncertain" })
    #expect((report["sections"] as? [String: String])?["findings"]?.contains("No statement") == true)
  }

  @Test("A report is kept unless forced; a signed one in any case")
  func keepsReports() throws {
    let out = try TemporaryFolder()
    let scans = Package.samples + "/scans/01-png", file = out.path + "/01-png/report.json"
    _ = try run([scans], out: out.path)
    let first = try Data(contentsOf: URL(filePath: file))
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try run([scans], out: out.path).rows.first?.action == .kept)
    #expect(try Data(contentsOf: URL(filePath: file)) == first)
    // A format asked for later is rendered from the report that stands.
    _ = try run([scans], out: out.path, formats: [.hl7])
    #expect(FileManager.default.fileExists(atPath: out.path + "/01-png/report.hl7"))
    #expect(try Data(contentsOf: URL(filePath: file)) == first)
    #expect(try run([scans], out: out.path, force: true).rows.first?.action == .written)
    #expect(try Data(contentsOf: URL(filePath: file)) != first)
    let signed = try SigningJob(report: out.path + "/01-png", signer: "Dr. Example", scans: scans).run()
    #expect(signed.report.status == .final)
    #expect(signed.files.count == 3)  // report.json, report.md, report.hl7
    let final = try Data(contentsOf: URL(filePath: file))
    #expect(try run([scans], out: out.path, force: true).rows.first?.action == .kept)
    #expect(try Data(contentsOf: URL(filePath: file)) == final)
    #expect(try SigningChain.verify(folder: out.path + "/01-png", scans: scans).isIntact)
  }

  @Test("A page keeps its pictures when it is signed")
  func signedPage() throws {
    let out = try TemporaryFolder()
    _ = try run([Package.samples + "/scans/02-jpeg"], out: out.path, formats: [.html])
    let page = out.path + "/02-jpeg/report.html"
    let before = try String(contentsOfFile: page, encoding: .utf8)
    let png = try #require(
      before.range(of: "data:image/png;base64,[A-Za-z0-9+/=]+", options: .regularExpression))
    _ = try SigningJob(report: out.path + "/02-jpeg", signer: "Dr. Example", scans: nil).run()
    let after = try String(contentsOfFile: page, encoding: .utf8)
    #expect(after.contains(before[png]))
    #expect(after.contains("Dr. Example") && !after.contains("Draft, preliminary"))
  }

  @Test("Headings follow the language")
  func chinese() throws {
    let out = try TemporaryFolder()
    _ = try run([Package.samples + "/scans/08-胸部检查"], out: out.path, language: .zh)
    let page = try String(contentsOfFile: out.path + "/08-胸部检查/report.md", encoding: .utf8)
    for heading in ["## 印象", "## 影像所见", "## 检查技术"] { #expect(page.contains(heading)) }
  }

  @Test("A folder without scans is refused in words")
  func nothing() throws {
    let out = try TemporaryFolder(), scans = try TemporaryFolder()
    try "A note.\n".write(toFile: scans.path + "/notes.txt", atomically: true, encoding: .utf8)
    #expect(throws: BundleError.self) { try run([scans.path], out: out.path) }
    #expect(!FileManager.default.fileExists(atPath: out.path + "/index.json"))
  }
}
