import Decoders
import Encoders
import Foundation
import Layers
import Testing

/// Features of intervals, convolutions, words and envelopes against NumPy's (Scripts/reference/make-expansion-values).
@Suite("Expanded features of a window") struct SeriesExpansionTests {
  private struct Values: Decodable {
    var short, intervals, thresholds, kernels, competing, letters, words, ringing, envelope: [Float]

    static func read() throws -> Values {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return try JSONDecoder().decode(
        Values.self, from: Data(contentsOf: folder.appending(path: "Fixtures/Core/expansion.json")))
    }
  }

  /// A set whose statistics leave values as they are.
  private func set(rows: Int, channels: Int = 1) -> ChannelSet {
    ChannelSet(
      channels: (0..<channels).map { Channel(name: "c\($0)", unit: nil) },
      statistics: (0..<channels).map { _ in .init(mean: 0, deviation: 1, low: -9, high: 9) }, rows: rows,
      stride: 1)
  }

  private func decoded(_ text: String) throws -> SeriesExpansion {
    try JSONDecoder().decode(SeriesExpansion.self, from: Data(text.utf8))
  }

  private func part(_ part: SeriesExpansion.Part, _ all: [Float], _ expansion: SeriesExpansion) -> [Float] {
    Array(all[expansion.range(part)])
  }

  @Test("Intervals and convolutions are NumPy's") func short() throws {
    let values = try Values.read()
    var expansion = try decoded(
      """
      {"rows": 21, "channels": 1, "depth": 3, "hasEnvelope": false, "kernels": {"channels": 1, "dilations": [1, 2],
      "thresholdsAtDilation": [1, 2], "stepDilations": [1], "thresholdsAtStepDilation": [1]}}
      """)
    #expect(expansion.kernels?.take(values.thresholds) == true)
    let window = SeriesWindow(values: values.short, channels: 1, set: 0)
    let found = expansion.compute(window, set: set(rows: 21))
    #expect(distance(part(.intervals, found, expansion), values.intervals) < 1e-4)
    // Shares of 21, 20 or fewer places: one place more or less would be 0.047.
    #expect(distance(part(.kernels, found, expansion), values.kernels) < 1e-3)
  }

  @Test("Competing convolutions are NumPy's") func competing() throws {
    let values = try Values.read()
    let expansion = try decoded(
      """
      {"rows": 21, "channels": 1, "depth": 1, "hasEnvelope": false,
      "competing": {"groups": 2, "dilations": [1, 2], "seed": 77}}
      """)
    let found = expansion.compute(
      SeriesWindow(values: values.short, channels: 1, set: 0), set: set(rows: 21), parts: [.competing])
    #expect(part(.competing, found, expansion).count == 128)
    #expect(distance(part(.competing, found, expansion), values.competing) < 1e-4)
  }

  @Test("Words are NumPy's") func words() throws {
    let values = try Values.read()
    var expansion = try decoded(
      """
      {"rows": 21, "channels": 1, "depth": 1, "hasEnvelope": false, "words": {"channels": 1, "dictionaries": [
      {"isStep": false, "length": 8, "dilation": 2, "coefficients": [0, 1, 2, 3, 4, 5, 6, 7]},
      {"isStep": false, "length": 5, "dilation": 3, "coefficients": [0, 1, 2, 3, 4]},
      {"isStep": true, "length": 11, "dilation": 1, "coefficients": [10, 2, 7, 1, 5, 9, 0, 4]}]}}
      """)
    #expect(expansion.words?.take([1]) == false)
    #expect(expansion.words?.take(values.letters) == true)
    #expect(expansion.fits(set(rows: 21)) && !expansion.fits(set(rows: 21, channels: 2)))
    let found = expansion.compute(
      SeriesWindow(values: values.short, channels: 1, set: 0), set: set(rows: 21), parts: [.words])
    #expect(distance(part(.words, found, expansion), values.words) == 0)
  }

