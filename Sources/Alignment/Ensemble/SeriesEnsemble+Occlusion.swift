import Encoders
import Training

extension SeriesEnsemble {
  /// As `answer`, for a window as it is and once without each channel: its features at their mean in training, those of
  /// the expansion unknown. The same bits as from such windows one by one, at a fraction of the work.
  /// - Parameters:
  ///   - window: with its features and its expansion.
  ///   - network: the network's answers to the window and to its versions.
  public func answers(
    _ window: SeriesWindow, task: Int, network: [Prediction], configuration: SeriesConfiguration
  ) -> [Prediction] {
    var answers = network
    for part in asked(task, window) {
      let said = members(window, part, configuration: configuration)
      let weights = part.members.map { part.weight($0.kind) }
      for version in answers.indices {
        answers[version] = SeriesEnsemble.join(
          answers[version], part.record.key.question, weight: part.weight(nil),
          temperature: part.temperature(nil), said.map { $0[version] }, weights)
      }
    }
    return answers
  }

  /// What each member says, `[member][version][answer]`.
  private func members(
    _ window: SeriesWindow, _ part: Part, configuration: SeriesConfiguration
  ) -> [[[Float]]] {
    let features = window.features ?? [], expanded = window.expanded ?? []
    let nothing = [Float](repeating: 0, count: features.count)
    let unknown = [Float](repeating: .nan, count: expanded.count)
    return part.members.map { member in
      func row(_ features: [Float], _ expanded: [Float]) -> [Float] {
        EnsembleMember.row(
          member.kind, features: features, expanded: expanded, expansion: part.record.expansion,
          configuration: configuration)
      }
      let said = member.outputs(
        row(features, expanded), other: row(nothing, unknown), parts: window.channels)
      guard let temperature = part.temperature(member.kind) else { return said }
      return said.map {
        SeriesEnsemble.probabilities(SeriesEnsemble.logarithms($0), temperature: temperature)
      }
    }
  }
}

extension EnsembleMember {
  /// As `outputs`, for a row as it is, then once with each of its parts taken from another row.
  func outputs(_ row: [Float], other: [Float], parts: Int) -> [[Float]] {
    var row = row, other = other
    scale.apply(to: &row)
    scale.apply(to: &other)
    return row.withUnsafeBufferPointer { row in
      other.withUnsafeBufferPointer { other in
        switch learner {
        case .trees(let trees): trees.outputs(row, other: other, parts: parts)
        case .ridge(let ridge): ridge.probabilities(row, other: other, parts: parts)
        case .logistic(let logistic): logistic.probabilities(row, other: other, parts: parts)
        }
      }
    }
  }
}
