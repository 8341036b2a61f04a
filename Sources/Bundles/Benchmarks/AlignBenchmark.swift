import Alignment
import Foundation
import Layers
import Tensors
import Training

/// Training steps of the reference towers on random input, timed one by one.
public struct AlignBenchmark: Sendable {
  /// What was measured.
  public struct Result: Sendable, Codable {
    /// What was computed, in words.
    public var work: String
    /// Of the matrix products: f32 or bf16.
    public var precision: String
    /// Pairs a step.
    public var batch: Int
    /// Steps that were timed.
    public var steps: Int
    /// Threads of a process that share the work.
    public var threads: Int
    /// Processes that share it.
    public var processes: Int
    /// In the fastest step.
    public var pairsPerSecondBest: Double
    /// In the middle step.
    public var pairsPerSecondMedian: Double
    /// Of the last step.
    public var loss: Float
    /// Of every step, those to warm up among them: with the same weights and input, what another program must get too.
    public var losses: [Float]
    /// Largest memory so far, in MiB; of all processes together.
    public var peakRssMb: Int
  }

  /// Pairs a step.
  public var batch: Int
  /// Timed steps, after two to warm up.
  public var steps: Int
  /// Of the matrix products.
  public var precision: ElementType
  /// Threads that share the work.
  public var threads: Int
  /// Of weights and inputs.
  public var seed: UInt64
  /// Sizes of the towers.
  public var shape = TowerShape.reference
  /// Safetensors file of the weights to begin with; drawn from `seed` if nil.
  public var weights: String?
  /// Safetensors file of `images` and `tokens`, whose first `batch` are taken; drawn from `seed` if nil.
  public var input: String?
  /// File for the weights before the first step; nil to write none.
  public var savedWeights: String?
  /// The processes that share the work; nil for one.
  public var group: ProcessGroup?

  /// - Parameters:
  ///   - batch: pairs a step.
  ///   - steps: timed steps, after two to warm up.
  public init(batch: Int, steps: Int, precision: ElementType, threads: Int, seed: UInt64) {
    (self.batch, self.steps, self.precision) = (batch, steps, precision)
    (self.threads, self.seed) = (threads, seed)
  }

  private typealias Pair = TowerEmbeddings

  /// Two steps to warm up, then `steps` that count.
  /// - Throws: `SafetensorsError` or `BundleError` for files that do not fit, `TrainingError` where another process
  ///   cannot be reached, `WritingError`.
  public func run(progress: (Int, Int) -> Void) throws -> Result {
    var times: [Double] = [], losses: [Float] = [], start = Date()
    _ = try train(steps + 2) { index, latest in
      let now = Date()
      if index > 2 { times.append(now.timeIntervalSince(start)) }
      losses.append(latest)
      start = now
      progress(index, steps + 2)
    }
    times.sort()
    return Result(
      work:
        "One contrastive training step of the reference towers (vision transformer 224/16, width 192, depth 12; "
        + "text 64 tokens, depth 4), AdamW, \(input == nil ? "random input" : "input of a file").",
      precision: precision.rawValue, batch: batch, steps: steps, threads: threads,
      processes: group?.size ?? 1,
      pairsPerSecondBest: Double(batch) / times[0],
      pairsPerSecondMedian: Double(batch) / times[times.count / 2], loss: losses.last ?? 0,
      losses: losses, peakRssMb: try group.map(PeakMemory.together) ?? PeakMemory.megabytes)
  }

  /// The towers after `steps` steps.
  func trained(progress: (Int, Int) -> Void) throws -> ReferenceTowers {
    try train(steps) { index, _ in progress(index, steps) }
  }

  /// - Parameter done: told the number of each step, from 1, and its loss.
  private func train(_ steps: Int, done: (Int, Float) -> Void) throws -> ReferenceTowers {
    let team = ReplicaTeam(threads, group: group)
    var model = ReferenceTowers(shape, seed: seed)
    if let weights { model = try TowerWeights.read(weights, into: model) }
    if let savedWeights, group?.isFirst ?? true { try TowerWeights.write(model, to: savedWeights) }
    let taken =
      try input.map { try TowerInput(path: $0, of: shape, texts: true).first(batch, from: $0) }
      ?? TowerInput(random: batch, of: shape, seed: seed)
    var optimiser = AdamW(weightDecay: 0.05, beta2: 0.999, decaysVectors: true)
    for index in 0..<steps {
      done(index + 1, try step(&model, &optimiser, taken.images, taken.ids, on: team))
    }
    return model
  }

