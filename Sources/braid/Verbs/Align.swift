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

  @Argument(help: "A CSV of examples; see README for its columns.")
  var manifest: String
  @Option(help: "Folder of the bundle to write.")
  var out: String
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
  @Flag(help: "Replace an existing bundle.")
  var force = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
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

  private func adaptation() throws -> LowRankAdaptation? {
    do {
      return try lora.map { try LowRankAdaptation($0) }
    } catch let error as RecipeTextError {
      throw ValidationError("--lora: \(error).")
    }
  }

  func run() throws { try Processes.run(run(in:)) }

  private func run(in group: ProcessGroup?) throws {
    var options = AlignJob.Options(manifest: manifest, out: out, threads: shared.threadCount)
    options.group = group
    (options.labels, options.recipe, options.from, options.epochs) = (labels, recipe, from, epochs)
    options.lora = try adaptation()
    options.leaveOut = (leaveOut ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    options.precision = precision.flatMap { ElementType(rawValue: $0) }
    (options.seed, options.allowLeak) = (shared.seed, allowLeak)
    (options.resume, options.force) = (resume, force)
    let isFirst = group?.isFirst ?? true
    let progress = Progress(quiet: shared.quiet || !isFirst)
    let outcome = try AlignJob(options) { done, total, what in progress.report(done, of: total, what) }.run()
    progress.end()
    let refused = outcome.bundle.description.training.refused
    guard isFirst else { if refused.isEmpty { return } else { throw ExitCode(2) } }
    for evaluation in outcome.evaluations { try show(evaluation) }
    if let leftOut = outcome.bundle.description.training.leftOut {
      if shared.json { try Output.json(["leftOut": leftOut]) } else { leftOut.lines.forEach(Output.line) }
    }
    if !outcome.leakedGroups.isEmpty {
      Output.note("\(outcome.leakedGroups.count) groups stand in two splits; without their rows:")
      for evaluation in outcome.withoutLeaks { try show(evaluation) }
    }
    if let adapter = outcome.bundle.description.adapters?.last, let trained = adapter.trained {
      let share = Double(trained) / Double(outcome.bundle.model.parameterCount + adapter.parameters)
      Output.note(
        "Trained \(trained) values (\(String(format: "%.1f", 100 * share)) %), \(adapter.parameters) of them in "
          + "low-rank pairs on \(adapter.maps) maps; the pairs are in \(out)/adapter.")
    }
    for refusal in refused.prefix(20) { Output.note("\(refusal.id): \(refusal.reason)") }
    if refused.count > 20 { Output.note("… and \(refused.count - 20) more rows, named in bundle.json.") }
    Output.note("Wrote \(out). The page results.html in it shows how good it is.")
    if !refused.isEmpty { throw ExitCode(2) }
  }

  private func show(_ evaluation: Evaluation) throws {
    if shared.json {
      try Output.json(evaluation.withoutMaps)
    } else {
      EvaluationTable.lines(evaluation).forEach(Output.line)
    }
  }
}
