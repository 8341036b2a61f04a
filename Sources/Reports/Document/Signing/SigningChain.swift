import Crypto
import Files
import Foundation

/// Makes drafts final and tells later whether anything was changed since.
///
/// Signing keeps the draft as `report.draft.json`, writes `report.json` with status `final` and a signature, and adds
/// an entry to `signatures.jsonl` with the hashes of draft, report and inputs and of the entry before. A change of any of
/// these afterwards shows in `verify`. The chain shows changes; it does not prove who the signer was, and whoever can
/// replace the whole folder can write another chain: keep the last entry's hash, which `verify` returns, elsewhere where
/// that matters.
public enum SigningChain {
  static let reportName = "report.json", chainName = "signatures.jsonl"

  /// Signs the draft at `path`, a `report.json` or its folder.
  /// - Parameters:
  ///   - signer: Who signs, as it shall be read; not empty.
  ///   - scans: The folder that the inputs' paths are relative to. Inputs found there must still be those of the draft.
  ///   - edited: The bytes of a copy of the draft with other texts or other states of findings, to be signed in its place;
  ///     what was changed stands in the report.
  /// - Returns: The final report, as written.
  /// - Throws: `DocumentError` where it is no draft, is damaged, or its chain does not hold; nothing is changed then.
  public static func sign(
    _ path: String, signer: String, at time: ISOTime, scans: String? = nil, edited: Data? = nil
  ) throws(DocumentError) -> ReportDocument {
    let folder = try folder(of: path)
    let name = signer.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty else {
      throw DocumentError(place: path, reason: "No signer is named.", remedy: "Name who signs with --by.")
    }
    let file = folder + "/" + reportName
    let bytes = try read(file)
    let draft = try ReportDocument(json: bytes, place: file)
    guard draft.status == .preliminary else {
      throw DocumentError(
        place: file, reason: "This report is final already.",
        remedy: "Draft the study again to sign another version.")
    }
    // What was changed in place is not known any more, so that it could not be kept.
    guard draft.id.isEmpty || draft.id == draft.contentID else {
      throw DocumentError(
        place: file, reason: "It was changed after it was drafted, and what it said before is not known.",
        remedy: "Draft it again, and name the changed copy with --edited.")
    }
    var edits: [ReportDocument.Edit] = []
    if let edited {
      edits = try draft.edits(
        in: ReportDocument(json: edited, place: "--edited", isTied: false), place: "--edited")
    }
    var chain = try entries(folder)
    let broken = brokenLinks(chain, folder)
    if let problem = broken.first {
      throw DocumentError(
        place: problem.place, reason: problem.reason, remedy: "Find out who changed it before signing again.")
    }
    if let scans, let changed = inputProblems(draft, scans).first(where: { $0.kind == .changed }) {
      throw DocumentError(
        place: changed.place, reason: changed.reason,
        remedy: "Draft the report again from the inputs as they are.")
    }

    let draftHash = SHA256.hash(data: bytes).hex
    // A signing that was cut off after its entry was written is finished as it was begun.
    if let last = chain.last, last.draftSHA256 == draftHash {
      let report = signed(draft, last, edits)
      guard SHA256.hash(data: Data(try report.json().utf8)).hex == last.reportSHA256 else {
        throw DocumentError(
          place: file, reason: "A signing with other changes was begun and not finished.",
          remedy: "Sign again with the same --edited as then.")
      }
      return try write(report, to: file)
    }
    var entry = ChainEntry(
      previous: chain.last?.hash ?? ChainEntry.none, signer: name, signed: time, draft: freeDraftName(chain),
      draftSHA256: draftHash, reportSHA256: "", inputsSHA256: ChainEntry.hash(of: draft.inputs))
    let report = signed(draft, entry, edits)
    entry.reportSHA256 = SHA256.hash(data: Data(try report.json().utf8)).hex
    chain.append(entry)
    // In this order a stop at any point leaves either the draft or all that is needed to finish.
    try save(bytes, folder + "/" + entry.draft)
    try save(Data(chain.map { $0.line + "\n" }.joined().utf8), folder + "/" + chainName)
    return try write(report, to: file)
  }

  private static func signed(
    _ draft: ReportDocument, _ entry: ChainEntry, _ edits: [ReportDocument.Edit]
  ) -> ReportDocument {
    var report = draft.applying(edits)
    report.edits = edits
    report.status = .final
    report.signature = .init(
      signer: entry.signer, signed: entry.signed, draftSHA256: entry.draftSHA256, previous: entry.previous)
    return report
  }

  private static func write(_ report: ReportDocument, to file: String) throws(DocumentError) -> ReportDocument
  {
    try save(Data(try report.json().utf8), file)
    return report
  }

  /// `report.draft.json`, and `report.draft-2.json` and so on for reports that were drafted and signed again.
  private static func freeDraftName(_ chain: [ChainEntry]) -> String {
    chain.isEmpty ? "report.draft.json" : "report.draft-\(chain.count + 1).json"
  }

  /// The folder of a report, given it or its `report.json`.
  static func folder(of path: String) throws(DocumentError) -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if exists, isFolder.boolValue { return path }
    guard exists, (path as NSString).lastPathComponent == reportName else {
      throw DocumentError(
        place: path, reason: exists ? "This is no \(reportName)." : "There is no such file or folder.",
        remedy: "Give the \(reportName) of a report, or its folder.")
    }
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }

  static func read(_ file: String) throws(DocumentError) -> Data {
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw DocumentError(
        place: file, reason: "There is no report that can be read.",
        remedy: "Give a report.json or its folder.")
    }
    return bytes
  }

  private static func save(_ bytes: Data, _ file: String) throws(DocumentError) {
    do {
      try AtomicFile.write(bytes, to: file)
    } catch {
      throw DocumentError(place: error.path, reason: error.reason, remedy: error.remedy)
    }
  }

  /// The chain of a folder; empty where nothing was signed there.
  static func entries(_ folder: String) throws(DocumentError) -> [ChainEntry] {
    let file = folder + "/" + chainName
    guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
    var entries: [ChainEntry] = []
    for (i, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let entry = try? JSONDecoder().decode(ChainEntry.self, from: Data(line)),
        Data(entry.line.utf8) == line
      else {
        throw DocumentError(
          place: "\(file), line \(i + 1)", reason: "This is no entry as Braid writes it.",
          remedy: "Restore the file from a copy; the report cannot be trusted without it.")
      }
      entries.append(entry)
    }
    return entries
  }
}