  private func step(
    _ model: inout ReferenceTowers, _ optimiser: inout AdamW, _ images: Tensor, _ ids: [Int],
    on team: ReplicaTeam
  ) throws -> Float {
    var (gradients, loss) = try outcomes(model, images, ids, on: team)
    var sums = try Gradients.sum(&gradients, on: team).sums
    if let group { try group.sum(&sums, shapes: model.parameters("").map(\.tensor.shape)) }
    try optimiser.update(&model, gradients: sums, learningRate: 1e-4, on: team)
    return loss
  }

  private func outcomes(
    _ model: ReferenceTowers, _ images: Tensor, _ ids: [Int], on team: ReplicaTeam
  ) throws -> (gradients: [[Tensor?]], loss: Float) {
    let (batch, precision, replicas, width) = (batch, precision, team.total, shape.embedding)
    let earlier = (group?.rank ?? 0) * team.count
    var exchange: (@Sendable ([Pair]) throws -> [Pair])?
    if let group { exchange = { try $0.exchanged(in: group, batch: batch, width: width) } }
    let meeting = Meeting<Pair>(team.count, exchange: exchange)
    let outcomes = try team.run { index in
      try AlignBenchmark.share(
        model, images, ids, batch: batch, index: index, replica: earlier + index, of: replicas,
        precision: precision, meeting)
    }
    return (outcomes.map(\.gradients), outcomes[0].loss)
  }

  private struct Outcome: Sendable {
    var gradients: [Tensor?]
    var loss: Float
  }

  private static func share(
    _ model: ReferenceTowers, _ images: Tensor, _ ids: [Int], batch: Int, index: Int, replica: Int,
    of replicas: Int, precision: ElementType, _ meeting: Meeting<Pair>
  ) throws -> Outcome {
    let rows = batch * replica / replicas..<batch * (replica + 1) / replicas
    let length = model.shape.textTokens
    let tape = Tape(.training, precision: precision)
    model.watch(on: tape)
    // As a training does it.
    func inParts(_ tokens: Int, _ encode: (_ first: Int, _ count: Int) -> Tensor) -> Tensor {
      let parts = TowerParts.ranges(of: rows.count, tokens: tokens).map {
        encode(rows.lowerBound + $0.lowerBound, $0.count)
      }
      return parts.count == 1 ? parts[0] : tape.concatenate(parts, axis: 0)
    }
    let mine = Pair(
      images: inParts(model.shape.patches) { first, count in
        model.images(tape.slice(images, axis: 0, from: first, count: count), on: tape)
      },
      texts: inParts(length) { first, count in
        model.texts(Array(ids[first * length..<(first + count) * length]), on: tape)
      })
    let all = try meeting.gather(mine, from: index)
    func joined(_ part: KeyPath<Pair, Tensor>) -> Tensor {
      tape.concatenate(
        all.enumerated().map {
          $0.offset == replica ? mine[keyPath: part] : tape.detached($0.element[keyPath: part])
        }, axis: 0)
    }
    let positives = (0..<batch * batch).map { $0 / batch == $0 % batch }
    let loss = ContrastiveLoss.infoNCE(
      inputs: joined(\.images), texts: joined(\.texts), positives: positives,
      logScale: replica == 0 ? model.scale : tape.detached(model.scale), bias: Tensor.scalar(0), on: tape)
    tape.backward(from: loss)
    return Outcome(
      gradients: model.parameters("").map { tape.gradient(of: $0.tensor) }, loss: loss.floats()[0])
  }
}

/// The most memory that this process has held.
public enum PeakMemory {
  /// Peak resident set in MiB.
  public static var megabytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  /// The sum over processes.
  static func together(_ group: ProcessGroup) throws -> Int {
    var all = [Float(megabytes)]
    try group.sum(&all)
    return Int(all[0])
  }
}
