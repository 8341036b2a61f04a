/// How one sensor of a stream has behaved up to the latest row: whether it still gives values, and whether they move.
struct SensorPulse: Codable, Equatable {
  /// Rows that went by without a sign of life.
  struct Stretch: Codable, Equatable {
    var isHeld: Bool
    /// Data rows.
    var from: Int, to: Int
  }

  /// Bits of the latest value; JSON has no NaN.
  private var last: UInt32?
  /// Rows up to the latest one that held the same value, and the first of them.
  private var held = 0, heldFrom = 0
  /// Rows up to the latest one without a value, and the first of them.
  private var gap = 0, gapFrom = 0
  /// Rows with a value, and those of them whose value was another than the one before.
  private var present = 0, changes = 0
  private var rows = 0
  /// The latest stretch that is over, and rows since.
  private var stretch: Stretch?
  private var age = 0

  /// A sensor that has changed so often has shown how often it changes.
  private static let known = 20
  /// So many times the usual way between two signs of life happens by chance once in 20,000 times (e^-10), where they
  /// come at random.
  private static let times = 10

  /// - Parameters:
  ///   - row: number of the data row.
  ///   - window: rows of a window; half of one without a sign of life is more than a short gap.
  ///   - moves: whether training windows in which the sensor stands still were rare.
  mutating func take(_ value: Float, row: Int, window: Int, moves: Bool) {
    let before = silence(row: row - 1, window: window, moves: moves)
    rows += 1
    age += 1
    if value.isFinite {
      present += 1
      gap = 0
      if last == value.bitPattern {
        held += 1
      } else {
        if last != nil { changes += 1 }
        (last, held, heldFrom) = (value.bitPattern, 1, row)
      }
    } else {
      if gap == 0 { gapFrom = row }
      gap += 1
    }
    if let before, silence(row: row, window: window, moves: moves) == nil { (stretch, age) = (before, 1) }
  }

  /// The stretch that a window of so many rows, which ends at `row`, cannot be trusted for; nil for a sensor that is
  /// alive.
  func doubt(row: Int, window: Int, moves: Bool) -> Stretch? {
    if let now = silence(row: row, window: window, moves: moves) { return now }
    return age < window ? stretch : nil
  }

  private func silence(row: Int, window: Int, moves: Bool) -> Stretch? {
    let half = max(2, window / 2)
    let spacing = present < Self.known ? 0 : (rows - gap) / present
    if gap >= max(half, Self.times * spacing) { return Stretch(isHeld: false, from: gapFrom, to: row) }
    guard held >= half, gap == 0 else { return nil }
    let usual = changes < Self.known ? nil : Double(present - held) / Double(changes)
    let isOverdue = usual.map { Double(held) >= Double(Self.times) * max(1, $0) } ?? false
    return isOverdue || (moves && held >= window) ? Stretch(isHeld: true, from: heldFrom, to: row) : nil
  }
}
