import Foundation

/// What is said of one window of a recording: one line of `braid predict`.
public struct FaultPrediction: Sendable, Equatable {
  /// A sensor and its share in the answer.
  public struct Contribution: Sendable, Equatable {
    /// Name of the channel.
    public var sensor: String
    /// 0 to 1; see `Occlusion`.
    public var share: Double

    /// - Parameter share: of the answer, between 0 and 1.
    public init(sensor: String, share: Double) { (self.sensor, self.share) = (sensor, share) }
  }

  /// The last data row of the window as the file numbers them, 1 being the first.
  public var row: Int
  /// The time cell of that row as written; nil without a time column.
  public var time: String?
  /// The likeliest label; nil for a bundle that tells remaining life only.
  public var fault: String?
  /// The label's first description.
  public var description: String?
  /// Of `fault`, calibrated.
  public var probability: Double?
  /// `fault` is not the normal state, its probability reaches the calibrated threshold, and the window can be
  /// trusted.
  public var alarm: Bool
  /// Entropy of the probabilities over the greatest possible: 0 is sure, 1 says nothing.
  public var entropy: Double?
  /// Every sensor, in the bundle's order.
  public var contributions: [Contribution]
  /// How long is left, in the units of the training manifest's targets; nil where the bundle tells none.
  public var remaining: Double?
  /// What `remaining` lies in, in nine of ten windows like those of validation; nil where the bundle tells none.
  public var remainingInterval: ClosedRange<Double>?
  /// Rows inside the window that could not be read and are left out of it.
  public var refusedRows = 0
  /// The answer comes from the texts of labels alone: nothing of it is calibrated, and it never alarms.
  public var isZeroShot = false
  /// Why a person should look before anything is done; empty for a window that can be trusted.
  public var reasons: [String] = []
  /// Of all labels, in the task's order; not part of the line.
  public var probabilities: [Float] = []
  /// The windows of the training data that lie nearest, nearest first; not part of the line.
  public var nearest: [NearWindow] = []
  /// What each sensor read, in the order of `contributions`; not part of the line.
  public var levels: [SensorLevel] = []

  /// Whether a person should look before anything is done.
  public var needsCheck: Bool { !reasons.isEmpty }

  /// - Parameters:
  ///   - row: last data row of the window, 1 being the first.
  ///   - time: of that row, as written.
  public init(row: Int, time: String?, alarm: Bool = false, contributions: [Contribution] = []) {
    (self.row, self.time, self.alarm, self.contributions) = (row, time, alarm, contributions)
  }

  /// One JSON object without line end: the keys of the contract in its order, contributions by falling share;
  /// `remainingInterval`, `zeroShot`, `refusedRows`, `needsCheck` and `reasons` only where there is something to say.
  public var json: String {
    var parts = [
      "\"row\":\(row)", "\"time\":\(JSONLine.text(time))", "\"fault\":\(JSONLine.text(fault))",
      "\"description\":\(JSONLine.text(description))", "\"probability\":\(JSONLine.number(probability))",
      "\"alarm\":\(alarm)", "\"entropy\":\(JSONLine.number(entropy))",
    ]
    let sorted = contributions.enumerated().sorted {
      ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
    }
    let shares = sorted.map { "\(JSONLine.text($0.element.sensor)):\(JSONLine.number($0.element.share))" }
    parts.append("\"contributions\":{\(shares.joined(separator: ","))}")
    parts.append("\"remaining\":\(JSONLine.number(remaining, decimals: 2))")
    if let interval = remainingInterval {
      let bounds = [interval.lowerBound, interval.upperBound].map { JSONLine.number($0, decimals: 2) }
      parts.append("\"remainingInterval\":[\(bounds.joined(separator: ","))]")
    }
    if isZeroShot { parts.append("\"zeroShot\":true") }
    if refusedRows > 0 { parts.append("\"refusedRows\":\(refusedRows)") }
    if needsCheck {
      parts.append("\"needsCheck\":true")
      parts.append("\"reasons\":[\(reasons.map { JSONLine.text($0) }.joined(separator: ","))]")
    }
    return "{\(parts.joined(separator: ","))}"
  }
}

/// Values of a JSON line.
enum JSONLine {
  /// A number rounded to some decimals, without needless zeros; `null` for none or one that is no number.
  static func number(_ value: Double?, decimals: Int = 4) -> String {
    guard let value, value.isFinite else { return "null" }
    let factor = pow(10, Double(decimals))
    let rounded = (value * factor).rounded() / factor
    if rounded == rounded.rounded(), abs(rounded) < 1e15 { return "\(Int(rounded))" }
    return "\(rounded)"
  }

  /// A string in quotes, or `null`.
  static func text(_ value: String?) -> String {
    guard let value else { return "null" }
    var out = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029 {
          let digits = String(scalar.value, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out + "\""
  }
}
