import Decoders
import Foundation

/// Turns what was counted of a channel into a grade.
///
/// Points start at 100 and every finding takes some away; A from 90, B from 75, C from 55, D below and F at
/// none. The
/// methods: runs of one value against the longest run that chance would give (Schilling, "The longest run of heads",
/// College Math. J. 21, 1990); noise and spikes from the residual of a value against the middle of its neighbours
/// (Gasser, Sroka and Jennen-Steinmetz, "Residual variance and residual pattern in nonlinear regression", Biometrika
/// 73, 1986), scaled by the median absolute deviation (Hampel 1974); far-off codes by the robust z score (Iglewicz
/// and Hoaglin, "How to detect and handle outliers", ASQC 1993); drift by Sen's slope and Kendall's tau over block
/// means.
struct SensorJudge {
  let statistics: ChannelStatistics
  /// Sorted, without missing values.
  let sample: [Float]
  let residuals: [Float]

  private var n: Int { statistics.count }
  private var isState: Bool { statistics.distinct.count <= 16 }

  func grade(_ channel: Channel, twins: [TwinSensors]) -> SensorGrade {
    var findings: [GradeFinding] = []
    let figures = measure()
    func add(_ code: GradeFinding.Code, _ value: Double, _ penalty: Double, _ reason: String) {
      findings.append(GradeFinding(code: code, value: value, penalty: penalty, reason: reason))
    }
    if n == 0 {
      add(.empty, 1, 100, "There is no value in \(statistics.rows) rows.")
    } else if statistics.minimum == statistics.maximum {
      add(
        .constant, Double(n), 100,
        "It never changes: all \(n) values are \(short(Double(statistics.minimum))).")
    } else {
      stuck(figures, add)
      spikes(figures, add)
      extremes(figures, add)
      resolution(figures, add)
      drift(figures, add)
      for twin in twins where twin.second == channel.name {
        add(
          .twin, twin.correlation, 5,
          "It tells the same as \(twin.first): their correlation is \(String(format: "%.4f", twin.correlation))."
        )
      }
      if statistics.rows < 100 {
        add(.short, Double(statistics.rows), 5, "There are only \(statistics.rows) rows to judge by.")
      }
    }
    let share = statistics.rows == 0 ? 0 : Double(statistics.missing) / Double(statistics.rows)
    if share >= 0.001 && n > 0 {
      add(
        .missing, share, share > 0.95 ? 100 : min(80, 8 + 120 * share),
        "\(percent(share)) of the values are missing (\(statistics.missing) of \(statistics.rows)).")
    }
    findings.sort { $0.penalty > $1.penalty }
    let sum = findings.reduce(0) { $0 + $1.penalty }
    let isDead = findings.contains { $0.penalty >= 100 }
    let points = isDead ? 0 : max(1, 100 - sum)
    let grade = Grade(points: points)
    return SensorGrade(
      sensor: channel.name, unit: channel.unit, grade: grade, verdict: grade.word, points: points,
      findings: findings,
      figures: figures)
  }

  private func measure() -> SensorFigures {
    let trend = statistics.means.trend()
    // The residual of white noise has one and a half times its variance.
    let noise = residuals.isEmpty ? nil : residuals.robustDeviation() / 1.5.squareRoot()
    return SensorFigures(
      rows: statistics.rows, missing: statistics.missing, minimum: n > 0 ? Double(statistics.minimum) : nil,
      maximum: n > 0 ? Double(statistics.maximum) : nil, mean: n > 0 ? statistics.mean : nil,
      deviation: n > 1 ? statistics.deviation : nil, lowest: sample.quantile(0.01),
      median: sample.quantile(0.5),
      highest: sample.quantile(0.99), longestRun: statistics.longestRun,
      longestRunStart: statistics.longestRunStart,
      repeatedShare: n > 1 ? Double(statistics.repeated) / Double(n - 1) : 0,
      distinct: statistics.distinct.count,
      step: SensorGrader.step(sample), noise: noise, spikes: statistics.spikes,
      shareAtMinimum: n > 0 ? Double(statistics.atMinimum) / Double(n) : 0,
      shareAtMaximum: n > 0 ? Double(statistics.atMaximum) / Double(n) : 0, drift: trend?.change)
  }

  private typealias Adding = (GradeFinding.Code, Double, Double, String) -> Void

  private func stuck(_ figures: SensorFigures, _ add: Adding) {
    // A switch or a setpoint stands still by nature.
    guard !isState, n >= 50 else { return }
    let changes = max(1, n - 1 - statistics.repeated)
    let typical = Double(n) / Double(changes)
    // With runs of `typical` rows on average, the longest of so many is about this long by chance.
    let expected = typical * (1 + log(Double(changes)))
    let run = Double(figures.longestRun)
    // Zero at the end of the range is what a machine reads that is switched off.
    let isIdle = statistics.longestRunValue == 0 && (statistics.minimum == 0 || statistics.maximum == 0)
    // Many runs at the end of the range are clipping; one alone is a sensor that got stuck there.
    let value = statistics.longestRunValue
    let isClipped =
      (value == statistics.minimum && 2 * statistics.longestRun < statistics.atMinimum)
      || (value == statistics.maximum && 2 * statistics.longestRun < statistics.atMaximum)
    if run > 3 * expected + 10, !isIdle, !isClipped {
      let share = run / Double(n)
      add(
        .stuck, run, min(70, 12 + 150 * share),
        "It stands still for \(figures.longestRun) rows from row \(figures.longestRunStart) on (\(percent(share)) of all), "
          + "where a value usually lasts \(short(typical)) rows.")
    }
    if figures.repeatedShare > 0.5, !isIdle {
      add(
        .held, typical, figures.repeatedShare > 0.9 ? 10 : 4,
        "It changes only every \(short(typical)) rows on average; between that the last value is held.")
    }
  }

