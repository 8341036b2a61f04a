import Training

/// Scores search between inputs and the texts of their own.
enum RetrievalScorer {
  static func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Different inputs against different texts; nil without texts.
  static func retrieval(
    _ samples: [Sample], _ predictions: [Prediction], texts: [String: [Float]]
  ) -> Evaluation.Retrieval? {
    // Rows on the same input count once.
    var inputs: [(texts: Set<String>, embedding: [Float])] = [], seen: Set<String> = []
    for (sample, prediction) in zip(samples, predictions)
    where !sample.texts.isEmpty && seen.insert(sample.inputKey).inserted {
      inputs.append((Set(sample.texts), prediction.embedding))
    }
    let names = Set(inputs.flatMap(\.texts)).filter { texts[$0] != nil }.sorted()
    guard inputs.count > 1, names.count > 1 else { return nil }
    let places = names.compactMap { texts[$0] }
    let similarity = inputs.flatMap { input in places.map { product($0, input.embedding) } }
    let recall = RetrievalRecall(similarity: similarity, rows: inputs.count, columns: names.count) {
      inputs[$0].texts.contains(names[$1])
    }
    func recalls(_ shares: [Double]) -> Evaluation.Recall {
      .init(r1: shares[0], r5: shares[1], r10: shares[2])
    }
    return .init(
      textToInput: recalls(recall.columnToRow), inputToText: recalls(recall.rowToColumn), texts: names.count,
      inputs: inputs.count)
  }
}
