import Foundation

/// Makes rows of what messages tell.
///
/// Of whole rows each message is one. Of parts, the latest value of every sensor is held, and a row is made
/// - with `every`: once a period in which something came, by the times that messages carry, or else by the clock;
/// - otherwise with times: when a later time comes, or every sensor has told its value for this one;
/// - otherwise: when every sensor has told a value, or one tells its second.
struct RowMaker: Codable {
  let plan: RowPlan
  /// Seconds; nil for a row for each time.
  let every: Double?
  /// The last row made; 1 the first.
  private(set) var lastRow = 0
  /// Parts that came later than the row they belong to.
  private(set) var late = 0
  private(set) var unreadableTimes = 0
  /// Bits of the latest value of each sensor; JSON has no NaN.
  private var held: [UInt32]
  /// Which sensors have told their value for the row that is being made.
  private var fresh: [Bool]
  /// Seconds or period of the row being made; nil for none.
  private var at: Double?
  private var text: String?
  /// Seconds or period of the last row made.
  private var made: Double?

  init(_ plan: RowPlan, every: Double?) {
    (self.plan, self.every) = (plan, every)
    held = plan.names.map { _ in Float.nan.bitPattern }
    fresh = plan.names.map { _ in false }
  }

  /// Whether rows have a time.
  var hasTime: Bool { plan.hasTime || (every != nil && plan.kind == .parts) }

  /// Takes a whole row.
  mutating func take(whole values: [(slot: Int, value: Float)], _ row: PayloadRow, into block: inout RowBlock)
  {
    held = plan.names.map { _ in Float.nan.bitPattern }
    for (slot, value) in values { held[slot] = value.bitPattern }
    if plan.hasTime, row.time?.isNaN ?? true { unreadableTimes += 1 }
    emit(row.time ?? .nan, row.timeText, &block)
  }

  /// Takes a part of a row.
  /// - Parameters:
  ///   - isOld: kept by the broker from before: it tells where a sensor stands, and makes no row.
  ///   - now: seconds since 1970.
  mutating func take(
    part values: [(slot: Int, value: Float)], _ row: PayloadRow, isOld: Bool, now: Double,
    into block: inout RowBlock
  ) {
    if isOld {
      for (slot, value) in values where Float(bitPattern: held[slot]).isNaN { held[slot] = value.bitPattern }
      return
    }
    let time = row.time.flatMap { $0.isNaN ? nil : $0 }
    if plan.hasTime, time == nil { unreadableTimes += 1 }
    if let every {
      let period = ((time ?? now) / every).rounded(.down)
      guard advance(to: period, &block) else { return }
      (at, text) = (period, row.timeText ?? RowMaker.clock(now))
    } else if let time {
      guard advance(to: time, &block) else { return }
      (at, text) = (time, row.timeText)
    } else if values.contains(where: { fresh[$0.slot] }) {
      emitHeld(&block)
    }
    for (slot, value) in values { (held[slot], fresh[slot]) = (value.bitPattern, true) }
    if every == nil, fresh.allSatisfy({ $0 }) { emitHeld(&block) }
  }

  /// Ends the row that was being made where a later one begins. False: this part is too late.
  private mutating func advance(to next: Double, _ block: inout RowBlock) -> Bool {
    if let made, next <= made {
      late += 1
      return false
    }
    if let at, next < at {
      late += 1
      return false
    }
    if let at, next > at { emitHeld(&block) }
    return true
  }

  private mutating func emitHeld(_ block: inout RowBlock) {
    emit(at.map { $0 * (every ?? 1) } ?? .nan, text, &block)
    (made, at, text) = (at ?? made, nil, nil)
    for slot in fresh.indices { fresh[slot] = false }
  }

  private mutating func emit(_ time: Double, _ text: String?, _ block: inout RowBlock) {
    lastRow += 1
    block.values += held.map(Float.init(bitPattern:))
    block.rows.append(lastRow)
    guard hasTime else { return }
    block.time.append(time)
    block.timeText.append(text ?? "")
  }

  private static func clock(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(.iso8601)
  }
}
