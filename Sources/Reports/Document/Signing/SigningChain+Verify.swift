import Crypto
import Foundation

extension SigningChain {
  /// Something that does not fit the chain.
  public struct Problem: Sendable, Equatable {
    /// How something fails to fit.
    public enum Kind: String, Sendable {
      /// Differs from what was signed.
      case changed
      /// Not there any more.
      case missing
    }
    /// Whether it was changed or is missing.
    public var kind: Kind
    /// The file.
    public var place: String
    /// One sentence.
    public var reason: String
  }

  /// What `verify` found.
  public struct Verification: Sendable, Equatable {
    /// Of the report as it stands.
    public var status: ReportDocument.Status
    /// Number of signings in the chain.
    public var signings: Int
    /// Hash of the last entry; nil where nothing was signed.
    public var head: String?
    /// In the order in which they were found.
    public var problems: [Problem]
    /// Inputs whose hash was compared and is right.
    public var intactInputs: Int
    /// Inputs that were not at hand, so that nothing can be said of them.
    public var absentInputs: [String]

    /// Nothing differs from what was signed.
    public var isIntact: Bool { problems.isEmpty }
  }

  /// Holds a report's folder against its chain.
  /// - Parameters:
  ///   - folder: The folder of a `report.json`, or that file.
  ///   - scans: The folder that the inputs' paths are relative to; without it inputs are not looked at.
  /// - Throws: `DocumentError` where there is no report to verify, or the report or its chain cannot be read at all.
  public static func verify(folder path: String, scans: String? = nil) throws(DocumentError) -> Verification {
    let folder = try folder(of: path)
    let file = folder + "/" + reportName
    let bytes = try read(file)
    let report = try ReportDocument(json: bytes, place: file)
    let chain = try entries(folder)
    var problems = brokenLinks(chain, folder)
    func changed(_ reason: String) { problems.append(Problem(kind: .changed, place: file, reason: reason)) }

    switch (report.status, chain.last) {
    case (.final, nil):
      problems.append(
        Problem(
          kind: .missing, place: folder + "/" + chainName,
          reason: "The report is final, but its chain is missing."))
    case (.final, let last?):
      if SHA256.hash(data: bytes).hex != last.reportSHA256 {
        changed("The report is not the one that was signed.")
      }
      if report.signature?.previous != last.previous || report.signature?.draftSHA256 != last.draftSHA256
        || report.signature?.signer != last.signer || report.signature?.signed != last.signed
      {
        changed("The report's signature is not that of the chain.")
      }
      if ChainEntry.hash(of: report.inputs) != last.inputsSHA256 { changed("The report names other inputs.") }
      if let difference = difference(report, folder + "/" + last.draft) { changed(difference) }
    case (.preliminary, let last?) where SHA256.hash(data: bytes).hex == last.draftSHA256:
      changed("Signing was begun and not finished: sign it again.")
    case (.preliminary, _): break  // a draft, perhaps a later one than those signed
    }
    var intact = 0
    var absent: [String] = []
    if let scans {
      let found = inputProblems(report, scans)
      problems += found.filter { $0.kind == .changed }
      absent = found.filter { $0.kind == .missing }.map(\.place)
      intact = report.inputs.count - found.count
    }
    return Verification(
      status: report.status, signings: chain.count, head: chain.last?.hash, problems: problems,
      intactInputs: intact,
      absentInputs: absent)
  }

  /// Entries that do not hold the hash of the one before, and drafts that are gone or changed.
  static func brokenLinks(_ chain: [ChainEntry], _ folder: String) -> [Problem] {
    var problems: [Problem] = []
    var previous = ChainEntry.none
    for (i, entry) in chain.enumerated() {
      if entry.previous != previous {
        problems.append(
          Problem(
            kind: .changed, place: folder + "/" + chainName,
            reason: "Entry \(i + 1) does not follow from the one before."))
      }
      previous = entry.hash
      let draft = folder + "/" + (entry.draft as NSString).lastPathComponent
      switch FileHash.sha256(draft) {
      case entry.draftSHA256?: break
      case nil:
        problems.append(Problem(kind: .missing, place: draft, reason: "The draft that was signed is gone."))
      default:
        problems.append(
          Problem(kind: .changed, place: draft, reason: "This is not the draft that was signed."))
      }
    }
    return problems
  }

  static func inputProblems(_ report: ReportDocument, _ scans: String) -> [Problem] {
    report.inputs.compactMap { input in
      let path = input.path.hasPrefix("/") ? input.path : scans + "/" + input.path
      switch FileHash.sha256(path) {
      case input.sha256.lowercased()?: return nil
      case nil: return Problem(kind: .missing, place: path, reason: "The input is not there.")
      default: return Problem(kind: .changed, place: path, reason: "The input is not the one that was read.")
      }
    }
  }

  /// What signing may not have changed.
  private static func difference(_ report: ReportDocument, _ draft: String) -> String? {
    guard let bytes = FileManager.default.contents(atPath: draft),
      let draft = try? ReportDocument(json: bytes, place: draft)
    else { return nil }  // reported as a broken link
    var unsigned = report
    unsigned.status = .preliminary
    (unsigned.signature, unsigned.edits) = (nil, [])
    return unsigned == draft.applying(report.edits)
      ? nil : "The report says something else than the draft that was signed."
  }
}
