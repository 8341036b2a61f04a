import Foundation

/// What `Scripts/reference/detection_fixtures.py` found with NumPy.
struct DetectionFixture: Decodable {
  struct Filled: Decodable {
    var row: Int
    var missing: [Int]
    var filled: [Double]
  }

  struct Verdict: Decodable {
    var score: Double, share: Double
    var statistic: String
    var rows: Int
    var contributions: [Double]
  }

  struct Case: Decodable {
    var statistics: [String]
    var scales: [Double]
    var limit: Double
    var heldOut: Int
    var verdicts: [Verdict]
  }

  var size: Int, window: Int
  var floor: Double, rate: Double
  var normal: [Double], fresh: [Double]
  var means: [Double], deviations: [Double], variances: [Double]
  var principal: Int
  var values: [String: [Double]]
  var contributions: [String: [[Double]]]
  var filled: [Filled]
  var cases: [Case]
  var course: [Double], levels: [Double]

  static func read() throws -> DetectionFixture {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Detection/detection.json")
    return try JSONDecoder().decode(DetectionFixture.self, from: Data(contentsOf: path))
  }
}
