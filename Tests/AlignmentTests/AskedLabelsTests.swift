import Alignment
import Foundation
import Testing

@Suite("Labels that are asked for in words")
struct AskedLabelsTests {
  private func read(_ text: String) throws -> LabelTexts {
    let path = NSTemporaryDirectory() + "braid-asked-\(UUID().uuidString).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try LabelTexts(asked: path)
  }

  private func refusal(_ text: String) throws -> ManifestError {
    try #require(#expect(throws: ManifestError.self) { try read(text) })
  }

  @Test func severalTextsALabelInTheirOrder() throws {
    let found = try read(
      "Text,task,LABEL\n\"it leaks, badly\",,leak\nwater on the floor,pump,leak\nfine,,ok\n")
    #expect(
      found.entries == [
        .init(label: "leak", text: "it leaks, badly"),
        .init(label: "leak", text: "water on the floor", task: "pump"), .init(label: "ok", text: "fine"),
      ])
  }

  @Test func columnsThatAreMissingAreNamed() throws {
    let one = try refusal("label,words\nleak,it leaks\n")
    #expect(one.code == .missingColumn && one.line == 1 && one.reason.contains("“text”"))
    #expect(!one.reason.contains("“label”") && one.remedy.contains("label,text"))
    let both = try refusal("")
    #expect(both.reason.contains("“label” and “text”"))
    #expect(try refusal("label,text\n").code == .empty)
  }

  @Test func everyBadLineIsNamedAtOnce() throws {
    let error = try refusal(
      "label,text\nleak,it leaks\nworn,\n,it is worn\nleak,It leaks\nhot,it leaks\nhot,it is hot\n")
    #expect(error.count == 4)
    let all = [error] + error.others
    #expect(all.map(\.line) == [3, 4, 5, 6])
    #expect(all.map(\.code) == [.noInput, .noInput, .duplicateID, .duplicateID])
    #expect(all[0].reason.contains("“worn” has no text"))
    #expect(all[2].reason.contains("“leak” has the same text in line 2"))
    #expect(all[3].reason.contains("also that of “leak” in line 2"))
  }

  @Test func aFileThatIsNotThereIsRefused() {
    #expect(throws: ManifestError.self) { try LabelTexts(asked: "/nowhere/labels.csv") }
  }
}
