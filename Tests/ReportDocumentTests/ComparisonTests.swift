import Reports
import Testing

@Suite("Comparison with an earlier study")
struct ComparisonTests {
  private func report(_ states: [(String, ReportDocument.State)]) -> ReportDocument {
    var report = Example.report()
    report.findings = states.map { .init(name: $0.0, probability: $0.1 == .present ? 0.9 : 0.1, state: $0.1) }
    return report.sealed()
  }

  @Test("Findings are new, still there, gone or undecided; what was never there is not told")
  func kinds() throws {
    let before = report([
      ("normal", .present), ("nodule", .present), ("effusion", .absent), ("mass", .present),
      ("edema", .absent),
      ("fibrosis", .uncertain), ("opacity", .present),
    ])
    let now = report([
      ("normal", .absent), ("nodule", .present), ("effusion", .present), ("mass", .absent),
      ("edema", .absent),
      ("fibrosis", .present), ("opacity", .uncertain),
    ])
    let comparison = try #require(ReportDocument.Comparison(before, now, days: 12))
    #expect(comparison.report == before.id && comparison.study == before.study && comparison.days == 12)
    #expect(
      comparison.changes.map { "\($0.finding) \($0.kind.rawValue)" } == [
        "nodule unchanged", "effusion new", "mass resolved", "fibrosis undecided", "opacity undecided",
      ])
    #expect(comparison.changes[1].before == 0.1 && comparison.changes[1].now == 0.9)
    #expect(
      ReportLanguage.en.tell(comparison)
        == "Compared with the study chest-042, 12 days earlier: new: effusion; still present: nodule; "
        + "no longer seen: mass; undecided: fibrosis, opacity.")
    #expect(ReportLanguage.zh.tell(comparison).hasPrefix("与既往检查 chest-042（12天前）比较：新出现：胸腔积液；"))
  }

  @Test("Nothing is compared with a report that says nothing, or looked for other things")
  func none() throws {
    let now = report([("nodule", .present)])
    #expect(ReportDocument.Comparison(report([("fracture", .present)]), now, days: nil) == nil)
    var silent = report([("nodule", .uncertain)])
    silent.selector = .object(["abstains": .bool(true)])
    #expect(ReportDocument.Comparison(silent, now, days: nil) == nil)
    let empty = try #require(
      ReportDocument.Comparison(report([("nodule", .absent)]), report([("nodule", .absent)]), days: nil))
    #expect(ReportLanguage.en.tell(empty).contains("none of the findings looked for is present in either"))
  }
}
