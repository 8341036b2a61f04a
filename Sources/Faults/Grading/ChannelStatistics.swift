/// What is counted of one channel row by row.
struct ChannelStatistics {
  private(set) var rows = 0, missing = 0
  private(set) var minimum = Float.infinity, maximum = -Float.infinity
  private(set) var atMinimum = 0, atMaximum = 0
  /// The longest run at the value that is the minimum or maximum so far.
  private(set) var runAtMinimum = 0, runAtMaximum = 0
  private(set) var mean = 0.0
  private var squares = 0.0
  private(set) var repeated = 0
  private(set) var longestRun = 0, longestRunStart = 0, longestRunValue = Float.nan
  private(set) var spikes = 0
  /// Different values, up to a limit.
  private(set) var distinct: Set<Float> = []
  private(set) var means = BlockMeans()

  private var last = Float.nan, beforeLast = Float.nan
  private var run = 0, runStart = 0
  /// Residuals kept until a first scale is known. Those of 0 say nothing of the noise: the machine may be off, or a
  /// value held.
  private var early: [(residual: Float, span: Float)] = []
  private var scale: Float?
  /// Residuals other than 0, and their number at which the scale is to be looked at again.
  private var moving = 0, nextLook = warmUp
  private var lastWasSpike = false

  static let maximumDistinct = 1024
  private static let warmUp = 1024
  /// A residual beyond so many robust deviations is a spike: normal noise goes there once in 10^15 values.
  private static let spikeLimit: Float = 8

  var count: Int { rows - missing }
  var deviation: Double { count > 1 ? (squares / Double(count - 1)).squareRoot() : 0 }

  /// Takes the next value.
  /// - Returns: how far the value before lay from the middle of its neighbours, NaN where one is missing.
  mutating func add(_ value: Float, row: Int) -> Float {
    rows += 1
    means.add(value)
    guard !value.isNaN else {
      missing += 1
      (beforeLast, last, run) = (.nan, .nan, 0)
      return .nan
    }
    let distance = Double(value) - mean
    mean += distance / Double(count)
    squares += distance * (Double(value) - mean)
    if distinct.count < Self.maximumDistinct { distinct.insert(value) }

    if value == last {
      repeated += 1
      run += 1
    } else {
      (run, runStart) = (1, row)
    }
    if run > longestRun { (longestRun, longestRunStart, longestRunValue) = (run, runStart, value) }
    if value < minimum { (minimum, atMinimum, runAtMinimum) = (value, 0, 0) }
    if value > maximum { (maximum, atMaximum, runAtMaximum) = (value, 0, 0) }
    if value == minimum { (atMinimum, runAtMinimum) = (atMinimum + 1, max(runAtMinimum, run)) }
    if value == maximum { (atMaximum, runAtMaximum) = (atMaximum + 1, max(runAtMaximum, run)) }

    let residual = last - 0.5 * (beforeLast + value)
    if !residual.isNaN {
      if residual != 0 { moving += 1 }
      look(residual, span: abs(value - beforeLast))
    }
    (beforeLast, last) = (last, value)
    return residual
  }

  /// Counts a spike: far from the middle of the neighbours, which are close to each other (else it is a step).
  private mutating func look(_ residual: Float, span: Float) {
    guard let scale else {
      if residual != 0 { early.append((residual, span)) }
      return
    }
    let isSpike = abs(residual) > Self.spikeLimit * scale && span < 0.5 * abs(residual)
    if isSpike && !lastWasSpike { spikes += 1 }
    lastWasSpike = isSpike
  }

  /// Whether twice as many residuals are known as when the scale was set last.
  var needsScale: Bool { moving >= nextLook }

  /// Sets what residuals are measured by.
  /// - Parameter step: the smallest step between values: a residual of some steps is no spike.
  mutating func setScale(_ deviation: Double, step: Double) {
    nextLook = max(2 * moving, Self.warmUp)
    scale = Float(max(deviation, step, 1e-6 * abs(mean), .leastNormalMagnitude))
    let waiting = early
    early = []
    for (residual, span) in waiting { look(residual, span: span) }
  }

  /// The residuals that wait for a first scale; nil once there is one.
  var earlyResiduals: [Float]? { scale == nil ? early.map(\.residual) : nil }
}
