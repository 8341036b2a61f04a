import CSensorCSV

/// How a time column is written.
enum TimeFormat: Codable, Equatable, Sendable {
  /// A number; seconds are the number times `scale` (1 for plain numbers and epoch seconds, 1e-3 for epoch
  /// milliseconds, and so on).
  case number(scale: Double)
  /// ISO 8601 or near it: `2020-03-09 10:14:33.5+01:00`, `2020/03/09`, `20200309T101433Z`, `20200309101433`.
  case iso
  /// `dd/mm/yyyy hh:mm:ss`, also with `.` or `-`, two-digit years and AM or PM.
  case dayFirst
  /// `mm/dd/yyyy hh:mm:ss`, likewise.
  case monthFirst
  /// `hh:mm:ss.fff` alone, as seconds since midnight.
  case clock

  /// Seconds (since 1970 UTC for dates; times without a zone are taken as UTC), or NaN where the cell is not
  /// written in this way.
  func seconds(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8 = UInt8(ascii: ".")) -> Double {
    switch self {
    case .number(let scale):
      var value = 0.0
      let kind = braid_csv_number(bytes.baseAddress, bytes.count, decimal, &value)
      return Int(kind) == Int(BRAID_CSV_CELL_NUMBER) ? value * scale : .nan
    case .iso:
      var cursor = TimeCursor(bytes)
      return cursor.iso() ?? .nan
    case .dayFirst:
      var cursor = TimeCursor(bytes)
      return cursor.dayAndMonth(dayFirst: true) ?? .nan
    case .monthFirst:
      var cursor = TimeCursor(bytes)
      return cursor.dayAndMonth(dayFirst: false) ?? .nan
    case .clock:
      var cursor = TimeCursor(bytes)
      guard let seconds = cursor.clock(), cursor.isAtEnd else { return .nan }
      return seconds
    }
  }
}

/// Reads a date from left to right; every part is checked against the calendar.
private struct TimeCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func take(_ characters: StaticString) -> UInt8? {
    let byte = next
    guard byte != 0 else { return nil }
    let found = characters.withUTF8Buffer { $0.contains(byte) }
    if found { position += 1 }
    return found ? byte : nil
  }

  /// Up to `most` digits; nil where there are fewer than `least`.
  private mutating func number(_ least: Int, _ most: Int) -> Int? {
    var value = 0, count = 0
    while count < most, next >= 0x30, next <= 0x39 {
      value = value * 10 + Int(next - 0x30)
      position += 1
      count += 1
    }
    return count < least ? nil : value
  }

  private func digitsAhead() -> Int {
    var count = 0
    while position + count < bytes.count, bytes[position + count] >= 0x30, bytes[position + count] <= 0x39 {
      count += 1
    }
    return count
  }

  mutating func iso() -> Double? {
    let ahead = digitsAhead()
    let isBasic = ahead == 8 || ahead == 14
    guard ahead == 4 || isBasic, let year = number(4, 4) else { return nil }
    var month: Int?, day: Int?
    if isBasic {
      (month, day) = (number(2, 2), number(2, 2))
    } else {
      guard let separator = take("-/.") else { return nil }
      month = number(1, 2)
      guard next == separator else { return nil }
      position += 1
      day = number(1, 2)
    }
    guard let month, let day, let days = daysSince1970(year, month, day) else { return nil }
    let start = Double(days) * 86400
    if isAtEnd { return ahead == 14 ? nil : start }
    if ahead != 14 { guard skipToClock() else { return nil } }
    let time: Double?
    if isBasic && !clockHasColons() { time = basicClock() } else { time = clock() }
    guard let time else { return nil }
    return finish(start + time)
  }

  mutating func dayAndMonth(dayFirst: Bool) -> Double? {
    guard let first = number(1, 2), let separator = take("/.-"), let second = number(1, 2), next == separator
    else { return nil }
    position += 1
    let digits = digitsAhead()
    guard digits == 4 || digits == 2, var year = number(2, 4) else { return nil }
    if digits == 2 { year += year < 70 ? 2000 : 1900 }
    guard let days = daysSince1970(year, dayFirst ? second : first, dayFirst ? first : second) else {
      return nil
    }
    let start = Double(days) * 86400
    if isAtEnd { return start }
    guard skipToClock(), let time = clock() else { return nil }
    return finish(start + time)
  }

  /// `hh:mm`, `hh:mm:ss` or with a fraction, and AM or PM.
  mutating func clock() -> Double? {
    guard var hour = number(1, 2), take(":") != nil, let minute = number(2, 2) else { return nil }
    var second = 0.0
    if next == UInt8(ascii: ":") {
      position += 1
      guard let whole = number(2, 2), whole <= 60, let part = fraction() else { return nil }
      second = Double(whole) + part
    }
    var ahead = position
    while ahead < bytes.count, bytes[ahead] == 0x20 { ahead += 1 }
    if ahead + 1 < bytes.count, bytes[ahead + 1] | 0x20 == UInt8(ascii: "m") {
      let half = bytes[ahead] | 0x20
      guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p"), (1...12).contains(hour) else {
        return nil
      }
      hour = hour % 12 + (half == UInt8(ascii: "p") ? 12 : 0)
      position = ahead + 2
    }
    guard minute <= 59, hour <= 23 || (hour == 24 && minute == 0 && second == 0) else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  private mutating func basicClock() -> Double? {
    guard let hour = number(2, 2), let minute = number(2, 2) else { return nil }
    var second = 0.0
    if next >= 0x30, next <= 0x39 {
      guard let whole = number(2, 2), whole <= 60, let part = fraction() else { return nil }
      second = Double(whole) + part
    }
    guard hour <= 23, minute <= 59 else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  /// What stands behind a decimal mark, 0 where there is none.
  private mutating func fraction() -> Double? {
    guard take(".,") != nil else { return 0 }
    var value = 0.0, scale = 1.0, count = 0
    while next >= 0x30, next <= 0x39 {
      if count < 15 {
        value = value * 10 + Double(next - 0x30)
        scale *= 10
      }
      count += 1
      position += 1
    }
    return count == 0 ? nil : value / scale
  }

  private mutating func skipToClock() -> Bool {
    if take("Tt") != nil { return true }
    guard take(" ") != nil else { return false }
    while next == 0x20 { position += 1 }
    return true
  }

  private func clockHasColons() -> Bool {
    bytes[position...].prefix(3).contains(UInt8(ascii: ":"))
  }

  /// Takes the zone, if there is one, off the end.
  private mutating func finish(_ seconds: Double) -> Double? {
    while next == 0x20 { position += 1 }
    if isAtEnd { return seconds }
    if take("Zz") != nil { return isAtEnd ? seconds : nil }
    if bytes.count - position == 3, bytes[position...].elementsEqual("UTC".utf8) { return seconds }
    guard let sign = take("+-"), let hours = number(2, 2), hours <= 15 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = take(":")
      guard let written = number(2, 2), written <= 59 else { return nil }
      minutes = written
    }
    guard isAtEnd else { return nil }
    let offset = Double(hours * 3600 + minutes * 60)
    return sign == UInt8(ascii: "+") ? seconds - offset : seconds + offset
  }

  /// Days in the proleptic Gregorian calendar, counted in years that begin in March so that the leap day comes
  /// last; nil for a day that no calendar has.
  private func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = (31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    guard year >= 1, (1...12).contains(month), day >= 1 else { return nil }
    let length = withUnsafeBytes(of: lengths) { $0.load(fromByteOffset: (month - 1) * 8, as: Int.self) }
    guard day <= length else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }
}