  private func spikes(_ figures: SensorFigures, _ add: Adding) {
    guard statistics.spikes > 0, !isState else { return }
    let share = Double(statistics.spikes) / Double(n)
    add(
      .spikes, Double(statistics.spikes), min(45, 3 + 1500 * share),
      "\(statistics.spikes) single values (\(percent(share))) jump away from both neighbours by more than 8 times the "
        + "usual residual.")
  }

  private func extremes(_ figures: SensorFigures, _ add: Adding) {
    guard !isState, n >= 50, let median = figures.median, let low = figures.lowest, let high = figures.highest
    else { return }
    let spread = max(sample.robustDeviation(), figures.step ?? 0)
    for (value, count, run, end, bound) in [
      (Double(statistics.minimum), statistics.atMinimum, statistics.runAtMinimum, "lowest", low),
      (Double(statistics.maximum), statistics.atMaximum, statistics.runAtMaximum, "highest", high),
    ] {
      let share = Double(count) / Double(n)
      // Far beyond all but itself, and always the same: a code.
      let others = sample.filter { Double($0) != value }
      let otherEnd = end == "lowest" ? others.first.map(Double.init) : others.last.map(Double.init)
      if count >= 3, spread > 0, abs(value - median) > 10 * spread, let otherEnd,
        abs(value - otherEnd) > max(5 * spread, 0.5 * abs(otherEnd - median))
      {
        add(
          .sentinel, share, min(60, 15 + 100 * share),
          "\(short(value)) stands there \(count) times, far away from all other values: perhaps a code for a missing value."
        )
      } else if value == 0, run >= 5, share >= 0.02 {
        add(
          .idle, share, 5,
          "It is 0 in \(percent(share)) of the rows, up to \(run) in a row, as if switched off.")
      } else if run >= 5, 2 * run < count, share >= 0.005, figures.repeatedShare < 0.5 || share > 0.05,
        abs(value - bound) <= spread
      {
        add(
          .clipping, share, min(50, 12 + 150 * share),
          "\(percent(share)) of the values lie exactly at the \(end) value \(short(value)), up to \(run) in a row: "
            + "it is cut off there.")
      }
    }
  }

  private func resolution(_ figures: SensorFigures, _ add: Adding) {
    guard !isState, let step = figures.step, let low = figures.lowest, let high = figures.highest, high > low
    else {
      return
    }
    let levels = (high - low) / step
    if levels < 32, statistics.distinct.count < 64 {
      add(
        .quantised, levels, 6,
        "It knows only about \(Int(levels.rounded()) + 1) levels, \(short(step)) apart, in its usable range.")
    }
  }

  private func drift(_ figures: SensorFigures, _ add: Adding) {
    guard !isState, n >= 200, let (change, tau) = statistics.means.trend(), let noise = figures.noise else {
      return
    }
    let deviation = statistics.deviation
    if abs(tau) >= 0.8, abs(change) > 1.5 * deviation, abs(change) > 3 * noise {
      add(
        .drift, change, 8,
        "It \(change > 0 ? "rises" : "falls") steadily by \(short(abs(change))) from start to end, "
          + "\(short(abs(change) / max(deviation, .leastNormalMagnitude))) times its standard deviation.")
    }
  }
}

/// Turns what was counted of the time column into a grade.
struct TimeJudge {
  let statistics: TimeStatistics

  func grade(_ column: String) -> TimeGrade {
    var counted = statistics
    let regularity = counted.finish()
    var findings: [GradeFinding] = []
    func add(_ code: GradeFinding.Code, _ count: Int, _ most: Double, _ reason: String) {
      guard count > 0 else { return }
      let share = Double(count) / Double(max(1, counted.rows))
      findings.append(
        GradeFinding(code: code, value: Double(count), penalty: min(most, 5 + 200 * share), reason: reason))
    }
    add(.unreadable, counted.unreadable, 60, "\(counted.unreadable) rows have no readable time.")
    add(
      .duplicates, counted.duplicates, 40, "\(counted.duplicates) rows have the same time as the row before.")
    add(
      .backwards, counted.backwards, 60,
      "Time goes backwards \(counted.backwards) times, first in row \(counted.firstBackwardsRow).")
    if let regularity {
      add(
        .gaps, counted.gaps, 40,
        "\(counted.gaps) gaps leave out about \(counted.missingRows) rows; the longest, before row "
          + "\(counted.longestGapRow), is \(short(counted.longestGap)) against the usual \(short(regularity.interval))."
      )
      if regularity.jitter > 0.1 {
        findings.append(
          GradeFinding(
            code: .irregular, value: regularity.jitter, penalty: min(40, 60 * regularity.jitter),
            reason: "Rows come irregularly: the middle deviation from \(short(regularity.interval)) is "
              + "\(percent(regularity.jitter))."))
      }
    }
    findings.sort { $0.penalty > $1.penalty }
    return TimeGrade(
      column: column, grade: Grade(points: 100 - findings.reduce(0) { $0 + $1.penalty }), findings: findings,
      interval: regularity?.interval, jitter: regularity?.jitter, gaps: counted.gaps,
      missingRows: counted.missingRows,
      longestGap: counted.gaps > 0 ? counted.longestGap : nil, duplicates: counted.duplicates,
      backwards: counted.backwards, unreadable: counted.unreadable)
  }
}

/// Four significant digits.
func short(_ value: Double) -> String { String(format: "%.4g", value) }

func percent(_ share: Double, _ digits: Int = 1) -> String {
  let text = String(format: "%.\(digits)f", share * 100)
  return share > 0 && Double(text) == 0 ? "less than 0.1 %" : text + " %"
}
