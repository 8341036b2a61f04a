import CSensorCSV

/// What the cells of a column look like, counted over the first rows of a file.
struct CellKinds {
  var missing = 0
  /// Numbers with a decimal point or without any mark.
  var pointNumbers = 0
  /// Numbers that need the comma as decimal mark.
  var commaNumbers = 0
  /// Numbers without any mark or with an exponent only.
  var wholeNumbers = 0
  var texts = 0
  /// Cells that each way of writing a date could have written, in the order of `dateFormats`.
  var dates = [Int](repeating: 0, count: 4)
  /// Of those, the ones that hold a time of day as well.
  var dateTimes = 0
  /// The numbers, for those kinds of time that are numbers.
  var values: [Double] = []

  static let dateFormats: [TimeFormat] = [.iso, .dayFirst, .monthFirst, .clock]

  var present: Int { pointNumbers + commaNumbers + texts }

  enum Kind { case missing, number, text }

  mutating func add(_ cell: UnsafeBufferPointer<UInt8>) -> Kind {
    var value = 0.0
    let point = Int(braid_csv_number(cell.baseAddress, cell.count, UInt8(ascii: "."), &value))
    if point == Int(BRAID_CSV_CELL_MISSING) {
      missing += 1
      return .missing
    }
    var isNumber = point != Int(BRAID_CSV_CELL_TEXT)
    if isNumber {
      pointNumbers += 1
      if !cell.contains(UInt8(ascii: ".")) { wholeNumbers += 1 }
    } else if cell.contains(UInt8(ascii: ",")) {
      let comma = Int(braid_csv_number(cell.baseAddress, cell.count, UInt8(ascii: ","), &value))
      isNumber = comma == Int(BRAID_CSV_CELL_NUMBER)
      if isNumber { commaNumbers += 1 }
    }
    if isNumber { values.append(value) } else { texts += 1 }
    var isDate = false
    if cell.count <= 40, !isNumber || cell.count == 14 {
      for (index, format) in Self.dateFormats.enumerated() where !format.seconds(cell).isNaN {
        dates[index] += 1
        isDate = true
      }
      if isDate, cell.contains(UInt8(ascii: ":")) || cell.count >= 13 { dateTimes += 1 }
    }
    return isNumber ? .number : .text
  }

  /// Whether a cell is a number or a date; nil for a missing value.
  static func understands(_ cell: UnsafeBufferPointer<UInt8>) -> Bool? {
    var value = 0.0
    let kind = Int(braid_csv_number(cell.baseAddress, cell.count, UInt8(ascii: "."), &value))
    if kind == Int(BRAID_CSV_CELL_MISSING) { return nil }
    if kind != Int(BRAID_CSV_CELL_TEXT) { return true }
    guard cell.count <= 40, let first = cell.first, first < 0x3A else { return false }
    if cell.contains(UInt8(ascii: ",")),
      Int(braid_csv_number(cell.baseAddress, cell.count, UInt8(ascii: ","), &value))
        == Int(BRAID_CSV_CELL_NUMBER)
    {
      return true
    }
    return dateFormats.contains { !$0.seconds(cell).isNaN }
  }

  /// The way in which nearly all cells are written as dates, or nil.
  var dateFormat: TimeFormat? {
    guard present > 0, let best = dates.max(), best > 0, Double(best) >= 0.9 * Double(present),
      let index = dates.firstIndex(of: best)
    else { return nil }
    // A column of numbers is one of dates only where its digits are a date in every row.
    if texts == 0 && best < present { return nil }
    return Self.dateFormats[index]
  }

  /// Whether nearly all cells are words.
  var isText: Bool { texts > 0 && Double(texts) >= 0.9 * Double(present) }

  var isNumber: Bool { pointNumbers + commaNumbers > 0 && !isText }

  /// Seconds per unit for numbers that lie where epoch times of 1973 to 2128 lie, else nil.
  var epochScale: Double? {
    guard !values.isEmpty, let low = values.min(), let high = values.max() else { return nil }
    for (scale, unit) in [(1.0, 1.0), (1e-3, 1e3), (1e-6, 1e6), (1e-9, 1e9)]
    where low >= 1e8 * unit && high <= 5e9 * unit { return scale }
    return nil
  }

  var isRising: Bool { values.count >= 2 && zip(values, values.dropFirst()).allSatisfy { $0 <= $1 } }

  /// 0, 1, 2, … or 1, 2, 3, …
  var isCounting: Bool {
    guard values.count >= 2, values[0] == 0 || values[0] == 1 else { return false }
    return zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }
}
