import Alignment
import Testing

@Suite("Dealing out unsplit rows")
struct SplitDealTests {
  /// 300 patients of 1 to 4 pictures; two frequent labels and a rare one of 4 patients.
  private static let rows: [ManifestRow] = (0..<300).flatMap { patient in
    let label = patient < 4 ? "rare" : patient % 3 == 0 ? "sick" : "well"
    return (0...patient * 7 % 4).map {
      ManifestRow(id: "p\(patient)-\($0)", group: "p\(patient)", labels: [label], image: "/\(patient)-\($0)")
    }
  }

  private func share(_ rows: [ManifestRow], _ split: Split) -> Double {
    Double(rows.count { $0.split == split }) / Double(rows.count)
  }

  @Test(
    "Groups stay whole, shares are kept in all and label by label",
    arguments: [("5:3:2", [0.5, 0.3, 0.2]), ("8:1:1", [0.8, 0.1, 0.1]), ("3:0:1", [0.75, 0, 0.25])])
  func shares(written: String, expected: [Double]) throws {
    let parts = try #require(SplitParts(written))
    let deal = try #require(SplitDeal(Self.rows, parts: parts, seed: 3))
    #expect(deal.rows.map(\.id) == Self.rows.map(\.id))
    #expect(LeakAudit.groupsInTwoSplits(deal.rows) == [])
    for label in ["sick", "well"] {
      let own = deal.rows.filter { $0.labels == [label] }
      for (split, wanted) in zip(Split.allCases, expected) {
        #expect(abs(share(own, split) - wanted) < 0.02, "\(label) \(split)")
      }
    }
    for (split, wanted) in zip(Split.allCases, expected) {
      #expect(abs(share(deal.rows, split) - wanted) < 0.02)
      if wanted > 0 { #expect(deal.rows.contains { $0.split == split && $0.labels == ["rare"] }) }
    }
  }

  @Test("Same seed same parts, whatever the order of the rows; another seed, others")
  func seed() throws {
    let deal = try #require(SplitDeal(Self.rows, seed: 3))
    let turned = try #require(SplitDeal(Self.rows.reversed(), seed: 3))
    #expect(Set(deal.rows) == Set(turned.rows))
    let other = try #require(SplitDeal(Self.rows, seed: 4))
    #expect(Set(deal.record.test) != Set(other.record.test))
    #expect(deal.record.applied(to: Self.rows) == deal.rows)
    #expect(deal.record.parts == "5:3:2" && deal.record.seed == 3)
  }

  @Test("Files, overlapping windows and recordings without a group stay whole")
  func bonds() throws {
    var rows: [ManifestRow] = []
    for run in 0..<20 {
      for window in 0..<6 {
        rows.append(
          ManifestRow(
            id: "r\(run)-\(window)", labels: ["l\(run % 2)"], series: "/r\(run)", start: window * 10 + 1,
            end: window * 10 + 10))
      }
    }
    let whole = try #require(SplitDeal(rows))
    for run in 0..<20 {
      #expect(Set(whole.rows.filter { $0.series == "/r\(run)" }.map(\.split)).count == 1)
    }
    // All in one file: windows are dealt out one by one, those that overlap together.
    for index in rows.indices { (rows[index].series, rows[index].start) = ("/all", index * 10 + 1) }
    for index in rows.indices { rows[index].end = index * 10 + (index % 2 == 0 ? 15 : 10) }
    let apart = try #require(SplitDeal(rows))
    #expect(LeakAudit.sharedInputs(apart.rows) == [])
    for pair in 0..<60 { #expect(apart.rows[2 * pair].split == apart.rows[2 * pair + 1].split) }
    // Captions of one picture.
    let captions = (0..<60).map { ManifestRow(id: "\($0)", text: "t\($0)", image: "/i\($0 / 3)") }
    #expect(try LeakAudit.sharedInputs(#require(SplitDeal(captions)).rows) == [])
  }

  @Test("A label that stands beside others comes to every part too")
  func secondLabels() throws {
    let rows = (0..<90).map { index in
      ManifestRow(
        id: "\(index)", labels: [index % 2 == 0 ? "a" : "b"] + (index % 30 < 3 ? ["c"] : []),
        image: "/\(index)")
    }
    for seed in 0..<20 {
      let deal = try #require(SplitDeal(rows, seed: UInt64(seed)))
      for label in ["a", "b", "c"] {
        #expect(
          Set(deal.rows.filter { $0.labels.contains(label) }.map(\.split)).count == 3, "\(seed) \(label)")
      }
    }
  }

  @Test("Remaining life is dealt out by slices of the target")
  func targets() throws {
    let rows = (0..<200).map { ManifestRow(id: "\($0)", series: "/\($0)", target: Double($0)) }
    let deal = try #require(SplitDeal(rows))
    for split in Split.allCases {
      let values = deal.rows.filter { $0.split == split }.compactMap(\.target)
      #expect(abs(values.reduce(0, +) / Double(values.count) - 99.5) < 10, "\(split)")
    }
  }

  @Test("One recording, or one of each label, is not divided")
  func refusals() {
    let windows = (0..<40).map {
      ManifestRow(id: "\($0)", labels: ["l\($0 / 20)"], series: "/one", start: $0 * 5 + 1, end: $0 * 5 + 10)
    }
    #expect(SplitDeal(windows) == nil)
    let machines = (0..<60).map {
      ManifestRow(id: "\($0)", group: "m\($0 / 10)", labels: ["l\($0 / 10)"], series: "/\($0)")
    }
    #expect(SplitDeal(machines) == nil)
    for written in ["", "5:3", "5:3:2:1", "0:1:1", "a:b:c", "5:-3:2", "inf:1:1", "5::2", "nan:1:1"] {
      #expect(SplitParts(written) == nil, "\(written)")
    }
    #expect(SplitParts("0.7:0.2:0.1")?.shares.map { ($0 * 10).rounded() } == [7, 2, 1])
  }
}
