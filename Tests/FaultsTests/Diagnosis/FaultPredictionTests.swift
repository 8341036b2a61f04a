import Faults
import Foundation
import Testing

@Suite struct FaultPredictionTests {
  private func parsed(_ prediction: FaultPrediction) throws -> [String: Any] {
    let data = Data(prediction.json.utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private var full: FaultPrediction {
    var prediction = FaultPrediction(
      row: 120, time: "01/02/2024 \"x\"\t\\", alarm: true,
      contributions: [.init(sensor: "T [°C]", share: 0.25), .init(sensor: "p", share: 0.75)])
    (prediction.fault, prediction.description) = ("wear", "Wear of the bearing.\nSoon.")
    (prediction.probability, prediction.entropy, prediction.remaining) = (0.912345, 0.1, 33.456)
    return prediction
  }

  @Test func keysAndValuesOfTheContract() throws {
    let line = try parsed(full)
    #expect(
      Set(line.keys) == [
        "row", "time", "fault", "description", "probability", "alarm", "entropy", "contributions",
        "remaining",
      ])
    #expect(line["row"] as? Int == 120)
    #expect(line["time"] as? String == "01/02/2024 \"x\"\t\\")
    #expect(line["description"] as? String == "Wear of the bearing.\nSoon.")
    #expect(line["probability"] as? Double == 0.9123)
    #expect(line["alarm"] as? Bool == true)
    #expect(line["contributions"] as? [String: Double] == ["T [°C]": 0.25, "p": 0.75])
    #expect(line["remaining"] as? Double == 33.46)
  }

  @Test func theIntervalOfTheRemainingLifeStandsBesideIt() throws {
    var prediction = full
    prediction.remainingInterval = 20.126...41.5
    #expect(try parsed(prediction)["remainingInterval"] as? [Double] == [20.13, 41.5])
    #expect(try parsed(full)["remainingInterval"] == nil)
  }

  @Test func separatedValuesBelowTheirHeader() {
    let sensors = ["p", "none", "T [°C]"]
    #expect(
      FaultPrediction.csvHeader(sensors: sensors)
        == "row,time,fault,description,probability,alarm,entropy,remaining,zeroShot,refusedRows,needsCheck,reasons,"
        + "share p,share none,share T [°C]")
    var other = full
    other.reasons = ["One, two.", "Three."]
    #expect(
      other.csv(sensors: sensors)
        == "120,\"01/02/2024 \"\"x\"\"\t\\\",wear,\"Wear of the bearing.\nSoon.\",0.9123,true,0.1,33.46,false,0,true,"
        + "\"One, two. Three.\",0.75,,0.25")
  }

  @Test func oneLineWithTheLargestShareFirst() throws {
    let json = full.json
    #expect(!json.contains("\n"))
    let p = try #require(json.range(of: "\"p\"")), t = try #require(json.range(of: "\"T [°C]\""))
    #expect(p.lowerBound < t.lowerBound)
  }

  @Test func whatIsNotKnownIsNull() throws {
    let line = try parsed(FaultPrediction(row: 1, time: nil))
    for key in ["time", "fault", "description", "probability", "entropy", "remaining"] {
      #expect(line[key] is NSNull, "\(key)")
    }
  }

  @Test func numbersThatAreNoneAreNull() throws {
    var prediction = full
    (prediction.remaining, prediction.probability) = (.nan, .infinity)
    let line = try parsed(prediction)
    #expect(line["remaining"] is NSNull && line["probability"] is NSNull)
  }

  @Test func reasonsAskForACheck() throws {
    var prediction = full
    (prediction.reasons, prediction.refusedRows) = (["Half is missing."], 3)
    let line = try parsed(prediction)
    #expect(line["needsCheck"] as? Bool == true)
    #expect(line["reasons"] as? [String] == ["Half is missing."])
    #expect(line["refusedRows"] as? Int == 3)
  }
}
