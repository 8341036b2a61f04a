import Testing

import Alignment

@Suite struct OverlapLabelsTests {
  private func row(
    _ id: String, _ start: Int, _ end: Int, _ labels: [String] = [], split: Split = .train,
    series: String? = "a.csv", group: String? = nil
  ) -> ManifestRow {
    ManifestRow(
      id: id, split: split, group: group, labels: labels, series: series, start: start, end: end)
  }

  @Test func windowsThatShareHalfOfTheirRowsTakeTheLabel() {
    let found = OverlapLabels(
      [
        row("known", 101, 200, ["leak"]),
        row("half", 151, 250), row("less", 152, 251), row("before", 51, 150), row("within", 120, 129),
        row("apart", 300, 400),
      ], share: 0.5)
    #expect(found.ids == ["half", "before", "within"])
    #expect(found.rows.map(\.labels) == [["leak"], ["leak"], [], ["leak"], ["leak"], []])
    #expect(found.rows.map(\.id) == ["known", "half", "less", "before", "within", "apart"])
  }

  @Test func windowsBetweenTwoLabelsTakeNone() {
    let found = OverlapLabels(
      [row("a", 1, 100, ["normal"]), row("b", 141, 240, ["leak"]), row("mid", 45, 144), row("in", 21, 120)],
      share: 0.5)
    // "mid" touches four rows of the leak.
    #expect(found.ids == ["in"])
    #expect(found.rows[3].labels == ["normal"])
  }

  @Test func onlyTrainRowsOfOneRecordingAndGroupTeachAndTake() {
    let found = OverlapLabels(
      [
        row("known", 1, 100, ["leak"], group: "m1"),
        row("heldOut", 1, 100, ["leak"], split: .val, series: "b.csv", group: "m1"),
        row("validation", 11, 110, split: .val, group: "m1"), row("test", 11, 110, split: .test, group: "m1"),
        row("otherFile", 11, 110, series: "b.csv", group: "m1"), row("otherGroup", 11, 110, group: "m2"),
        row("same", 11, 110, group: "m1"),
      ], share: 0.5)
    #expect(found.ids == ["same"])
  }

  @Test func aLongWindowFarBackIsFound() {
    let found = OverlapLabels(
      [row("long", 1, 1000, ["wear"]), row("short", 700, 720, ["wear"]), row("late", 900, 1000)], share: 0.5)
    #expect(found.ids == ["late"])
  }

  @Test func noShareMeansNoLabels() {
    let rows = [row("known", 1, 100, ["leak"]), row("bare", 1, 100)]
    #expect(OverlapLabels(rows, share: 0).ids.isEmpty)
    #expect(OverlapLabels(rows, share: 0).rows == rows)
  }

  @Test func targetsAndTextsStayWhereTheyAre() {
    var known = row("known", 1, 100, ["wear"])
    (known.target, known.text) = (12, "Worn.")
    var numbered = row("numbered", 1, 100)
    numbered.target = 13
    let found = OverlapLabels([known, row("bare", 11, 110), numbered], share: 0.5)
    #expect(found.ids == ["bare"])
    #expect(found.rows[1].target == nil && found.rows[1].text == nil)
    #expect(found.rows[2] == numbered)
  }
}
