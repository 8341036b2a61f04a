import Training

extension TaskRows {
  /// The rows in the shared space, told apart by their labels, or by thirds of the number to predict.
  func map(
    _ task: LabelTask, _ predictions: [Prediction], descriptions: [[[Float]]]
  ) -> EmbeddingMap? {
    let rows = labelled.isEmpty ? numbered : labelled
    let (names, places) = labelled.isEmpty ? thirds() : labelNames(task)
    let texts = names.indices.map { name -> [Float]? in
      guard !labelled.isEmpty, descriptions.indices.contains(name), let first = descriptions[name].first
      else {
        return nil
      }
      let count = Float(descriptions[name].count)
      return first.indices.map { column in descriptions[name].reduce(0) { $0 + $1[column] } / count }
    }
    return EmbeddingMap(rows.map { predictions[$0].embedding }, names: names, of: places, texts: texts)
  }

  /// Rows with several labels, and with none, go by names of their own.
  private func labelNames(_ task: LabelTask) -> ([String], [Int]) {
    guard !task.exclusive else { return (task.labels, classes) }
    let counts = truth.map { row in row.count { $0 > 0.5 } }
    let places = zip(truth, counts).map { row, count in
      count == 1 ? row.firstIndex { $0 > 0.5 } ?? 0 : task.labels.count + (count == 0 ? 0 : 1)
    }
    return (task.labels + ["none of the labels", "several labels"], places)
  }

  private func thirds() -> ([String], [Int]) {
    let sorted = wanted.sorted()
    guard sorted.count > 2 else { return (["all"], wanted.map { _ in 0 }) }
    let low = sorted[sorted.count / 3], high = sorted[2 * sorted.count / 3]
    func text(_ value: Float) -> String {
      value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\((value * 100).rounded() / 100)"
    }
    return (
      ["below \(text(low))", "\(text(low)) to \(text(high))", "\(text(high)) and above"],
      wanted.map { $0 < low ? 0 : $0 < high ? 1 : 2 }
    )
  }
}
