/// How far a sensor can be trusted, from A (nothing found) to F (dead).
public enum Grade: String, Sendable, Codable, CaseIterable, Comparable {
  /// 90 points and more, of 100.
  case a = "A"
  /// 75 and more.
  case b = "B"
  /// 55 and more.
  case c = "C"
  /// Above 0.
  case d = "D"
  /// None at all.
  case f = "F"

  /// In a word: A and B are good, C fair, D poor, F dead.
  public var word: String {
    switch self {
    case .a, .b: "good"
    case .c: "fair"
    case .d: "poor"
    case .f: "dead"
    }
  }

  /// From 100 points less the penalties of all findings. Only what holds hardly any information at all is dead.
  init(points: Double) {
    self = points >= 90 ? .a : points >= 75 ? .b : points >= 55 ? .c : points > 0 ? .d : .f
  }

  /// The better grade is the smaller one.
  public static func < (one: Grade, other: Grade) -> Bool { one.rawValue < other.rawValue }
}

/// One thing that is wrong, or worth knowing, about a sensor or a time column.
public struct GradeFinding: Sendable, Codable, Equatable {
  /// What kind of fault it is; the raw values stand in results and never change.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// No value at all, or one value throughout.
    case empty, constant
    /// At least one value in a thousand is missing.
    case missing
    /// One value for far longer than the others last.
    case stuck
    /// Values change only every few rows.
    case held
    /// Single values far away from both neighbours.
    case spikes
    /// The same far-off value again and again, as a code for "no value".
    case sentinel
    /// Zero for a large part of the time, as a machine reads that is switched off.
    case idle
    /// Flat tops or bottoms at the end of the range.
    case clipping
    /// The steps between values are coarse against what the sensor does.
    case quantised
    /// A steady rise or fall from start to end, beyond the scatter.
    case drift
    /// Nearly the same as another sensor.
    case twin
    /// Too few rows to say much.
    case short
    /// Of time columns: uneven steps, rows left out, the time of the row before, time going back, cells that are no
    /// time.
    case irregular, gaps, duplicates, backwards, unreadable
  }

  /// Which fault.
  public var code: Code
  /// The figure behind it: a share, a number of rows or a correlation, as the reason says.
  public var value: Double
  /// Points taken off 100.
  public var penalty: Double
  /// One sentence with figures.
  public var reason: String
}

/// What was measured on one sensor.
public struct SensorFigures: Sendable, Codable, Equatable {
  /// Rows read, and those among them without a value.
  public var rows: Int, missing: Int
  /// Of all values; nil without any.
  public var minimum: Double?, maximum: Double?, mean: Double?, deviation: Double?
  /// Quantiles of a uniform sample of the rows (all of them up to 4,096): 1 %, 50 % and 99 %. The first and the last
  /// bound the usable range.
  public var lowest: Double?, median: Double?, highest: Double?
  /// The longest run of one value, in rows, and the data row in which it starts.
  public var longestRun: Int, longestRunStart: Int
  /// The share of values that equal the value before them.
  public var repeatedShare: Double
  /// Different values, counted up to 1,024.
  public var distinct: Int
  /// The smallest distance between two values of the sample.
  public var step: Double?
  /// Standard deviation of what neighbouring values do not explain.
  public var noise: Double?
  /// Single values far away from both neighbours.
  public var spikes: Int
  /// The share of values at the very minimum and maximum.
  public var shareAtMinimum: Double, shareAtMaximum: Double
  /// Change from the start to the end along a robust line.
  public var drift: Double?
}

/// The grade of one sensor, with the reasons.
public struct SensorGrade: Sendable, Codable, Equatable {
  /// The name and unit of the column.
  public var sensor: String, unit: String?
  /// From A (nothing found) to F (dead).
  public var grade: Grade
  /// `good`, `fair`, `poor` or `dead`.
  public var verdict: String
  /// 0 to 100.
  public var points: Double
  /// What was found, the gravest first.
  public var findings: [GradeFinding]
  /// What was measured.
  public var figures: SensorFigures
}

/// The grade of the time column.
public struct TimeGrade: Sendable, Codable, Equatable {
  /// The name of the column.
  public var column: String
  /// Of the time column.
  public var grade: Grade
  /// What was found, the gravest first.
  public var findings: [GradeFinding]
  /// The usual distance of two rows, in seconds for dates and as written for plain numbers; nil below two rows.
  public var interval: Double?
  /// The middle deviation from the usual distance, as a share of it.
  public var jitter: Double?
  /// Distances of more than one and a half intervals, the rows that they leave out, and the longest one.
  public var gaps: Int, missingRows: Int, longestGap: Double?
  /// Rows with the time of the row before, with an earlier one, and without a readable time.
  public var duplicates: Int, backwards: Int, unreadable: Int
}

/// Two sensors that tell nearly the same.
public struct TwinSensors: Sendable, Codable, Equatable {
  /// The names of the two.
  public var first: String, second: String
  /// Pearson's correlation over a sample of the rows.
  public var correlation: Double
}

/// The grades of a whole recording.
public struct RecordingGrade: Sendable, Codable, Equatable {
  /// As given.
  public var path: String
  /// Rows that could be read, and rows that could not.
  public var rows: Int, refusedRows: Int
  /// Nil without a time column.
  public var time: TimeGrade?
  /// In the order of the file.
  public var sensors: [SensorGrade]
  /// Pairs of sensors that tell the same.
  public var twins: [TwinSensors]
  /// Columns of text, which are no sensors.
  public var textColumns: [String]
}
