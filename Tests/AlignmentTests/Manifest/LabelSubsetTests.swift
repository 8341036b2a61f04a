import Alignment
import Testing

@Suite struct LabelSubsetTests {
  /// 900 train rows of three labels (600, 270, 30), 100 of val.
  private static let rows: [ManifestRow] = (0..<1000).map { index in
    let label =
      index % 100 < 60 || index >= 900 ? "common" : index % 100 < 87 || index % 100 >= 90 ? "middle" : "rare"
    return ManifestRow(
      id: "r\(index)", split: index < 900 ? .train : .val, labels: [label], text: "text", image: "/i\(index)",
      target: 1)
  }

  @Test(arguments: [
    ("10%", 90), ("0.1", 90), ("50", 50), ("1%", 9), ("100%", 900), ("1.0", 900), ("5000", 900),
  ])
  func keepsTheShareOfEachLabel(written: String, expected: Int) throws {
    let amount = try #require(LabelSubset.Amount(written))
    let subset = LabelSubset(of: Self.rows, keeping: amount, seed: 3)
    // Two rows of the rarest label may come on top.
    #expect((expected - 1...expected + 2).contains(subset.keptIDs.count))
    #expect(subset.rows.count == 1000)
    #expect(subset.labelledBefore == 900)
    let kept = Set(subset.keptIDs)
    for (before, after) in zip(Self.rows, subset.rows) {
      #expect(after.id == before.id && after.image == before.image)
      let keeps = before.split != .train || kept.contains(before.id)
      #expect(after == before || !keeps)
      if !keeps { #expect(after.labels.isEmpty && after.text == nil && after.target == nil) }
    }
    let byLabel = Dictionary(grouping: Self.rows.filter { kept.contains($0.id) }, by: { $0.labels[0] })
      .mapValues(\.count)
    let all = Dictionary(grouping: Self.rows.prefix(900), by: { $0.labels[0] }).mapValues(\.count)
    for (label, count) in all {
      let share = Double(expected) / 900 * Double(count)
      #expect(abs(Double(byLabel[label] ?? 0) - share) <= 1.01 || byLabel[label] == 2, "\(label)")
    }
  }

  @Test(arguments: ["0", "-5", "0%", "101%", "1.5", "ten", "", "%", "nan"])
  func refusesOtherAmounts(written: String) {
    #expect(LabelSubset.Amount(written) == nil)
  }

  @Test func everyLabelKeepsTwoRows() {
    let rows = (0..<200).map { ManifestRow(id: "\($0)", labels: ["l\($0 % 50)"], image: "/\($0)") }
    let subset = LabelSubset(of: rows, keeping: .fraction(0.01))
    let kept = Set(subset.keptIDs)
    let counts = Dictionary(grouping: rows.filter { kept.contains($0.id) }, by: { $0.labels[0] })
    #expect(counts.count == 50)
    #expect(counts.values.allSatisfy { $0.count == 2 })
  }

  @Test func severalLabelsARow() {
    var rows = (0..<300).map { ManifestRow(id: "\($0)", labels: ["a"], image: "/\($0)") }
    rows[17].labels = ["a", "b"]
    rows[30].labels = ["b", "c"]
    let kept = Set(LabelSubset(of: rows, keeping: .fraction(0.05)).keptIDs)
    #expect(kept.isSuperset(of: ["17", "30"]))
    #expect((15...18).contains(kept.count))
  }

  @Test func theSameForTheSameSeedWhateverTheOrder() {
    let first = LabelSubset(of: Self.rows, keeping: .fraction(0.1), seed: 1).keptIDs
    #expect(LabelSubset(of: Self.rows, keeping: .fraction(0.1), seed: 1).keptIDs == first)
    #expect(
      Set(LabelSubset(of: Self.rows.reversed(), keeping: .fraction(0.1), seed: 1).keptIDs) == Set(first))
    #expect(Set(LabelSubset(of: Self.rows, keeping: .fraction(0.1), seed: 2).keptIDs) != Set(first))
    #expect(Set(LabelSubset(of: Self.rows, keeping: .fraction(0.2), seed: 1).keptIDs).isSuperset(of: first))
  }

  /// Fixed ids: another platform or release must choose the same.
  @Test func fixedChoice() {
    let rows = (0..<40).map { ManifestRow(id: "\($0)", labels: [$0 < 20 ? "a" : "b"], image: "/\($0)") }
    let ids = LabelSubset(of: rows, keeping: .rows(6), seed: 42).keptIDs
    #expect(ids.count == 6)
    #expect(ids == Self.reference(rows, 3, seed: 42))
  }

  /// The three lowest ranks of each label, written once more from the definition: FNV-1a, then SplitMix64's mixing.
  private static func reference(_ rows: [ManifestRow], _ each: Int, seed: UInt64) -> [String] {
    func mix(_ start: UInt64) -> UInt64 {
      var z = start
      z = (z ^ (z >> 30)) &* 13_787_848_793_156_543_929
      z = (z ^ (z >> 27)) &* 10_723_151_780_598_845_931
      return z ^ (z >> 31)
    }
    func rank(_ row: ManifestRow) -> UInt64 {
      let hash = "row \(row.id)".utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      return mix(hash ^ mix(seed &+ 11_400_714_819_323_198_485))
    }
    let chosen = Dictionary(grouping: rows, by: { $0.labels[0] }).values.flatMap {
      $0.sorted { rank($0) < rank($1) }.prefix(each).map(\.id)
    }
    return rows.map(\.id).filter(chosen.contains)
  }

  @Test func smallGroupsStayWhole() {
    let rows = (0..<600).map {
      ManifestRow(id: "\($0)", group: "patient \($0 / 3)", labels: [$0 % 2 == 0 ? "a" : "b"], image: "/\($0)")
    }
    let subset = LabelSubset(of: rows, keeping: .fraction(0.1), seed: 5)
    #expect(subset.usesWholeGroups)
    let kept = Set(subset.keptIDs)
    #expect((54...66).contains(kept.count))
    for members in Dictionary(grouping: rows, by: \.group).values {
      #expect([0, 3].contains(members.count { kept.contains($0.id) }))
    }
  }

  @Test func largeGroupsAreDivided() {
    let rows = (0..<600).map {
      ManifestRow(id: "\($0)", group: "machine \($0 / 200)", series: "/s", target: Double($0))
    }
    let subset = LabelSubset(of: rows, keeping: .fraction(0.1))
    #expect(!subset.usesWholeGroups)
    #expect(subset.keptIDs.count == 60)
    // Targets of every size are kept: six of each tenth.
    let tenths = Dictionary(grouping: subset.keptIDs.compactMap(Int.init), by: { $0 / 60 })
    #expect(tenths.count == 10 && tenths.values.allSatisfy { $0.count == 6 })
  }

  @Test func rowsOfTextAloneGoWithTheirText() {
    let rows = (0..<10).map { ManifestRow(id: "\($0)", text: "t") } + [ManifestRow(id: "x", image: "/x")]
    let subset = LabelSubset(of: rows, keeping: .rows(4))
    #expect(subset.keptIDs.count == 4)
    #expect(subset.labelledBefore == 10)
    #expect(subset.rows.count == 5)
  }
}
