import Foundation
import Reports
import Testing

@Suite struct FormatTests {
  @Test(
    "Every format is written, under a name of its own, and says what it is", arguments: ReportFormat.allCases)
  func renders(format: ReportFormat) throws {
    let data = try format.render(Example.report())
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("reliminary") || text.contains("PRELIMINARY"))
    #expect(Set(ReportFormat.allCases.map(\.fileName)).count == ReportFormat.allCases.count)
  }

  @Test("A report that makes no sense is refused in every format", arguments: ReportFormat.allCases)
  func refuses(format: ReportFormat) {
    var report = Example.report()
    report.findings[0].probability = 2
    #expect(throws: DocumentError.self) { try format.render(report) }
  }

  @Test("The same report is the same bytes in every format", arguments: ReportFormat.allCases)
  func sameTwice(format: ReportFormat) throws {
    #expect(try format.render(Example.report()) == format.render(Example.report()))
  }
}
