import Foundation
import Layers
import Tensors
import Training

/// How much each weight matters to what a model says of some rows: the diagonal of the Fisher information, the mean over
/// the rows of the expected square of the gradient of log p(answer | row), the answer drawn from what the model itself
/// says (Kirkpatrick et al. 2017, "Overcoming catastrophic forgetting in neural networks").
public struct FisherInformation: Sendable {
  /// Of every parameter by its name, in its shape; never negative. Zero where the heads' answers do not depend on it, as
  /// on a text encoder.
  public let diagonal: [String: Tensor]

  /// Answers less likely than this are left out of the expectation: they add less than a thousandth of it.
  private static let leastShare: Float = 1e-3

  /// - Parameters:
  ///   - model: without dropout, which would be chance in the measure.
  ///   - samples: rows of the old tasks.
  ///   - tasks: by the samples' task indices.
  public init<Heads: Objective>(
    of model: AlignedModel<Heads>, _ samples: [Sample], tasks: [LabelTask], builder: BatchBuilder,
    on team: ReplicaTeam
  ) throws {
    let parameters = model.parameters("")
    let count = team.count
    let parts = try team.run { replica in
      var sums = parameters.map { [Float](repeating: 0, count: $0.tensor.count) }
      for index in samples.count * replica / count..<samples.count * (replica + 1) / count {
        Self.add(
          samples[index], tasks[samples[index].task], model, parameters.map(\.tensor), builder, to: &sums)
      }
      return sums
    }
    let rows = Float(max(1, samples.count))
    diagonal = Dictionary(
      uniqueKeysWithValues: parameters.enumerated().map { index, parameter in
        let values = (0..<parameter.tensor.count).map { place in
          parts.reduce(Float(0)) { $0 + $1[index][place] } / rows
        }
        return (parameter.name, Tensor(values, shape: parameter.tensor.shape))
      })
  }

  /// Adds the squares of one row.
  private static func add<Heads: Objective>(
    _ sample: Sample, _ task: LabelTask, _ model: AlignedModel<Heads>, _ parameters: [Tensor],
    _ builder: BatchBuilder, to sums: inout [[Float]]
  ) {
    func answers(_ tape: Tape) -> Answers {
      var unused = SeededGenerator(seed: 0)
      let batch = builder.build([sample], augmenting: false, using: &unused)
      return model.heads.answers(model.encode(batch, on: tape, using: &unused), task: sample.task, on: tape)
    }
    let said = answers(Tape(.inference))
    func walk(_ output: (Answers) -> Tensor?, _ gradient: [Float]) {
      let tape = Tape(.training)
      model.watch(on: tape)
      guard let output = output(answers(tape)) else { return }
      tape.backward(from: [(output, Tensor(gradient, shape: output.shape))])
      for (index, parameter) in parameters.enumerated() {
        tape.gradient(of: parameter)?.withUnsafeFloats { slopes in
          for place in slopes.indices { sums[index][place] += slopes[place] * slopes[place] }
        }
      }
    }
    if let logits = said.logits?.floats() {
      for gradient in directions(task, logits) { walk(\.logits, gradient) }
    }
    // A standardised number is taken as normal with deviation 1: the slope of its logarithm is as likely 1 as -1 away.
    if said.values != nil { walk(\.values, [1]) }
  }

  /// Gradients of the logits whose squares, walked back and added up, are the expectation over the answers.
  private static func directions(_ task: LabelTask, _ logits: [Float]) -> [[Float]] {
    let shares = Evaluator.plain(task, logits)
    return shares.indices.compactMap { label in
      let share = shares[label]
      if task.exclusive {
        guard share >= leastShare else { return nil }
        return shares.indices.map { share.squareRoot() * (shares[$0] - ($0 == label ? 1 : 0)) }
      }
      let spread = share * (1 - share)
      guard spread >= leastShare else { return nil }
      return shares.indices.map { $0 == label ? spread.squareRoot() : 0 }
    }
  }
}
