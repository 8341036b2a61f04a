import Alignment
import Layers
import Selector

/// An input with the task that it fits best, and what the model says of it there.
public struct RoutedInput: Sendable {
  /// As it was read.
  public var source: ModelInput
  /// The input as it was encoded; its task is the chosen one.
  public var sample: Sample
  /// By the bundle's encoder.
  public var encoded: Encoded
  /// Of the task that it resembles most.
  public var prediction: Prediction
  /// What the selector is asked about it.
  public var candidate: Candidate
  /// Training inputs that lie nearest, nearest first.
  public var nearest: [(id: String, distance: Float)]
  /// Distance from training data in units of the usual one, for every task that could take the input, in the
  /// order of the tasks.
  public var strangeness: [(task: String, strangeness: Float)]
}
