import Foundation

/// Values of NumPy and scikit-learn; see Scripts/reference/interval_fixtures.py.
struct IntervalFixture: Decodable {
  struct Exclusive: Decodable {
    var groups: [String], truth: [[Float]], p: [[Float]], intervals: [String: [Double]]
  }
  struct Several: Decodable { var truth: [[Float]], p: [[Float]], intervals: [String: [Double]] }
  struct Numbers: Decodable {
    var groups: [String], truth: [Float], predicted: [Float], intervals: [String: [Double]]
  }
  struct Components: Decodable {
    var points: [[Float]], text: [Float], places: [[Double]], textPlace: [Double], spread: [Double]
  }
  var resamples: Int, exclusive: Exclusive, several: Several, numbers: Numbers, components: Components

  static func read() throws -> IntervalFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Intervals/intervals.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
  }
}
