import Foundation
import Reports
import Testing

@Suite struct SigningTests {
  /// A folder with a draft and its inputs, gone after the test.
  final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("braid-sign-\(UUID().uuidString)")
    var path: String { url.path }
    var scans: String { url.appendingPathComponent("study").path }

    init() throws {
      let manager = FileManager.default
      try manager.createDirectory(
        at: url.appendingPathComponent("study/scans"), withIntermediateDirectories: true)
      var report = Example.report()
      for i in report.inputs.indices {
        try Data("input \(i)".utf8).write(to: url.appendingPathComponent("study/" + report.inputs[i].path))
      }
      // sha256sum of "input 0", "input 1", "input 2".
      let hashes = [
        "d76f36ed5f851e3d704778cec654530641adf8b0ee3c15c1a6802ba5688b9d69",
        "99d3a91e7e87eb4997107275226155498555e34322ffebe829e79cb7daeca5b9",
        "7788c1f80817d66503a4acf2e279043f3e9d5d9b9ad4d861ac43d763f8eba5e2",
      ]
      for i in report.inputs.indices { report.inputs[i].sha256 = hashes[i] }
      try write(Data(report.json().utf8), "report.json")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ data: Data, _ name: String) throws { try data.write(to: url.appendingPathComponent(name)) }
    func read(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }

    func edit(_ name: String, _ change: (String) -> String) throws {
      try write(Data(change(String(decoding: try read(name), as: UTF8.self)).utf8), name)
    }
  }

  static let time = ISOTime(seconds: 1_777_890_600)

  @Test("Signing makes the draft final, keeps it and starts a chain that holds")
  func signs() throws {
    let folder = try Folder()
    let draft = try folder.read("report.json")
    let before = try SigningChain.verify(folder: folder.path, scans: folder.scans)
    #expect(before.status == .preliminary && before.isIntact && before.signings == 0 && before.head == nil)
    let report = try SigningChain.sign(
      folder.path, signer: "Dr A. Example", at: Self.time, scans: folder.scans)
    #expect(report.status == .final)
    #expect(report.signature?.signer == "Dr A. Example" && report.signature?.signed == Self.time)
    #expect(report.signature?.previous == String(repeating: "0", count: 64))
    #expect(try folder.read("report.draft.json") == draft)
    #expect(try ReportDocument(json: folder.read("report.json"), place: "") == report)
    let after = try SigningChain.verify(folder: folder.path, scans: folder.scans)
    #expect(after.status == .final && after.isIntact && after.signings == 1 && after.head?.count == 64)
    #expect(after.intactInputs == 3 && after.absentInputs.isEmpty)
    #expect(throws: DocumentError.self) { try SigningChain.sign(folder.path, signer: "B", at: Self.time) }
  }

  @Test(
    "Any change of report, draft, chain or inputs afterwards is seen",
    arguments: [
      "report.json", "report.draft.json", "signatures.jsonl", "study/" + Example.frontal,
    ])
  func tampering(name: String) throws {
    let folder = try Folder()
    _ = try SigningChain.sign(folder.path + "/report.json", signer: "Dr A", at: Self.time)
    let original = try folder.read(name)
    // Every byte matters, not only those that mean something.
    for position in stride(from: 0, to: original.count, by: max(1, original.count / 23)) {
      var bytes = original
      bytes[position] = bytes[position] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
      try folder.write(bytes, name)
      let verification = try? SigningChain.verify(folder: folder.path, scans: folder.scans)
      #expect(verification?.isIntact != true, "byte \(position)")
    }
    try folder.write(original, name)
    #expect(try SigningChain.verify(folder: folder.path, scans: folder.scans).isIntact)
  }

  @Test("A report changed together with its hash in the chain is still seen, by the draft")
  func carefulTampering() throws {
    let folder = try Folder()
    _ = try SigningChain.sign(folder.path, signer: "Dr A", at: Self.time)
    try folder.edit("report.json") { $0.replacing("Left pleural effusion.", with: "Nothing.") }
    let problems = try SigningChain.verify(folder: folder.path).problems
    #expect(problems.contains { $0.reason.contains("something else than the draft") })
    #expect(problems.contains { $0.reason.contains("not the one that was signed") })
  }

  @Test("Missing files are told apart from changed ones")
  func missing() throws {
    let folder = try Folder()
    _ = try SigningChain.sign(folder.path, signer: "Dr A", at: Self.time)
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("study/" + Example.lateral))
    let without = try SigningChain.verify(folder: folder.path, scans: folder.scans)
    #expect(without.isIntact && without.intactInputs == 2 && without.absentInputs.count == 1)
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("report.draft.json"))
    #expect(try SigningChain.verify(folder: folder.path).problems.map(\.kind) == [.missing])
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("signatures.jsonl"))
    #expect(try SigningChain.verify(folder: folder.path).problems.first?.kind == .missing)
  }

  @Test("A new draft of the same study is signed as the next link")
  func nextVersion() throws {
    let folder = try Folder()
    let first = try folder.read("report.json")
    _ = try SigningChain.sign(folder.path, signer: "Dr A", at: Self.time)
    let head = try #require(try SigningChain.verify(folder: folder.path).head)
    try folder.write(first, "report.json")
    try folder.edit("report.json") {
      $0.replacing("Left pleural effusion.", with: "Small left pleural effusion.")
    }
    let second = try SigningChain.sign(
      folder.path, signer: "Dr B", at: ISOTime(seconds: Self.time.seconds + 60))
    #expect(second.signature?.previous == head)
    let verification = try SigningChain.verify(folder: folder.path)
    #expect(verification.isIntact && verification.signings == 2)
    #expect(try folder.read("report.draft.json") == first)
    // Taking out the first link breaks the second.
    let chain = String(decoding: try folder.read("signatures.jsonl"), as: UTF8.self).split(separator: "\n")
    try folder.write(Data((chain[1] + "\n").utf8), "signatures.jsonl")
    #expect(try !SigningChain.verify(folder: folder.path).isIntact)
  }

  @Test("A signing that was cut off is seen, and finished as it was begun")
  func resumes() throws {
    let folder = try Folder()
    let draft = try folder.read("report.json")
    let signed = try SigningChain.sign(folder.path, signer: "Dr A", at: Self.time)
    let final = try folder.read("report.json")
    try folder.write(draft, "report.json")
    #expect(try !SigningChain.verify(folder: folder.path).isIntact)
    let again = try SigningChain.sign(folder.path, signer: "Dr B", at: ISOTime(seconds: 0))
    #expect(again == signed)
    #expect(try folder.read("report.json") == final)
    #expect(try SigningChain.verify(folder: folder.path).isIntact)
  }

  @Test("Nothing is signed by nobody, over changed inputs, or where there is no draft")
  func refuses() throws {
    let folder = try Folder()
    let draft = try folder.read("report.json")
    #expect(throws: DocumentError.self) { try SigningChain.sign(folder.path, signer: "  ", at: Self.time) }
    #expect(throws: DocumentError.self) {
      try SigningChain.sign(folder.path + "/none", signer: "A", at: Self.time)
    }
    try folder.write(Data("other".utf8), "study/" + Example.frontal)
    #expect(throws: DocumentError.self) {
      try SigningChain.sign(folder.path, signer: "A", at: Self.time, scans: folder.scans)
    }
    #expect(try folder.read("report.json") == draft)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/report.draft.json"))
    try folder.write(Data("no report".utf8), "report.json")
    #expect(throws: DocumentError.self) { try SigningChain.sign(folder.path, signer: "A", at: Self.time) }
  }
}
