import Alignment
import ArgumentParser
import Bundles
import Files
import Foundation
import Tensors
import Training

struct Align: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains encoders, heads and selector on a manifest and writes a bundle.",
    discussion: """
      Several processes train together when they are started by MPI, with the same arguments: \
      mpirun -np 2 braid align MANIFEST --out BUNDLE --threads 1. The first one writes.
      """)

  @Argument(help: "A CSV of examples; see README for its columns. Left out with --continue.")
  var manifest: String?
  @Option(help: "Folder of the bundle to write.")
  var out: String?
  @Flag(help: "Train nothing: look for rows of later splits that an earlier one has too, and stop.")
  var audit = false
  @Option(
    help: "Train, validation and test parts of a manifest without the column split; 5:3:2 by default.")
  var splitParts: String?
  @Option(help: "Share (10%, 0.1) or number of train rows that keep their labels; the rest is used without.")
  var labels: String?
  @Option(help: "Labels, parted by commas, to keep out of training and to score by their texts alone.")
  var leaveOut: String?
  @Option(help: "A recipe (YAML); without one, every choice is made from the manifest.")
  var recipe: String?
  @Option(
    parsing: .singleValue,
    help:
      """
      Bundle to start from. Several may be named, each with an option of its own: they bring the encoders that the \
      others lack, such as one of texts and one of images.
      """)
  var from: [String] = []
  @Option(
    help:
      """
      With --from: train low-rank pairs beside frozen encoders, such as \
      r=16,alpha=32,dropout=0.1,rate=1,targets=q_proj,v_proj (the values that are left out).
      """)
  var lora: String?
  @Option(help: "Epochs at most.")
  var epochs: Int?
  @Option(help: "f32 or bf16.")
  var precision: String?
  @Flag(help: "Go on from the last checkpoint of an interrupted training.")
  var resume = false
  @Flag(help: "Go on although groups stand in two splits, and print both scores.")
  var allowLeak = false
  @Flag(
    help:
      """
      Write the bundle although the findings in its reports are no better, on validation, than those of the most \
      frequent report or of the nearest scan's.
      """)
  var accept = false
  @Flag(help: "Replace an existing bundle.")
  var force = false
  @OptionGroup var continuing: ContinuingOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if continuing.manifest != nil {
      try validateContinuing()
    } else if manifest == nil {
      throw ValidationError("Name a manifest.")
    } else if out == nil && !audit {
      throw ValidationError("Name the folder of the bundle to write with --out.")
    }
    if let splitParts, SplitParts(splitParts) == nil {
      throw ValidationError(
        "--split-parts (\(splitParts)) must be three numbers such as 5:3:2, the first above 0.")
    }
    if let leaveOut, leaveOut.allSatisfy({ $0 == "," || $0.isWhitespace }) {
      throw ValidationError("--leave-out names no label.")
    }
    if let epochs, epochs < 1 { throw ValidationError("--epochs (\(epochs)) must be at least 1.") }
    if let precision, ElementType(rawValue: precision) == nil {
      throw ValidationError("--precision (\(precision)) must be f32 or bf16.")
    }
    if lora != nil, from.isEmpty {
      throw ValidationError("--lora needs a bundle to start from: name one with --from.")
    }
    _ = try adaptation()
  }

  private func validateContinuing() throws {
    if manifest != nil {
      throw ValidationError("--continue names the manifest already; leave the other out.")
    }
    guard from.count == 1 else { throw ValidationError("--continue needs one bundle: name it with --from.") }
    let others: [(name: String, isGiven: Bool)] = [
      ("--audit", audit), ("--split-parts", splitParts != nil), ("--labels", labels != nil),
      ("--leave-out", leaveOut != nil), ("--lora", lora != nil), ("--resume", resume), ("--accept", accept),
    ]
    if let other = others.first(where: \.isGiven) {
      throw ValidationError("\(other.name) has no meaning with --continue.")
    }
  }

  private func continuation(_ manifest: String, in group: ProcessGroup?) throws -> ContinueJob.Options {
    var options = ContinueJob.Options(manifest: manifest, from: from[0], threads: shared.threadCount)
    options.out = out ?? options.out
    (options.recipe, options.epochs, options.seed) = (recipe, epochs, shared.seed)
    options.precision = precision.flatMap { ElementType(rawValue: $0) }
    (options.allowLeak, options.force, options.group) = (allowLeak, force, group)
    try continuing.fill(&options)
    return options
  }

  private func adaptation() throws -> LowRankAdaptation? {
    do {
      return try lora.map { try LowRankAdaptation($0) }
    } catch let error as RecipeTextError {
      throw ValidationError("--lora: \(error).")
    }
  }

  func run() throws { try Processes.run(run(in:)) }

  private func options() throws -> AlignJob.Options {
    var options = AlignJob.Options(manifest: manifest ?? "", out: out ?? "", threads: shared.threadCount)
    (options.labels, options.recipe, options.from, options.epochs) = (labels, recipe, from, epochs)
    options.lora = try adaptation()
    options.leaveOut = (leaveOut ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    options.precision = precision.flatMap { ElementType(rawValue: $0) }
    (options.seed, options.allowLeak) = (shared.seed, allowLeak)
    (options.resume, options.force, options.accept) = (resume, force, accept)
    options.splitParts = splitParts.flatMap { SplitParts($0) }
    return options
  }

  private func run(in group: ProcessGroup?) throws {
    if let manifest = continuing.manifest {
      return try Continuing.run(
        continuation(manifest, in: group), json: shared.json, quiet: shared.quiet)
    }
    var options = try options()
    options.group = group
    let isFirst = group?.isFirst ?? true
    let progress = Progress(quiet: shared.quiet || !isFirst)
    if audit { return try showAudit(options, progress, isFirst) }
    let outcome = try AlignJob(options) { done, total, what in progress.report(done, of: total, what) }.run()
    progress.end()
    let refused = outcome.bundle.description.training.refused
    guard isFirst else { if refused.isEmpty { return } else { throw ExitCode(2) } }
    for evaluation in outcome.evaluations { try show(evaluation) }
    if let leftOut = outcome.bundle.description.training.leftOut {
      if shared.json { try Output.json(["leftOut": leftOut]) } else { leftOut.lines.forEach(Output.line) }
    }
    let record = outcome.bundle.description.training
    if let dealt = record.dealt {
      Output.note(
        "The manifest names no splits: rows were dealt out \(dealt.parts), what belongs together as a whole; evaluate on "
          + "the same file scores the same rows.")
    } else if outcome.isUndealt {
      Output.note(
        "The manifest names no splits, and its rows hang together too much to be dealt out: all were trained on, and "
          + "nothing tests the bundle.")
    }
    record.audit?.sentences.forEach(Output.note)
    if let honest = record.honest {
      Output.note("Without the rows that are not new:")
      for evaluation in honest { try show(evaluation, honest: true) }
    }
    if let adapter = outcome.bundle.description.adapters?.last, let trained = adapter.trained {
      let share = Double(trained) / Double(outcome.bundle.model.parameterCount + adapter.parameters)
      Output.note(
        "Trained \(trained) values (\(String(format: "%.1f", 100 * share)) %), \(adapter.parameters) of them in "
          + "low-rank pairs on \(adapter.maps) maps; the pairs are in \(options.out)/adapter.")
    }
    for refusal in refused.prefix(20) { Output.note("\(refusal.id): \(refusal.reason)") }
    if refused.count > 20 { Output.note("… and \(refused.count - 20) more rows, named in bundle.json.") }
    Output.note("Wrote \(options.out). The page results.html in it shows how good it is.")
    if !refused.isEmpty { throw ExitCode(2) }
  }

  /// - Parameter honest: whether only rows were scored that no earlier split has.
  private func show(_ evaluation: Evaluation, honest: Bool = false) throws {
    if shared.json {
      let figures = evaluation.withoutMaps
      if honest { try Output.json(["honest": figures]) } else { try Output.json(figures) }
    } else {
      var named = evaluation
      if honest { named.split += ", new rows alone" }
      EvaluationTable.lines(named).forEach(Output.line)
    }
  }

  private func showAudit(_ options: AlignJob.Options, _ progress: Progress, _ isFirst: Bool) throws {
    var options = options
    // Groups in two splits are findings here, not a reason to stop.
    options.allowLeak = true
    let (audit, refused) = try AlignJob(options) { done, total, what in
      progress.report(done, of: total, what)
    }.audit()
    progress.end()
    guard isFirst else { return }
    let record = audit.record
    if shared.json {
      try Output.json(record)
    } else {
      (record.counts.isEmpty ? [record.clean] : record.sentences).forEach(Output.line)
    }
    for refusal in refused.prefix(20) { Output.note("\(refusal.id): \(refusal.reason)") }
    if refused.count > 20 { Output.note("… and \(refused.count - 20) more rows.") }
    if !refused.isEmpty { throw ExitCode(2) }
  }
}
