import ArgumentParser
import Bundles
import Tensors
import Training

struct BenchAlign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align", abstract: "Contrastive training steps of the reference towers.",
    discussion: """
      With --weights and --input another program can do the same work; the losses of all steps are printed to \
      compare. --save-weights writes a file with the names and shapes that --weights takes, all in f32: maps [out, in], \
      towers.patches.weight [out, rows, columns, channels]. --input holds images, f32 [pairs, 224, 224, 3], and \
      tokens, whole numbers [pairs, 64]; the first --batch of them are used in every step.

      Several processes share the work when they are started by MPI: mpirun -np 2 braid bench align --threads 1.
      """)
  @Option(help: "Pairs a step.")
  var batch = 32
  @Option(help: "f32 or bf16.")
  var precision = "f32"
  @Option(help: "File for the weights before the first step.")
  var saveWeights: String?
  @OptionGroup var towers: TowerOptions

  func validate() throws {
    if batch < 2 { throw ValidationError("--batch (\(batch)) must be at least 2.") }
    if ElementType(rawValue: precision) == nil {
      throw ValidationError("--precision (\(precision)) must be f32 or bf16.")
    }
  }

  func run() throws {
    try Processes.run(remedy: "Its own message says why.") { group in
      let count = group?.size ?? 1
      guard batch >= count else {
        throw BundleError(
          path: "--batch", reason: "\(batch) pairs cannot be shared by \(count) processes.",
          remedy: "Start fewer processes, or give a larger batch.")
      }
      let progress = Progress(quiet: towers.shared.quiet || group?.isFirst == false)
      var benchmark = AlignBenchmark(
        batch: batch, steps: towers.steps, precision: ElementType(rawValue: precision) ?? .f32,
        threads: min(towers.shared.threadCount, batch / count), seed: towers.shared.seed)
      (benchmark.weights, benchmark.input) = (towers.weights, towers.input)
      (benchmark.savedWeights, benchmark.group) = (saveWeights, group)
      let result = try benchmark.run { progress.report($0, of: $1, "training the reference towers") }
      progress.end()
      if group?.isFirst ?? true { try Output.json(result, pretty: !towers.shared.json) }
    }
  }
}

struct BenchEncode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode", abstract: "Inference of the reference vision tower.",
    discussion: """
      --weights takes the file that `bench align` takes. --input holds images, f32 [count, 224, 224, 3]: the first \
      --batch are timed, all are embedded for --output and for the agreement with f32; without it, 64 random ones are.
      """)
  @Option(help: "Images a batch.")
  var batch = 1
  @Option(help: "f32, bf16 or int8.")
  var precision = "f32"
  @Option(
    help: "Contrastive training steps on random pairs before the measurement, for the agreement with f32.")
  var trainedSteps = 0
  @Option(help: "File for the embeddings, float32 [images, 256] as numpy reads it.")
  var output: String?
  @OptionGroup var towers: TowerOptions

  func validate() throws {
    if batch < 1 { throw ValidationError("--batch (\(batch)) must be at least 1.") }
    if trainedSteps < 0 { throw ValidationError("--trained-steps (\(trainedSteps)) must be at least 0.") }
    if InferencePrecision(rawValue: precision) == nil {
      throw ValidationError("--precision (\(precision)) must be f32, bf16 or int8.")
    }
  }

  func run() throws {
    let progress = Progress(quiet: towers.shared.quiet)
    var benchmark = EncodeBenchmark(
      batch: batch, steps: towers.steps, precision: InferencePrecision(rawValue: precision) ?? .f32,
      threads: towers.shared.threadCount, seed: towers.shared.seed, trainedSteps: trainedSteps)
    (benchmark.weights, benchmark.input, benchmark.output) = (towers.weights, towers.input, output)
    let result = try benchmark.run { progress.report($0, of: $1, "encoding") }
    progress.end()
    try Output.json(result, pretty: !towers.shared.json)
  }
}
