import Layers
import Tensors
import Training

/// Elastic weight consolidation (Kirkpatrick et al. 2017): weights that matter to what was learned before are held near
/// where they were, by weight / 2 * sum F (w - old)^2 over all of them.
public struct ElasticPenalty: Sendable {
  /// Factor on the sum.
  public var weight: Float
  private let anchors: [String: Anchor]

  private struct Anchor: Sendable {
    var fisher: Tensor
    var old: Tensor
  }

  /// - Parameters:
  ///   - fisher: measured at the old model.
  ///   - model: the old one.
  public init<Heads: Objective>(_ fisher: FisherInformation, at model: AlignedModel<Heads>, weight: Float) {
    self.weight = weight
    anchors = Dictionary(
      uniqueKeysWithValues: model.parameters("").compactMap { name, tensor in
        guard let own = fisher.diagonal[name], own.sumOfSquares > 0 else { return nil }
        return (name, Anchor(fisher: own, old: tensor))
      })
  }

  /// Its value.
  /// - Parameters:
  ///   - parameters: of which any may be new. Where one has grown by rows, its first rows are the old ones.
  ///   - names: of the parameters.
  public func value(_ parameters: [Tensor], names: [String]) -> Float {
    var sum = 0.0
    for (parameter, name) in zip(parameters, names) {
      guard let anchor = anchors[name] else { continue }
      anchor.fisher.withUnsafeFloats { fisher in
        anchor.old.withUnsafeFloats { old in
          parameter.withUnsafeFloats { now in
            for place in old.indices {
              let moved = Double(now[place] - old[place])
              sum += Double(fisher[place]) * moved * moved
            }
          }
        }
      }
    }
    return Float(sum / 2) * weight
  }

  /// Adds its gradient to those of the losses.
  /// - Parameter gradients: one a parameter; nil stays nil where nothing holds the parameter.
  public func add(to gradients: inout [Tensor?], _ parameters: [Tensor], names: [String]) {
    for index in parameters.indices {
      guard let anchor = anchors[names[index]] else { continue }
      var pull = Tensor(zeros: parameters[index].shape)
      pull.withUnsafeMutableFloats { pull in
        anchor.fisher.withUnsafeFloats { fisher in
          anchor.old.withUnsafeFloats { old in
            parameters[index].withUnsafeFloats { now in
              for place in old.indices { pull[place] = weight * fisher[place] * (now[place] - old[place]) }
            }
          }
        }
      }
      if let known = gradients[index] { pull.add(known) }
      gradients[index] = pull
    }
  }
}

extension StepOutcome {
  /// Counts the penalty among the losses and gradients of a step.
  mutating func add(_ penalty: ElasticPenalty, _ parameters: [Tensor], names: [String]) {
    penalty.add(to: &gradients, parameters, names: names)
    losses["elastic"] = penalty.value(parameters, names: names)
    norm = Gradients.norm(gradients)
  }
}
