/// What is wrong among the surest answers when the others are left to people.
public struct SelectiveRisk: Sendable, Codable, Hashable {
  /// Answers.
  public var count: Int
  /// Shares of the answers that are given, the surest first, ascending to 1.
  public var coverages: [Double]
  /// Share of wrong answers among those given at each coverage, 0 to 1.
  public var risks: [Double]
  /// Mean risk over all coverages (AURC), 0 to 1; a smaller area says that doubt falls on the right answers.
  public var area: Double

  /// - Parameters:
  ///   - count: answers.
  ///   - coverages: ascending to 1.
  ///   - risks: as many as coverages.
  public init(count: Int, coverages: [Double], risks: [Double], area: Double) {
    (self.count, self.coverages, self.risks, self.area) = (count, coverages, risks, area)
  }

  /// The risk at a coverage that is listed.
  public func risk(at coverage: Double) -> Double? {
    coverages.firstIndex { abs($0 - coverage) < 1e-9 }.map { risks[$0] }
  }
}

extension Metrics {
  /// Coverages of a curve that people look at: each twentieth.
  public static let usualCoverages = (1...20).map { Double($0) / 20 }

  /// Risk against coverage.
  ///
  /// Sources: Geifman and El-Yaniv, Selective Classification for Deep Neural Networks, NeurIPS 2017; the area as in
  /// Geifman, Uziel and El-Yaniv, ICLR 2019. Of equally sure answers an equal part is wrong wherever they are cut.
  /// - Parameters:
  ///   - confidences: probability of what was answered, 0 to 1.
  ///   - correct: whether the answer was right.
  ///   - coverages: shares of the answers, ascending to 1; at least one answer is always given.
  /// - Returns: nil without any row, or with a confidence that is no number.
  public static func selectiveRisk(
    confidences: [Float], correct: [Bool], coverages: [Double] = usualCoverages
  ) -> SelectiveRisk? {
    precondition(
      confidences.count == correct.count, "\(confidences.count) confidences for \(correct.count) rows")
    guard !confidences.isEmpty, !confidences.contains(where: \.isNaN) else { return nil }
    let order = confidences.indices.sorted { confidences[$0] > confidences[$1] }
    var wrong = [0.0]
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, confidences[order[end]] == confidences[order[start]] { end += 1 }
      let share = Double(order[start..<end].count { !correct[$0] }) / Double(end - start)
      for _ in start..<end { wrong.append((wrong.last ?? 0) + share) }
      start = end
    }
    let risks = coverages.map { coverage in
      let given = min(order.count, max(1, Int((coverage * Double(order.count)).rounded())))
      return wrong[given] / Double(given)
    }
    let area = (1...order.count).reduce(0) { $0 + wrong[$1] / Double($1) } / Double(order.count)
    return SelectiveRisk(count: order.count, coverages: coverages, risks: risks, area: area)
  }
}
