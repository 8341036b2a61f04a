import Bundles
import Foundation
import Testing

@Suite("When a bundle has forgotten too much")
struct ForgettingTableTests {
  private func table(_ labels: [(name: String, rows: Int, before: Double, after: Double)]) throws
    -> ForgettingTable
  {
    let list = labels.map {
      """
      {"task": "state", "label": "\($0.name)", "isNew": false, "old": {"rows": \($0.rows), "recallBefore": \($0.before),
       "recallAfter": \($0.after), "f1Before": 1, "f1After": 1}}
      """
    }
    return try JSONDecoder().decode(
      ForgettingTable.self, from: Data("{\"labels\": [\(list.joined(separator: ","))], \"numbers\": []}".utf8)
    )
  }

  @Test("The mean may fall by as much as its limit, one label by as much as its own")
  func limits() throws {
    let fine = try table([("a", 100, 1, 0.98), ("b", 100, 0.9, 0.88)])
    #expect(fine.objection(limit: 0.02, labelLimit: 0.1) == nil)
    #expect(
      fine.objection(limit: 0.01, labelLimit: 0.1)?.contains("mean recall of 2 old labels falls from 95.0 %")
        == true)
    let one = try table([("a", 20, 1, 0.85)] + (0..<9).map { ("b\($0)", 20, 0.9, 0.95) })
    #expect(
      one.objection(limit: 0.02, labelLimit: 0.1)?.contains("recall of a falls from 100.0 % to 85.0 %")
        == true)
    #expect(one.objection(limit: 0.02, labelLimit: 0.15) == nil)
  }

  @Test("One row of few is chance, two are forgetting")
  func chance() throws {
    #expect(try table([("a", 4, 1, 0.75), ("b", 4, 1, 1)]).objection(limit: 0.02, labelLimit: 0.1) == nil)
    #expect(try table([("a", 4, 1, 0.5), ("b", 4, 1, 1)]).objection(limit: 0.02, labelLimit: 0.1) != nil)
    #expect(try table([("a", 4, 1, 0.75), ("b", 4, 1, 0.75)]).objection(limit: 0.02, labelLimit: 0.1) != nil)
  }

  @Test("A number's error may grow by a share of it")
  func numbers() throws {
    let text =
      "{\"labels\": [], \"numbers\": [{\"task\": \"life\", \"rows\": 9, \"rmseBefore\": 10, \"rmseAfter\": 11.5}]}"
    let table = try JSONDecoder().decode(ForgettingTable.self, from: Data(text.utf8))
    #expect(
      table.objection(limit: 0, labelLimit: 0.1)?.contains("error of life grows from 10 to 11.5") == true)
    #expect(table.objection(limit: 0, labelLimit: 0.15) == nil)
  }

  @Test("Lines are as wide as their columns, and tell the mean")
  func lines() throws {
    let lines = try table([("a", 100, 1, 0.98), ("a long label", 10, 0.5, 0.5)]).lines
    #expect(Set(lines.prefix(3).map(\.count)).count == 1)
    #expect(lines.last == "Mean recall of old labels on old rows: 0.750 before, 0.740 after.")
  }
}
