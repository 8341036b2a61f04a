import Foundation
import Reports
import Testing

@Suite("Signing with changes")
struct EditedSigningTests {
  private func folder() throws -> (folder: SigningTests.Folder, draft: ReportDocument) {
    let folder = try SigningTests.Folder()
    let draft = Example.told()
    try folder.write(Data(draft.json().utf8), "report.json")
    return (folder, draft)
  }

  @Test("The changes stand in the final report, the draft stays, and the chain holds")
  func edited() throws {
    let (folder, draft) = try folder()
    let before = try folder.read("report.json")
    // As a person changes a copy of the file: sentences stay as they were.
    let impression = "Small left pleural effusion. Follow-up in a week."
    let copy = try draft.json()
      .replacing("\"impression\": \"Left pleural effusion.\"", with: "\"impression\": \"\(impression)\"")
      .replacing("\"state\": \"uncertain\"", with: "\"state\": \"absent\"")
    let final = try SigningChain.sign(
      folder.path, signer: "Dr A", at: SigningTests.time, edited: Data(copy.utf8))
    #expect(final.status == .final && final.id == draft.id)
    #expect(final.sections.impression == impression && final.findings[2].state == .absent)
    #expect(
      final.edits == [
        .init(
          place: "sections.impression", before: draft.sections.impression, after: impression),
        .init(place: "findings.Consolidation.state", before: "uncertain", after: "absent"),
      ])
    // Sentences are tied anew; what a person adds rests on nothing that the model found.
    let told = final.statements.filter { $0.section == .impression }
    #expect(told.map(\.text) == ["Small left pleural effusion."])
    #expect(told.first?.findings == ["Pleural effusion"])
    #expect(try folder.read("report.draft.json") == before)
    #expect(try SigningChain.verify(folder: folder.path).isIntact)
    #expect(MarkdownRenderer().render(final).contains("Changed by the signer"))
    // A change after that shows.
    try folder.edit("report.json") { $0.replacing("Follow-up in a week", with: "Follow-up in a year") }
    #expect(try !SigningChain.verify(folder: folder.path).isIntact)
  }

  @Test("Only texts and states may be changed")
  func refused() throws {
    let (folder, draft) = try folder()
    var copy = draft
    copy.inputs[0].used.toggle()
    #expect(throws: DocumentError.self) {
      try SigningChain.sign(folder.path, signer: "A", at: SigningTests.time, edited: Data(copy.json().utf8))
    }
    #expect(try SigningChain.verify(folder: folder.path).signings == 0)
  }

  @Test("A draft that was changed in place is not signed, since nobody knows what it said")
  func inPlace() throws {
    let (folder, _) = try folder()
    try folder.edit("report.json") {
      $0.replacing("\"findings\": \"Blunted", with: "\"findings\": \"Hardly anything.\\nBlunted")
    }
    #expect {
      try SigningChain.sign(folder.path, signer: "A", at: SigningTests.time)
    } throws: { "\($0)".contains("--edited") }
  }
}
