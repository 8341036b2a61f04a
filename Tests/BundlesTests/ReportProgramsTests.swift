import Bundles
import Foundation
import Reports
import Testing

/// Other programs' word on what is written; those that are not installed are passed over by the script, which says so.
@Suite("Reports held against other programs", .serialized)
struct ReportProgramsTests {
  private static let python = ProcessInfo.processInfo.environment["BRAID_PYTHON"] ?? "/usr/bin/python3"

  private func check(_ folder: String) throws -> (status: Int32, words: String) {
    let process = Process()
    process.executableURL = URL(filePath: Self.python)
    process.arguments = [Package.root + "/Scripts/check-reports", folder]
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, words)
  }

  @Test(
    "FHIR, HL7, DICOM SR and pages of all samples are valid, signed and identified ones too",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python)),
    arguments: [ReportLanguage.en, .zh])
  func valid(language: ReportLanguage) throws {
    let out = try TemporaryFolder()
    var options = ReportJob.Options(folders: [Package.samples + "/scans"], out: out.path)
    (options.formats, options.language, options.threads) = (Set(ReportFormat.allCases), language, 2)
    options.identified = language == .zh
    let outcome = try ReportJob(options, bundle: ModelBundle(path: Package.root + "/Encoders/base")).run()
    _ = try SigningJob(report: out.path + "/02-jpeg", signer: "Dr Ä <b>", scans: nil).run()
    let found = try check(out.path)
    #expect(found.status == 0, "\(found.words)")
    #expect(found.words.contains("\(outcome.rows.count) report.html"))
    // The check can fail.
    let page = out.path + "/02-jpeg/report.html"
    let text = try String(contentsOfFile: page, encoding: .utf8)
    try text.replacing("href=\"#impression\"", with: "href=\"https://example.org\"").write(
      toFile: page, atomically: true, encoding: .utf8)
    #expect(try check(out.path).status == 1)
  }
}
