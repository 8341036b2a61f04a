import Foundation

/// The times of the latest rows of a stream, and what is odd about them.
struct RowClock: Equatable {
  /// Seconds from one row to the next that the bundle was trained on, or that the stream began with; nil until known.
  var interval: Double?
  /// Whether `interval` is the training's.
  let isTrained: Bool
  /// A rate is another from this share on.
  let tolerance: Double
  private var times: [Double] = []
  private var numbers: [Int] = []
  /// Rows that came a second time, time and values.
  private var repeated: [Int] = []

  /// More than so many rows missing, as a share of a window, and it is no window of the machine; as for values.
  private static let missing = 0.2
  /// A step of so many usual ones has a row missing; a late row stays below.
  private static let gap = 1.5

  init(interval: Double?, tolerance: Double) {
    (self.interval, isTrained, self.tolerance) = (interval, interval != nil, tolerance)
  }

  mutating func take(_ time: Double, row: Int, repeats: Bool, window: Int) {
    if repeats, let last = times.last, last == time { repeated.append(row) }
    times.append(time)
    numbers.append(row)
    guard times.count >= 2 * window else { return }
    times.removeFirst(times.count - window)
    numbers.removeFirst(numbers.count - window)
    repeated.removeAll { $0 < numbers[0] }
  }

  /// What stands in the way of trusting the last `window` rows, one sentence each.
  mutating func doubts(window: Int) -> [String] {
    guard times.count >= max(3, window) else { return [] }
    let times = times.suffix(window), numbers = Array(numbers.suffix(window))
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    let forward = steps.filter { $0 >= 0 }.sorted()
    var found: [String] = []
    let back = steps.indices.filter { steps[$0] < 0 }
    if let first = back.first {
      found.append(
        "The time goes back at row \(numbers[first + 1])"
          + (back.count > 1 ? ", and \(back.count - 1) more times in this window." : "."))
    }
    let twice = repeated.filter { $0 > numbers[0] }
    if let first = twice.first {
      found.append(
        "Row \(first) repeats the one before it, time and values"
          + (twice.count > 1 ? ", and \(twice.count - 1) more rows of this window do so." : "."))
    }
    guard !forward.isEmpty else { return found }
    // Times that are written in coarse steps are equal now and then; their mean tells the rate.
    let isCoarse = twice.isEmpty && forward[0] == 0
    let usual = isCoarse ? forward.reduce(0, +) / Double(forward.count) : forward[forward.count / 2]
    guard usual > 0 else { return found }
    if let interval, abs(usual / interval - 1) > tolerance {
      let (now, then) = (RowClock.text(usual), RowClock.text(interval))
      found.append(
        isTrained
          ? "Rows come every \(now) s; the bundle was trained on one every \(then) s."
          : "Rows come every \(now) s; this recording began with one every \(then) s.")
    } else if interval == nil {
      interval = usual
    }
    let gaps = steps.indices.filter { !isCoarse && steps[$0] > RowClock.gap * usual }
    let missing = gaps.reduce(0.0) { $0 + (steps[$1] / usual).rounded() - 1 }
    if missing > RowClock.missing * Double(window), let longest = gaps.max(by: { steps[$0] < steps[$1] }) {
      found.append(
        "About \(RowClock.text(missing)) rows are missing in this window; nothing came for "
          + "\(RowClock.text(steps[longest])) s before row \(numbers[longest + 1]).")
    }
    return found
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : String(format: "%.4g", number)
  }
}

extension RowClock {
  /// What a restart goes on from. Times are bytes: JSON has no NaN.
  struct Saved: Codable {
    var interval: Double?
    var times: Data
    var numbers: [Int], repeated: [Int]
  }

  var saved: Saved {
    Saved(
      interval: interval, times: times.withUnsafeBytes { Data($0) }, numbers: numbers, repeated: repeated)
  }

  mutating func resume(_ saved: Saved) {
    guard saved.times.count == 8 * saved.numbers.count else { return }
    (numbers, repeated) = (saved.numbers, saved.repeated)
    times = saved.times.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    if !isTrained { interval = saved.interval }
  }
}
