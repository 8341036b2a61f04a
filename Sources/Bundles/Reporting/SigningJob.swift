import Decoders
import Files
import Foundation
import Reports

/// Makes a draft final in all of the formats that stand beside it: everything that `braid sign` does.
public struct SigningJob: Sendable {
  /// A `report.json` or its folder.
  public var report: String
  /// Who signs, as it shall be read; not empty.
  public var signer: String
  /// The folder that the inputs' paths are relative to; nil to sign without looking at the inputs.
  public var scans: String?

  /// A copy of the draft's `report.json` with other texts or other states of findings, to be signed in its place; nil to
  /// sign the draft as it is.
  public var edited: String?

  /// - Parameters:
  ///   - report: a `report.json` or its folder.
  ///   - scans: folder that the inputs' paths are relative to; nil to leave the inputs out.
  public init(report: String, signer: String, scans: String?) {
    (self.report, self.signer, self.scans) = (report, signer, scans)
  }

  /// - Returns: the final report and the files that were written again from it.
  /// - Throws: `DocumentError` where it cannot be signed; nothing is changed then.
  public func run() throws -> (report: ReportDocument, files: [String]) {
    var changed: Data?
    if let edited {
      guard let bytes = FileManager.default.contents(atPath: edited) else {
        throw DocumentError(
          place: edited, reason: "It cannot be read.", remedy: "Check the path after --edited.")
      }
      changed = bytes
    }
    let final = try SigningChain.sign(
      report, signer: signer, at: ISOTime(Date()), scans: scans, edited: changed)
    let folder =
      (report as NSString).lastPathComponent == ReportFormat.json.fileName
      ? (report as NSString).deletingLastPathComponent : report
    let base = folder.isEmpty ? "." : folder
    var files = ["\(base)/\(ReportFormat.json.fileName)"]
    for format in ReportFormat.allCases where format != .json {
      let file = "\(base)/\(format.fileName)"
      guard let old = FileManager.default.contents(atPath: file) else { continue }
      // The page's own pictures, so that signing needs neither the scans nor the bundle.
      let pictures = format == .html ? HTMLFigures.pictures(in: String(decoding: old, as: UTF8.self)) : []
      let bytes = try format.render(final, pictures: pictures)
      try RenderedCheck(final).require([(format, bytes)])
      try AtomicFile.write(bytes, to: file)
      files.append(file)
    }
    return (final, files)
  }
}
