import Foundation
import Layers
import Tensors

/// A text that the decoder wrote.
public struct GeneratedText: Sendable {
  /// Token ids, without begin and end.
  public var ids: [Int]
  /// Mean natural logarithm of the tokens' probabilities: near 0 when the decoder was sure.
  public var confidence: Float
}

extension SentenceDecoder {
  /// Writes a text for one scan by beam search; see `candidates`.
  /// - Parameters:
  ///   - encoded: a batch of one.
  ///   - labels: probabilities of the task's labels; nil to leave them unsaid.
  ///   - begin, end: the tokenizer's marks.
  ///   - beams: texts kept at every step; 1 is greedy.
  public func write(
    _ encoded: Encoded, task: Int, labels: [Float]?, begin: Int, end: Int, beams: Int = 3,
    precision: ElementType = .f32
  ) -> GeneratedText {
    candidates(
      encoded, task: task, labels: labels, begin: begin, end: end, beams: beams, precision: precision
    ).first ?? GeneratedText(ids: [], confidence: -.infinity)
  }

  /// The texts that beam search finds for one scan, the likeliest first.
  /// - Parameters: as of `write`.
  public func candidates(
    _ encoded: Encoded, task: Int, labels: [Float]?, begin: Int, end: Int, beams: Int = 3,
    precision: ElementType = .f32
  ) -> [GeneratedText] {
    let tape = Tape(.inference, precision: precision)
    var pen = Pen(
      self, context: context(encoded, task: task, labels: [labels], on: tape), rows: beams, on: tape)
    var open: [(ids: [Int], score: Float)] = [([begin], 0)]
    var done: [(ids: [Int], score: Float)] = []
    // The row of the pen that each open text goes on from.
    var rows = [0]
    for _ in 1..<configuration.length where !open.isEmpty {
      // Scores only fall: once enough texts have ended and none that is open can beat them, nothing changes.
      let bestDone = done.map(\.score).max() ?? -.infinity
      if done.count >= beams && open[0].score < bestDone { break }
      let scores = pen.write(open.map { $0.ids[$0.ids.count - 1] }, after: rows, on: tape)
      let vocabulary = configuration.vocabulary
      var candidates: [(ids: [Int], score: Float, row: Int)] = []
      for (beam, text) in open.enumerated() {
        let row = scores[beam * vocabulary..<(beam + 1) * vocabulary]
        for place in SentenceDecoder.best(row, beams) {
          candidates.append((text.ids + [place - beam * vocabulary], text.score + row[place], beam))
        }
      }
      candidates.sort { $0.score > $1.score }
      (open, rows) = ([], [])
      for candidate in candidates.prefix(beams) {
        if candidate.ids.last == end {
          done.append((candidate.ids, candidate.score))
        } else {
          open.append((candidate.ids, candidate.score))
          rows.append(candidate.row)
        }
      }
    }
    // By the whole score, not the mean: that would prefer long-winded texts.
    return (done.isEmpty ? open : done).sorted { $0.score > $1.score }.map { text in
      GeneratedText(
        ids: text.ids.filter { $0 != begin && $0 != end },
        confidence: text.score / Float(max(1, text.ids.count - 1)))
    }
  }

  /// Places of the greatest values, greatest first; of equal ones the earlier.
  private static func best(_ row: ArraySlice<Float>, _ count: Int) -> [Int] {
    var found: [Int] = []
    for place in row.indices where found.count < count || row[place] > row[found[found.count - 1]] {
      let at = found.firstIndex { row[$0] < row[place] } ?? found.count
      found.insert(place, at: at)
      if found.count > count { found.removeLast() }
    }
    return found
  }
}
