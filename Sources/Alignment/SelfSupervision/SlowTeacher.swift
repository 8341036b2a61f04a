import Foundation
import Layers
import Tensors
import Training

/// The slow average of the weights as a teacher of rows without label: what it answers to the plain input is what the
/// model in training is to answer to the augmented one (Tarvainen and Valpola 2017, "Mean teachers").
public struct SlowTeacher<Heads: Objective>: Sendable {
  /// With the averaged weights.
  var model: AlignedModel<Heads>
  /// What turns samples into batches.
  var builder: BatchBuilder
  /// What is asked of the rows.
  var task: LabelTask
  /// Of the matrix products.
  var precision: ElementType
  /// An answer to a question with one right label counts from this probability on.
  var confidence: Float

  /// - Parameters:
  ///   - model: with the averaged weights.
  ///   - task: what is asked of the rows.
  ///   - confidence: an answer to a question with one right label counts from this probability on.
  public init(
    model: AlignedModel<Heads>, builder: BatchBuilder, task: LabelTask, precision: ElementType,
    confidence: Float
  ) {
    (self.model, self.builder, self.task) = (model, builder, task)
    (self.precision, self.confidence) = (precision, confidence)
  }

  /// Its answers as targets: probabilities of the labels and standardised numbers, nil for rows that know their own, and
  /// for answers that are not sure enough.
  /// - Parameter samples: of one stream.
  /// - Returns: nil where it has nothing to say.
  public func targets(_ samples: [Sample]) -> BatchTargets? {
    let bare = samples.indices.filter { !samples[$0].isLabelled }
    guard !bare.isEmpty else { return nil }
    let tape = Tape(.inference, precision: precision)
    var unused = SeededGenerator(seed: 0)
    let encoded = model.encode(
      builder.build(bare.map { samples[$0] }, augmenting: false, using: &unused), on: tape, using: &unused)
    let answers = model.heads.answers(encoded, task: samples[0].task, on: tape)
    var out = BatchTargets(
      task: samples[0].task, labels: samples.map { _ in nil }, values: samples.map { _ in nil },
      texts: samples.map { _ in nil })
    if let logits = answers.logits?.floats() {
      let count = logits.count / bare.count
      for (place, row) in bare.enumerated() {
        out.labels[row] = probabilities(Array(logits[place * count..<(place + 1) * count]))
      }
    }
    if task.target != nil, let values = answers.values?.floats() {
      for (place, row) in bare.enumerated() { out.values[row] = values[place] }
    }
    return out.labels.contains { $0 != nil } || out.values.contains { $0 != nil } ? out : nil
  }

  private func probabilities(_ logits: [Float]) -> [Float]? {
    // A sigmoid that is undecided pulls nowhere by itself; a softmax is asked to be sure.
    guard task.exclusive else { return logits.map { 1 / (1 + expf(-$0)) } }
    let highest = logits.max() ?? 0
    let powers = logits.map { expf($0 - highest) }
    let sum = powers.reduce(0, +)
    let shares = powers.map { $0 / sum }
    return (shares.max() ?? 0) >= confidence ? shares : nil
  }
}
