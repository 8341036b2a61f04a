import ArgumentParser
import Bundles
import Foundation
import Reports

struct Sign: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a draft report final, or checks what was signed.",
    discussion: """
      Signing keeps the draft beside the report, writes report.json and the other formats again as final, and adds a \
      line to signatures.jsonl that holds the hash of the line before. --check tells whether anything was changed \
      since; exit code 1 if so.
      """)

  @Argument(help: "A report.json, or its folder.")
  var report: String
  @Option(name: .customLong("by"), help: "Who signs, as it shall be read.")
  var name: String?
  @Flag(help: "Check the report, its draft and the chain instead of signing.")
  var check = false
  @Option(
    help:
      """
      A copy of the draft's report.json with other texts of its sections or other states of its findings, to be signed \
      in its place. The draft stays, and the final report lists what was changed.
      """)
  var edited: String?
  @Option(help: "The study's scan folder, to compare the inputs too.")
  var scans: String?
  @OptionGroup var shared: PlainOptions

  func validate() throws {
    if check, edited != nil { throw ValidationError("--check and --edited exclude each other.") }
    if check, name != nil { throw ValidationError("--check and --by exclude each other.") }
    if !check, name?.trimmingCharacters(in: .whitespaces).isEmpty ?? true {
      throw ValidationError("Say who signs with --by NAME, or check with --check.")
    }
  }

  /// What `--check --json` prints.
  private struct Verified: Encodable {
    var report: String
    var status: ReportDocument.Status
    var intact: Bool
    var signings: Int
    var head: String?
    var problems: [String]
    var intactInputs: Int
    var absentInputs: [String]
  }

  func run() throws {
    if check { return try verify() }
    var job = SigningJob(report: report, signer: name ?? "", scans: scans)
    job.edited = edited
    let done = try job.run()
    if shared.json {
      try Output.json(done.report)
    } else {
      Output.line("\(done.report.study): final, signed by \(done.report.signature?.signer ?? "")")
      for edit in done.report.edits { Output.line("  changed: \(edit.place)") }
      for file in done.files { Output.line("  \(file)") }
    }
  }

  private func verify() throws {
    let found = try SigningChain.verify(folder: report, scans: scans)
    let problems = found.problems.map { "\($0.place): \($0.reason)" }
    if shared.json {
      try Output.json(
        Verified(
          report: report, status: found.status, intact: found.isIntact, signings: found.signings,
          head: found.head,
          problems: problems, intactInputs: found.intactInputs, absentInputs: found.absentInputs))
    } else {
      let inputs =
        scans == nil
        ? "" : ", \(found.intactInputs) inputs unchanged, \(found.absentInputs.count) not at hand"
      Output.line(
        "\(report): \(found.status.rawValue), \(found.signings) signings, "
          + (found.isIntact ? "nothing was changed" : "\(problems.count) problems") + inputs)
      if let head = found.head { Output.line("  last entry \(head)") }
    }
    problems.forEach(Output.note)
    if !found.isIntact { throw ExitCode(1) }
  }
}
