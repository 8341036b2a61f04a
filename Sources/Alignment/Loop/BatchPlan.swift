import Layers

/// The batches of one epoch: each from one stream, rows and batches in random order.
struct BatchPlan {
  var batches: [[Int]]

  /// - Parameters:
  ///   - samples: the train rows; a batch holds their indices.
  ///   - size: rows a batch. A rest of fewer than a quarter joins the batch before it.
  init(_ samples: [Sample], size: Int, using rng: inout some RandomNumberGenerator) {
    batches = []
    let streams = Dictionary(grouping: samples.indices) { samples[$0].stream }
    for (_, members) in streams.sorted(by: { $0.key < $1.key }) {
      let order = BatchPlan.order(members, samples, using: &rng)
      var start = 0
      while start < order.count {
        var end = min(order.count, start + size)
        if order.count - end < size / 4 { end = order.count }
        batches.append(Array(order[start..<end]))
        start = end
      }
    }
    let order = rng.permutation(batches.count)
    batches = order.map { batches[$0] }
  }

  /// All rows in random order. Where some have no label, those that have one come back until they are half of
  /// all, evenly among the others, so that every batch has something to learn an answer from.
  private static func order(
    _ members: [Int], _ samples: [Sample], using rng: inout some RandomNumberGenerator
  ) -> [Int] {
    let shuffled = rng.permutation(members.count).map { members[$0] }
    let bare = shuffled.filter { !samples[$0].isLabelled }
    let labelled = shuffled.filter { samples[$0].isLabelled }
    guard !bare.isEmpty, !labelled.isEmpty, labelled.count < bare.count else { return shuffled }
    return bare.enumerated().flatMap { [labelled[$0.offset % labelled.count], $0.element] }
  }
}

/// The texts that a batch is compared with, each once, and which belong to which row.
struct BatchTexts {
  /// Token ids.
  var texts: [[Int]] = []
  /// Rows of the batch that have at least one text.
  var rows: [Int] = []
  /// `[rows * texts]`
  var positives: [Bool] = []

  /// Picks for each row one of its own texts, or for each label of the batch one of its descriptions.
  init(
    _ batch: [Sample], descriptions: [[String]], tokens: (String) -> [Int],
    using rng: inout some RandomNumberGenerator
  ) {
    var chosen: [String] = [], places: [String: Int] = [:]
    func place(_ text: String) -> Int {
      if let known = places[text] { return known }
      places[text] = chosen.count
      chosen.append(text)
      return chosen.count - 1
    }
    var described: [Int: String] = [:]
    var found: [(row: Int, texts: Set<Int>)] = []
    for (row, sample) in batch.enumerated() {
      if !sample.texts.isEmpty {
        found.append((row, [place(sample.texts[rng.below(sample.texts.count)])]))
      } else if let labels = sample.labels {
        var mine: Set<Int> = []
        for label in labels.indices where labels[label] > 0.5 && !descriptions[label].isEmpty {
          let text = described[label] ?? descriptions[label][rng.below(descriptions[label].count)]
          described[label] = text
          mine.insert(place(text))
        }
        if !mine.isEmpty { found.append((row, mine)) }
      }
    }
    texts = chosen.map(tokens)
    rows = found.map(\.row)
    // A text belongs to a row if it was picked for it, or is another text of the same input.
    for (row, mine) in found {
      let own = Set(batch[row].texts)
      positives += chosen.indices.map { mine.contains($0) || own.contains(chosen[$0]) }
    }
  }
}
