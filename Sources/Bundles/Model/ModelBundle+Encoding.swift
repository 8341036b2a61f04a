import Alignment
import Layers
import Tensors

extension ModelBundle {
  /// Tokens and prediction of one sample, on the calling thread.
  public func encode(_ sample: Sample) -> (encoded: Encoded, prediction: Prediction) {
    let tape = Tape(.inference, precision: precision.tape)
    var unused = SeededGenerator(seed: 0)
    let predictor = predictor
    let encoded = model.encode(
      predictor.builder.build([sample], augmenting: false, using: &unused), on: tape, using: &unused)
    let answers = model.heads.answers(encoded, task: sample.task, on: tape)
    let prediction = Prediction(
      logits: answers.logits?.floats() ?? [], value: answers.values?.floats().first,
      embedding: model.embed(encoded, kind: sample.input.kind, on: tape).floats())
    return (encoded, predictor.joined(prediction, sample.input, task: sample.task))
  }
}
