import Layers
import Tensors
import Training

/// From evidence to the chance that a head is right: two layers, trained on inputs whose answers are known,
/// whole and damaged.
public struct TrustNetwork: Layer {
  var expand: Linear
  var contract: Linear

  private static let hidden = 16

  /// With fresh weights, so that its answers mean nothing; see `trained`.
  public init(using rng: inout some RandomNumberGenerator) {
    expand = Linear(Evidence.count, to: TrustNetwork.hidden, using: &rng)
    contract = Linear(TrustNetwork.hidden, to: 1, using: &rng)
  }

  /// Chance between 0 and 1.
  public func trust(_ evidence: Evidence) -> Float {
    let tape = Tape(.inference)
    return tape.sigmoid(logits([evidence], on: tape)).floats()[0]
  }

  private func logits(_ evidence: [Evidence], on tape: Tape) -> Tensor {
    let x = Tensor(evidence.flatMap(\.values), shape: [evidence.count, Evidence.count])
    return tape.reshape(contract(expand(x, on: tape, activation: .gelu), on: tape), [evidence.count])
  }

  /// Learns from inputs and whether the head was right on each (share 0 to 1).
  /// - Returns: the trained network; full batches, 400 steps of AdamW.
  public static func trained(
    on examples: [(evidence: Evidence, right: Float)], seed: UInt64
  ) -> TrustNetwork {
    var rng = SeededGenerator(seed: seed)
    var network = TrustNetwork(using: &rng)
    guard !examples.isEmpty else { return network }
    var optimiser = AdamW(weightDecay: 0.01)
    let wanted = Tensor(examples.map(\.right), shape: [examples.count])
    let schedule = LearningRateSchedule(peak: 0.02, warmup: 20, total: 400)
    for step in 0..<400 {
      let tape = Tape(.training)
      network.watch(on: tape)
      let loss = tape.binaryCrossEntropy(
        network.logits(examples.map(\.evidence), on: tape), targets: wanted, weights: nil)
      tape.backward(from: loss)
      let parameters = network.parameters("").map(\.tensor)
      network = network.replacing(
        with: optimiser.update(
          parameters, gradients: parameters.map { tape.gradient(of: $0) },
          learningRate: Float(schedule.rate(at: step))))
    }
    return network
  }

  /// Visits every parameter by its name: `expand` and `contract`.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try expand.walk("\(prefix).expand", &visitor)
    try contract.walk("\(prefix).contract", &visitor)
  }
}
