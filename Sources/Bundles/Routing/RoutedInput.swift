import Alignment
import Layers
import Selector

/// An input with the task that it fits best, and what the model says of it there.
public struct RoutedInput: Sendable {
  public var source: ModelInput
  /// The input as it was encoded; its task is the chosen one.
  public var sample: Sample
  public var encoded: Encoded
  public var prediction: Prediction
  public var candidate: Candidate
  /// Training inputs that lie nearest, nearest first.
  public var nearest: [(id: String, distance: Float)]
  /// Distance from training data in units of the usual one, for every task that could take the input, in the
  /// order of the tasks.
  public var strangeness: [(task: String, strangeness: Float)]
}