  @Test("Kernels and words that make none are refused") func unsound() throws {
    #expect(throws: Swift.DecodingError.self) {
      try decoded(
        #"{"rows": 21, "channels": 1, "depth": 1, "hasEnvelope": false, "competing": {"groups": 0, "dilations": [1], "seed": 1}}"#
      )
    }
    let long = try decoded(
      """
      {"rows": 21, "channels": 1, "depth": 1, "hasEnvelope": false, "words": {"channels": 1, "dictionaries": [
      {"isStep": true, "length": 11, "dilation": 2, "coefficients": [0, 1, 2, 3, 4, 5, 6, 7]}]}}
      """)
    #expect(!long.fits(set(rows: 21)), "eleven values two rows apart reach beyond twenty differences")
  }

  @Test("The envelope's spectrum is NumPy's") func ringing() throws {
    let values = try Values.read()
    let expansion = try decoded(#"{"rows": 1100, "channels": 1, "depth": 1, "hasEnvelope": true}"#)
    let found = expansion.compute(
      SeriesWindow(values: values.ringing, channels: 1, set: 0), set: set(rows: 1100), parts: [.envelope])
    #expect(distance(part(.envelope, found, expansion), values.envelope) < 2e-3)
    let intervals = part(.intervals, found, expansion)
    #expect(intervals.allSatisfy { $0.isNaN }, "parts that were not asked for are left open")
  }

  @Test("Gaps are filled by a line, other lengths brought to the set's, empty channels left open")
  func gaps() throws {
    let expansion = try decoded(#"{"rows": 9, "channels": 2, "depth": 1, "hasEnvelope": false}"#)
    let line = (0..<9).map(Float.init)
    func both(_ first: [Float], _ second: [Float]) -> SeriesWindow {
      SeriesWindow(values: zip(first, second).flatMap { [$0, $1] }, channels: 2, set: 0)
    }
    let nothing = [Float](repeating: .nan, count: 9)
    let whole = expansion.compute(both(line, line), set: set(rows: 9, channels: 2))
    var holes = line
    for place in [2, 3, 6] { holes[place] = .nan }
    let filled = expansion.compute(both(holes, nothing), set: set(rows: 9, channels: 2))
    #expect(distance(Array(filled[..<expansion.count]), Array(whole[..<expansion.count])) < 1e-5)
    #expect(filled[expansion.count...].allSatisfy { $0.isNaN })
    let twice = (0..<17).map { Float($0) / 2 }
    let longer = SeriesWindow(values: twice.flatMap { [$0, $0] }, channels: 2, set: 0)
    #expect(distance(expansion.compute(longer, set: set(rows: 9, channels: 2)), whole) < 1e-5)
  }

  @Test("Thresholds lie among the responses, the same for a seed, and few features for many rows")
  func measured() throws {
    var rng = SeededGenerator(seed: 3)
    let windows = (0..<12).map { _ in
      SeriesWindow(values: (0..<60 * 3).map { _ in rng.normal() }, channels: 3, set: 0)
    }
    func make(_ size: Int) -> SeriesExpansion {
      var own = SeededGenerator(seed: 5)
      return SeriesExpansion(windows, set: set(rows: 60, channels: 3), size: size, using: &own)
    }
    let expansion = make(12)
    #expect(expansion.kernels?.thresholds == make(12).kernels?.thresholds)
    let shares = windows.flatMap { window in
      let all = expansion.compute(window, set: set(rows: 60, channels: 3))
      return (0..<3).flatMap { channel -> ArraySlice<Float> in
        let base = channel * expansion.count, range = expansion.range(.kernels)
        return all[base + range.lowerBound..<base + range.upperBound]
      }
    }
    let mean = shares.reduce(0, +) / Float(shares.count)
    #expect((0.4..<0.6).contains(mean), "quantiles spread evenly halve the places")
    let words = try #require(expansion.words)
    #expect(words == make(12).words && words.thresholds == make(12).words?.thresholds)
    let counted = expansion.compute(windows[0], set: set(rows: 60, channels: 3), parts: [.words])
    let own = part(.words, counted, expansion)
    for index in 0..<own.count / 256 {
      let known = own[index * 256..<(index + 1) * 256]
      #expect(known.reduce(0, +) > 0 && known.count { $0 > 0 } > 2, "every dictionary tells parts apart")
    }
    #expect(expansion.competing == make(12).competing && expansion.competing != nil)
    #expect(make(1_000_000).words == nil, "many rows leave words no room")
    #expect(make(1_000_000).count * 3 < expansion.count * 3 / 4)
  }
}
