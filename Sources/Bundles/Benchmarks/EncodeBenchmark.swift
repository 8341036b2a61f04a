import Alignment
import Decoders
import Files
import Foundation
import Layers
import Tensors
import Training

/// Inference of the reference vision tower on random images.
public struct EncodeBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable, Codable {
    /// What was computed, in words.
    public var work: String
    /// Of the large products.
    public var precision: String
    /// Images a step.
    public var batch: Int
    /// Threads, each of which encodes batches of its own.
    public var threads: Int
    /// Of all timed steps of all threads together.
    public var imagesPerSecond: Double
    /// Median time of one step on one thread, the others being busy too, in milliseconds.
    public var p50Ms: Double
    /// 95th percentile of it.
    public var p95Ms: Double
    /// Least cosine between an embedding and that of f32, over 64 random images or all those of a file.
    public var cosineToF32: Float
    /// Mean cosine after the mean of the f32 embeddings is taken away from both: embeddings of a tower that has
    /// learned little are nearly parallel, which flatters the plain cosine.
    public var centredCosineToF32: Float
    /// The vision tower's weights as this precision keeps them, in millions of bytes.
    public var modelMb: Double
    /// Contrastive training steps that the tower has had.
    public var trainedSteps: Int
    /// Largest memory of the process so far, in MiB.
    public var peakRssMb: Int
  }

  /// Images a step.
  public var batch: Int
  /// Timed steps, after two to warm up.
  public var steps: Int
  /// Of the large products.
  public var precision: InferencePrecision
  /// Threads that share the work.
  public var threads: Int
  /// Of weights and images.
  public var seed: UInt64
  /// Contrastive training steps before the measurement.
  public var trainedSteps: Int
  /// Sizes of the towers.
  public var shape = TowerShape.reference
  /// Safetensors file of the weights of both towers; drawn from `seed` if nil.
  public var weights: String?
  /// Safetensors file of `images`, which are embedded instead of random ones.
  public var input: String?
  /// File for the embeddings, `[images, width]` as numpy reads them; nil to write none.
  public var output: String?

  /// - Parameters:
  ///   - batch: images a step.
  ///   - steps: timed steps, after two to warm up.
  ///   - trainedSteps: contrastive training steps on random pairs before the measurement.
  public init(
    batch: Int, steps: Int, precision: InferencePrecision, threads: Int, seed: UInt64, trainedSteps: Int = 0
  ) {
    (self.batch, self.steps, self.precision) = (batch, steps, precision)
    (self.threads, self.seed, self.trainedSteps) = (threads, seed, trainedSteps)
  }

  /// Two batches to warm up, then `steps` that count. Each thread encodes batches of its own.
  /// - Throws: `SafetensorsError` or `BundleError` for files that do not fit, `WritingError`.
  public func run(progress: (Int, Int) -> Void) throws -> Result {
    let exact = try towers(progress)
    let all = try input.map { try TowerInput(path: $0, of: shape, texts: false) }
    let model = precision == .int8 ? exact.rounded() : exact
    let team = ReplicaTeam(threads)
    let (steps, tape) = (steps, precision.tape)
    let images =
      try input.flatMap { path in try all?.first(batch, from: path).images } ?? randomImages(batch, part: 2)
    // As a prediction does it.
    let slicing = Tape(.inference)
    let parts = TowerParts.ranges(of: batch, tokens: shape.patches).map {
      slicing.slice(images, axis: 0, from: $0.lowerBound, count: $0.count)
    }
    let times = try team.run { _ -> [Double] in
      var times: [Double] = []
      for _ in 0..<steps + 2 {
        let start = Date()
        for part in parts { _ = model.images(part, on: Tape(.inference, precision: tape)).floats() }
        times.append(Date().timeIntervalSince(start))
      }
      return Array(times.dropFirst(2))
    }
    progress(1, 1)
    let each = times.joined().sorted()
    let total = times.map { $0.reduce(0, +) }.max() ?? 0
    let peak = PeakMemory.megabytes
    let (worst, centred) = try agreement(model, exact, all?.images, on: team)
    return Result(
      work:
        "The reference vision tower (224/16, width 192, depth 12) on \(input == nil ? "random" : "a file's") images, "
        + "each thread by itself.",
      precision: precision.rawValue, batch: batch, threads: threads,
      imagesPerSecond: Double(batch * steps * team.count) / total, p50Ms: each[each.count / 2] * 1000,
      p95Ms: each[Int(Double(each.count - 1) * 0.95)] * 1000, cosineToF32: worst, centredCosineToF32: centred,
      modelMb: model.visionBytes(tape) / 1e6, trainedSteps: trainedSteps, peakRssMb: peak)
  }

  private func towers(_ progress: (Int, Int) -> Void) throws -> ReferenceTowers {
    if trainedSteps > 0 {
      var training = AlignBenchmark(
        batch: 32, steps: trainedSteps, precision: .f32, threads: threads, seed: seed)
      (training.shape, training.weights) = (shape, weights)
      return try training.trained(progress: progress)
    }
    let fresh = ReferenceTowers(shape, seed: seed)
    return try weights.map { try TowerWeights.read($0, into: fresh) } ?? fresh
  }

  private func randomImages(_ count: Int, part: Int) -> Tensor {
    let side = shape.side
    var rng = SeededGenerator(seed: seed).split(part)
    return Tensor(
      (0..<count * side * side * 3).map { _ in rng.normal() }, shape: [count, side, side, 3])
  }

  /// Least and mean centred cosine of the embeddings of `images`, or of 64 random ones; writes them to `output`.
  private func agreement(
    _ model: ReferenceTowers, _ exact: ReferenceTowers, _ images: Tensor?, on team: ReplicaTeam
  ) throws -> (worst: Float, centred: Float) {
    let tape = precision.tape
    let pairs = try team.map(images?.shape[0] ?? 64) { index -> ([Float], [Float]) in
      let image =
        images.map { Tape(.inference).slice($0, axis: 0, from: index, count: 1) }
        ?? randomImages(1, part: 100 + index)
      return (
        model.images(image, on: Tape(.inference, precision: tape)).floats(),
        exact.images(image, on: Tape(.inference)).floats()
      )
    }
    if let output {
      let rows = NPYWriter.encode(pairs.flatMap(\.0), shape: [pairs.count, shape.embedding])
      try AtomicFile.write(rows, to: output)
    }
    var mean = [Float](repeating: 0, count: shape.embedding)
    for (_, row) in pairs { for place in mean.indices { mean[place] += row[place] / Float(pairs.count) } }
    func cosine(_ a: [Float], _ b: [Float]) -> Float {
      var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
      for (x, y) in zip(a, b) { (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y) }
      return ab / (aa * bb).squareRoot()
    }
    func centred(_ row: [Float]) -> [Float] { zip(row, mean).map { $0 - $1 } }
    return (
      pairs.map { cosine($0, $1) }.min() ?? 1,
      pairs.map { cosine(centred($0), centred($1)) }.reduce(0, +) / Float(pairs.count)
    )
  }
}
