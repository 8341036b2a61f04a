import Reports

extension ZeroShotLabels {
  /// Answers for a study: the weighted means over the inputs that its findings rest on. None where the verdict
  /// abstains: scans that cannot be trusted cannot be asked either.
  func answers(_ parts: [StudyPart], _ verdict: Verdict) -> [ReportDocument.Asked] {
    guard !verdict.abstains else { return [] }
    var mean = [Float](repeating: 0, count: labels.count), total: Float = 0
    for (place, part) in parts.enumerated() {
      guard verdict.isUsed(place), let embedding = part.routed?.prediction.embedding else { continue }
      let weight = verdict.weight(place)
      for (label, similarity) in similarities(embedding).enumerated() { mean[label] += weight * similarity }
      total += weight
    }
    guard total > 0 else { return [] }
    for label in mean.indices { mean[label] /= total }
    let shares = probabilities(logits(similarities: mean))
    guard shares.allSatisfy(\.isFinite) else { return [] }
    return labels.indices.map { label in
      ReportDocument.Asked(
        label: labels[label], texts: texts[label], similarity: Double(mean[label]),
        share: Double(min(1, max(0, shares[label]))))
    }
  }
}
