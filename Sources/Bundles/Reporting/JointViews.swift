import Alignment
import Encoders
import Layers
import Training

/// Encodes the views of a study together where the bundle learned to and validation found it no worse.
struct JointViews: Sendable {
  var bundle: ModelBundle

  /// What several inputs of a study say as one examination.
  struct Answer: Sendable {
    /// Places of the inputs in the study, and their pictures in the same order.
    var parts: [Int], views: [Picture]
    var encoded: Encoded
    var logits: [Float]
  }

  /// More views than this are seldom of one examination's kind; those of the greatest weight are taken.
  private static let most = 4

  /// - Parameter members: inputs of the task with their weights.
  /// - Returns: nil where views are answered one by one, or fewer than two pictures count.
  func answer(_ task: Int, _ members: [(part: Int, weight: Float)], _ parts: [StudyPart]) -> Answer? {
    guard bundle.description.kinds[task].contains(.views),
      bundle.description.views?.first(where: { $0.task == task })?.prefersTogether ?? true
    else { return nil }
    let pictures = members.compactMap { member -> (part: Int, weight: Float, picture: Picture)? in
      guard member.weight > 0, case .image(let picture)? = parts[member.part].routed?.sample.input else {
        return nil
      }
      return (member.part, member.weight, picture)
    }
    let chosen = pictures.sorted { ($0.weight, $1.part) > ($1.weight, $0.part) }.prefix(JointViews.most)
      .sorted { $0.part < $1.part }
    guard chosen.count > 1 else { return nil }
    let (encoded, prediction) = bundle.encode(
      Sample(
        id: "", group: nil, input: .views(chosen.map(\.picture)), task: task, labels: nil, target: nil,
        texts: [], inputKey: ""))
    return Answer(
      parts: chosen.map(\.part), views: chosen.map(\.picture), encoded: encoded, logits: prediction.logits)
  }
}
