/// The predictions of a recording, kept small enough to be drawn.
///
/// A recording may have any number of windows. When there are more than `limit`, neighbours are merged: of two, the
/// one that alarms, or else has the higher probability of a fault, stays. Nothing that alarmed is lost from sight.
public struct FaultTimeline: Sendable {
  /// One or several windows in a row.
  public struct Point: Sendable {
    /// Last data row of the window.
    public var row: Int
    /// Of that row, as written.
    public var time: String?
    /// Of all labels, in the order of `labels`.
    public var probabilities: [Float]
    /// The answer, as in the prediction.
    public var fault: String?
    /// Whether the window raised an alarm.
    public var alarm: Bool
    /// Whether a person should look at the window.
    public var needsCheck: Bool
    /// Shares of the sensors, in the order of `sensors`.
    public var shares: [Float]
    /// Rows that are left; nil where the bundle does not tell.
    public var remaining: Double?
    /// Probability of all labels but the normal ones.
    public var danger: Float
    /// What each sensor read over all windows of the point, in the order of `sensors`; empty where nobody told.
    public var levels: [SensorLevel]
  }

  /// Stands above the picture.
  public let title: String
  /// Labels of the task, in the order of the probabilities.
  public let labels: [String]
  /// Description of each label, where there is one.
  public let descriptions: [String?]
  /// Names of the channels.
  public let sensors: [String]
  /// What is drawn, in the order of the rows.
  public private(set) var points: [Point] = []
  /// Points at most; beyond it neighbours are joined.
  public let limit: Int
  /// Windows that a point stands for.
  public private(set) var windowsAPoint = 1
  /// Windows seen and windows that alarmed.
  public private(set) var windows = 0
  /// Windows that raised an alarm.
  public private(set) var alarms = 0
  private var pending: Point?
  private var merged = 0
  /// Which of the labels say that nothing is wrong.
  public let normal: [Bool]

  /// - Parameters:
  ///   - labels: of the fault task, in the order of `FaultPrediction.probabilities`.
  ///   - descriptions: one a label.
  ///   - sensors: in the order of `FaultPrediction.contributions`.
  public init(title: String, labels: [String], descriptions: [String?], sensors: [String], limit: Int = 1200)
  {
    precondition(descriptions.count == labels.count && limit >= 2)
    (self.title, self.labels, self.descriptions, self.sensors) = (title, labels, descriptions, sensors)
    self.limit = limit
    normal = labels.map(NormalLabel.isNormal)
  }

  /// Adds the next window.
  public mutating func add(_ prediction: FaultPrediction) {
    windows += 1
    if prediction.alarm { alarms += 1 }
    let point = Point(
      row: prediction.row, time: prediction.time, probabilities: prediction.probabilities,
      fault: prediction.fault,
      alarm: prediction.alarm, needsCheck: prediction.needsCheck,
      shares: prediction.contributions.map { Float($0.share) }, remaining: prediction.remaining,
      danger: Float(prediction.danger(isNormal: normal)), levels: prediction.levels)
    pending = pending.map { FaultTimeline.joined($0, merged, point, 1) } ?? point
    merged += 1
    guard merged == windowsAPoint, let whole = pending else { return }
    points.append(whole)
    (pending, merged) = (nil, 0)
    guard points.count == limit else { return }
    points = stride(from: 0, to: points.count, by: 2).map { place in
      place + 1 < points.count
        ? FaultTimeline.joined(points[place], windowsAPoint, points[place + 1], windowsAPoint) : points[place]
    }
    windowsAPoint *= 2
  }

  /// All points, with the one that is not full yet.
  public var allPoints: [Point] { points + (pending.map { [$0] } ?? []) }

  /// The graver of two neighbours, with the readings of both.
  private static func joined(_ a: Point, _ windows: Int, _ b: Point, _ others: Int) -> Point {
    let isFirst = a.alarm != b.alarm ? a.alarm : b.danger < a.danger
    var graver = isFirst ? a : b
    if a.levels.count == b.levels.count {
      graver.levels = zip(a.levels, b.levels).map { $0.joined($1, windows: windows, others: others) }
    }
    return graver
  }
}
