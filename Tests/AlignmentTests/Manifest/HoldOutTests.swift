import Alignment
import Testing

@Suite struct HoldOutTests {
  private func held(_ part: HoldOut) -> [ManifestRow] { part.rows.filter { $0.split == .val } }

  @Test func whatTheManifestGives() {
    let rows = (0..<20).map { ManifestRow(id: "\($0)", split: $0 < 3 ? .val : .train, image: "/\($0)") }
    let part = HoldOut(rows)
    #expect(part.method == .given)
    #expect(part.validationIDs == ["0", "1", "2"])
    #expect(part.rows == rows)
  }

  @Test func rowsByLabel() {
    let rows = (0..<400).map {
      ManifestRow(
        id: "\($0)", split: $0 < 300 ? .train : .test, labels: [$0 % 10 == 0 ? "a" : "b"], image: "/\($0)")
    }
    let part = HoldOut(rows, seed: 1)
    #expect(part.method == .rows)
    #expect((43...47).contains(part.validationIDs.count))
    #expect((4...5).contains(held(part).count { $0.labels == ["a"] }))
    #expect(part.rows.count == 400 && part.droppedIDs.isEmpty)
    #expect(part.rows.filter { $0.split == .test }.count == 100)
    #expect(HoldOut(rows, seed: 1).validationIDs == part.validationIDs)
    #expect(HoldOut(rows, seed: 2).validationIDs != part.validationIDs)
  }

  @Test func rowsOfOneInputStayTogether() {
    let rows = (0..<300).map { ManifestRow(id: "\($0)", text: "caption \($0 % 3)", image: "/\($0 / 3)") }
    let part = HoldOut(rows)
    for members in Dictionary(grouping: part.rows, by: \.image).values {
      #expect(Set(members.map(\.split)).count == 1)
    }
    #expect((40...50).contains(part.validationIDs.count))
  }

  @Test func wholeGroups() {
    let rows = (0..<600).map {
      ManifestRow(id: "\($0)", group: "p\($0 / 6)", labels: [$0 / 6 % 4 == 0 ? "a" : "b"], image: "/\($0)")
    }
    let part = HoldOut(rows)
    #expect(part.method == .groups)
    #expect(LeakAudit.groupsInTwoSplits(part.rows).isEmpty)
    #expect((70...110).contains(part.validationIDs.count))
    #expect(Set(held(part).flatMap(\.labels)) == ["a", "b"])
  }

  /// Windows of 60 rows, 10 apart, one file a label.
  private static let windows: [ManifestRow] = (0..<6).flatMap { file in
    (0..<43).map { window in
      ManifestRow(
        id: "\(file)-\(window)", labels: ["fault \(file)"], series: "/d\(file)", start: window * 10 + 1,
        end: window * 10 + 60)
    }
  }

  @Test func laterBlocksWithAGap() {
    let part = HoldOut(Self.windows)
    #expect(part.method == .blocks)
    #expect(part.validationIDs.count == 6 * 6)
    #expect(part.droppedIDs.count == 6 * 5)
    #expect(LeakAudit.sharedInputs(part.rows).isEmpty)
    for file in 0..<6 {
      let here = part.rows.filter { $0.series == "/d\(file)" }
      let train = here.filter { $0.split == .train }.compactMap(\.end).max() ?? 0
      let val = here.filter { $0.split == .val }.compactMap(\.start).min() ?? 0
      #expect(train > 0 && train < val)
    }
  }

  /// Single rows held out would overlap with train rows.
  @Test func fewLabelsLeaveBlocksWhole() {
    var rows = Self.windows
    for index in rows.indices where index % 10 != 3 { rows[index].labels = [] }
    let part = HoldOut(rows)
    #expect(part.method == .blocks)
    #expect(part.validationIDs == HoldOut(Self.windows).validationIDs)
    #expect(LeakAudit.sharedInputs(part.rows).isEmpty)
  }

  @Test func aStretchThatWouldLoseItsLabelsIsLeftWhole() {
    var rows = Self.windows
    // The first file's labels stand at its end only.
    for index in rows.indices where rows[index].series == "/d0" && index < 40 { rows[index].labels = [] }
    let part = HoldOut(rows)
    #expect(part.method == .blocks)
    #expect(!held(part).contains { $0.series == "/d0" })
    #expect(held(part).count == 5 * 6)
  }

  /// One recording that changes its label, with a group for each recording: too few groups to hold any out.
  @Test func stretchesOfOneRecording() {
    let rows = (0..<200).map { window in
      ManifestRow(
        id: "\(window)", group: "machine", labels: [window < 100 ? "normal" : "fault"], series: "/d",
        start: window * 5 + 1,
        end: window * 5 + 20)
    }
    let part = HoldOut(rows)
    #expect(part.method == .blocks)
    #expect(LeakAudit.sharedInputs(part.rows).isEmpty)
    #expect(held(part).count { $0.labels == ["normal"] } == 15)
    #expect(held(part).count { $0.labels == ["fault"] } == 15)
  }

  @Test func windowsThatDoNotOverlapAreRows() {
    let rows = (0..<100).map {
      ManifestRow(id: "\($0)", labels: ["l\($0 % 2)"], series: "/s", start: $0 * 10 + 1, end: $0 * 10 + 10)
    }
    let part = HoldOut(rows)
    #expect(part.method == .rows)
    #expect((14...16).contains(part.validationIDs.count))
  }

  @Test func noLabelLosesItsLastRow() {
    let rows =
      (0..<40).map { ManifestRow(id: "\($0)", labels: ["l\($0 / 2)"], image: "/\($0)") } + [
        ManifestRow(id: "x", labels: ["x"], image: "/x")
      ]
    let part = HoldOut(rows)
    let train = Set(part.rows.filter { $0.split == .train }.flatMap(\.labels))
    #expect(train == Set(rows.flatMap(\.labels)))
  }

  @Test func tooFewRows() {
    let part = HoldOut([ManifestRow(id: "a", image: "/a"), ManifestRow(id: "b", image: "/b")])
    #expect(part.method == .none && part.validationIDs.isEmpty)
  }
}
