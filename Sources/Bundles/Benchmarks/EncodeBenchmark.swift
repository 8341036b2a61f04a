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
    /// Of the matrix products: f32 or bf16.
    public var precision: String
    /// Images a step.
    public var batch: Int
    /// Threads that share the work.
    public var threads: Int
    /// Of all timed steps together.
    public var imagesPerSecond: Double
    /// Median time of a step in milliseconds.
    public var p50Ms: Double
    /// 95th percentile of it.
    public var p95Ms: Double
    /// Least cosine between an embedding and that of f32.
    public var cosineToF32: Float
    /// Largest memory of the process so far, in MiB.
    public var peakRssMb: Int
  }

  /// Images a step.
  public var batch: Int
  /// Timed steps, after two to warm up.
  public var steps: Int
  /// Of the matrix products.
  public var precision: ElementType
  /// Threads that share the work.
  public var threads: Int
  /// Of weights and images.
  public var seed: UInt64

  /// - Parameters:
  ///   - batch: images a step.
  ///   - steps: timed steps, after two to warm up.
  public init(batch: Int, steps: Int, precision: ElementType, threads: Int, seed: UInt64) {
    (self.batch, self.steps, self.precision) = (batch, steps, precision)
    (self.threads, self.seed) = (threads, seed)
  }

  /// Two batches to warm up, then `steps` that count. Each thread encodes batches of its own.
  public func run(progress: (Int, Int) -> Void) throws -> Result {
    let model = ReferenceTowers(seed: seed)
    let team = ReplicaTeam(threads)
    let (batch, steps, seed) = (batch, steps, seed), precision = precision
    let side = ReferenceTowers.side
    var rng = SeededGenerator(seed: seed).split(2)
    let images = Tensor(
      (0..<batch * side * side * 3).map { _ in rng.normal() }, shape: [batch, side, side, 3])
    let start = Date()
    let times = try team.run { _ -> [Double] in
      var times: [Double] = []
      for _ in 0..<steps + 2 {
        let start = Date()
        _ = model.images(images, on: Tape(.inference, precision: precision)).floats()
        times.append(Date().timeIntervalSince(start))
      }
      return Array(times.dropFirst(2))
    }
    progress(1, 1)
    let each = times.joined().sorted()
    let total = times.map { $0.reduce(0, +) }.max() ?? Date().timeIntervalSince(start)
    let ours = model.images(images, on: Tape(.inference, precision: precision)).floats()
    let exact = model.images(images, on: Tape(.inference)).floats()
    let width = ReferenceTowers.embedding
    var cosine: Float = 1
    for row in 0..<batch {
      var product: Float = 0
      for place in row * width..<(row + 1) * width { product += ours[place] * exact[place] }
      cosine = min(cosine, product)
    }
    return Result(
      work:
        "The reference vision tower (224/16, width 192, depth 12) on random images, each thread by itself.",
      precision: precision.rawValue, batch: batch, threads: threads,
      imagesPerSecond: Double(batch * steps * team.count) / total, p50Ms: each[each.count / 2] * 1000,
      p95Ms: each[Int(Double(each.count - 1) * 0.95)] * 1000, cosineToF32: cosine,
      peakRssMb: PeakMemory.megabytes)
  }
}
