import Alignment
import Foundation
import Tensors

/// Labels that a bundle never saw, known by their texts alone (zero-shot; Radford et al. 2021).
///
/// An answer is the cosine of an input's place to the mean place of a label's texts, at the scale that the contrastive
/// loss learned. Nothing of it is calibrated.
public struct ZeroShotLabels: Sendable {
  /// As the file writes them, in its order.
  public let labels: [String]
  /// Of each label.
  public let texts: [[String]]
  /// Unit length: `[label][embedding]`.
  private let places: [[Float]]
  private let scale: Float
  /// Of the sigmoid loss; nil where the bundle learned by comparing texts with each other.
  private let bias: Float?

  /// What a person must know of every such answer.
  public static let notice =
    "Zero-shot: these answers come from the labels' texts alone and are not calibrated."

  /// - Parameters:
  ///   - texts: from `--labels-file`.
  ///   - task: leaves out texts that stand for other tasks; nil for all.
  /// - Throws: `BundleError` for a bundle without text, and where no text is left.
  public init(_ texts: LabelTexts, bundle: ModelBundle, task: String? = nil) throws {
    guard bundle.tokenizer != nil, bundle.model.text != nil else {
      throw BundleError(
        path: bundle.path,
        reason: "The bundle \(bundle.description.name) has no text encoder and cannot be asked in words.",
        remedy: "Name a bundle that was trained with labels or texts, or leave --labels-file out.")
    }
    var labels: [String] = []
    for entry in texts.entries where !labels.contains(entry.label) {
      if !texts.texts(of: entry.label, task: task).isEmpty { labels.append(entry.label) }
    }
    guard !labels.isEmpty else {
      throw BundleError(
        path: "--labels-file", reason: "No text stands for the task “\(task ?? "")”.",
        remedy: "Leave the column task empty, or write this task there.")
    }
    self.labels = labels
    self.texts = labels.map { texts.texts(of: $0, task: task) }
    places = self.texts.map { own in
      ZeroShotLabels.direction(bundle.predictor.embed(texts: own.map { bundle.tokens($0) }))
    }
    scale = expf(bundle.model.logScale.floats()[0])
    bias = bundle.description.training.contrast == .sigmoid ? bundle.model.bias.floats()[0] : nil
  }

  /// Refuses a single label where answers are shares among all that is asked for: it would get all of it.
  /// - Throws: `BundleError`.
  public func requireComparison() throws {
    guard labels.count < 2 else { return }
    throw BundleError(
      path: "--labels-file", reason: "“\(labels[0])” stands alone, with nothing to be compared with.",
      remedy: "Describe at least one more label, such as the normal state.")
  }

  /// Whether every label has a probability of its own, and not a share among all that is asked for.
  public var isIndependent: Bool { bias != nil }

  /// Cosines of an input's place, unit length, to every label.
  public func similarities(_ embedding: [Float]) -> [Float] {
    places.map { place in zip(place, embedding).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Cosines at the contrastive scale: before softmax.
  public func logits(_ embedding: [Float]) -> [Float] { logits(similarities: similarities(embedding)) }

  func logits(similarities: [Float]) -> [Float] { similarities.map { $0 * scale } }

  /// Softmax over the labels.
  public func shares(_ logits: [Float]) -> [Float] {
    let top = logits.max() ?? 0
    let parts = logits.map { expf($0 - top) }, sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// One probability a label by the sigmoid loss; shares where the bundle was not trained with it.
  public func probabilities(_ logits: [Float]) -> [Float] {
    guard let bias else { return shares(logits) }
    return logits.map { 1 / (1 + expf(-($0 + bias))) }
  }

  /// The direction of the mean.
  private static func direction(_ places: [[Float]]) -> [Float] {
    var sum = [Float](repeating: 0, count: places.first?.count ?? 0)
    for place in places { for index in sum.indices { sum[index] += place[index] } }
    let length = max(1e-12, sum.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return sum.map { $0 / length }
  }
}
