import ArgumentParser
import Bundles
import Foundation
import Tensors

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures this machine; the work is stated with the figures.",
    subcommands: [BenchAlign.self, BenchEncode.self, BenchDecode.self, BenchStream.self])
}

/// What the two benchmarks of the reference towers share.
struct TowerOptions: ParsableArguments {
  @Option(help: "The towers: reference is the only one.")
  var preset = "reference"
  @Option(help: "Steps that are timed, after two to warm up.")
  var steps = 8
  @Option(help: "Weights to begin with, a safetensors file; drawn at random otherwise.")
  var weights: String?
  @Option(help: "What the towers run on, a safetensors file; drawn at random otherwise.")
  var input: String?
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard preset == "reference" else { throw ValidationError("--preset (\(preset)) must be reference.") }
    guard steps > 0 else { throw ValidationError("--steps (\(steps)) must be at least 1.") }
  }
}

struct BenchDecode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Files, pixels and tensors a second, by format.")
  @Argument(help: "A folder of pictures and clips.")
  var folder: String
  @Option(help: "Side of the tensors in pixels.")
  var side = 224
  @Option(help: "Evenly spaced frames of a clip.")
  var frames = 8
  @Flag(help: "All values as the files store them, at full size, instead of tensors.")
  var stored = false
  @Option(help: "Passes over the folder; rates are those of the median pass.")
  var rounds = 1
  @Option(help: "File for the first tensor, as numpy reads it.")
  var sample: String?
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    if side < 8 { throw ValidationError("--side (\(side)) must be at least 8.") }
    if frames < 1 { throw ValidationError("--frames (\(frames)) must be at least 1.") }
    if rounds < 1 { throw ValidationError("--rounds (\(rounds)) must be at least 1.") }
    if stored && sample != nil { throw ValidationError("--sample is of tensors: leave --stored out.") }
  }

  func run() throws {
    var benchmark = DecodeBenchmark(folder: folder, side: side, threads: shared.threadCount)
    (benchmark.frames, benchmark.stored) = (frames, stored)
    (benchmark.rounds, benchmark.sample) = (rounds, sample)
    let found = try benchmark.run()
    for result in found.results { try Output.json(result, pretty: !shared.json) }
    for error in found.refused { Output.note("\(error)") }
    if !found.refused.isEmpty { throw ExitCode(2) }
  }
}

struct BenchStream: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Megabytes, rows and windows a second of a sensor CSV or a made stream.",
    discussion: """
      One pass with bounded memory over FILE. Every window is made, as float32 [channels, rows] standardised by mean \
      and deviation of the first 10,000 rows, and added up. With --whole the file is read into one array instead.

      With --generate rows of the machine that a bundle knows are made on the way, sent through a pipe and predicted, \
      as braid predict - would; with --rate so many a second, which tells the time from a row to its prediction.
      """)
  @Argument(help: "A sensor CSV; none with --generate.")
  var file: String?
  @Option(help: "Rows of a window.")
  var window = 64
  @Option(help: "Rows from one window to the next.")
  var stride = 16
  @Flag(help: "Read everything into one array, float32 [rows, channels], and make no windows.")
  var whole = false
  @Option(help: "Make and predict so much text, such as 100MB or 10GB.")
  var generate: String?
  @Option(help: "With --generate: rows sent a second; by default as many as are taken.")
  var rate: Double?
  @Option(
    help: "With --generate: all, alarms or none; windows for which the share of each sensor is found out.")
  var contributions = FaultPipeline.Contributions.all
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    if window < 1 || stride < 1 { throw ValidationError("--window and --stride must be at least 1.") }
    if (file == nil) == (generate == nil) { throw ValidationError("Name a file, or a size with --generate.") }
    if generate != nil, bytes == nil {
      throw ValidationError("--generate must be a size such as 100MB or 10GB.")
    }
    if let rate, rate <= 0 || generate == nil {
      throw ValidationError("--rate (\(rate)) must be above 0 and belongs to --generate.")
    }
  }

  func run() throws {
    if let bytes {
      var benchmark = PredictBenchmark(bundle: try bundle.load(), bytes: bytes)
      (benchmark.rate, benchmark.every, benchmark.threads) = (rate, stride, shared.threadCount)
      benchmark.contributions = contributions
      return try Output.json(benchmark.run(), pretty: !shared.json)
    }
    var benchmark = StreamBenchmark(path: file ?? "", window: window, stride: stride)
    (benchmark.whole, benchmark.threads) = (whole, shared.threadCount)
    try Output.json(benchmark.run(), pretty: !shared.json)
  }

  private var bytes: Int? {
    guard let generate else { return nil }
    for (unit, size) in [("KB", 1e3), ("MB", 1e6), ("GB", 1e9)] where generate.uppercased().hasSuffix(unit) {
      guard let number = Double(generate.dropLast(2)), number > 0, number * size < 1e15 else { return nil }
      return Int(number * size)
    }
    return nil
  }
}
