import CSensorCSV

/// The time of a message, and numbers in it.
enum PayloadTime {
  /// Seconds: of a number as it is, from 1e11 on as milliseconds since 1970, from 1e14 as microseconds and from 1e17 as
  /// nanoseconds; of a date since 1970. NaN for what is neither.
  static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Double {
    var value = 0.0
    let kind = Int(braid_csv_number(text.baseAddress, text.count, UInt8(ascii: "."), &value))
    if kind == Int(BRAID_CSV_CELL_NUMBER) {
      let size = abs(value)
      return size >= 1e17 ? value * 1e-9 : size >= 1e14 ? value * 1e-6 : size >= 1e11 ? value * 1e-3 : value
    }
    for format in [TimeFormat.iso, .dayFirst, .monthFirst, .clock] {
      let seconds = format.seconds(text)
      if !seconds.isNaN { return seconds }
    }
    return .nan
  }

  /// To the nearest 32-bit number; NaN for nothing, nil for text and what is no finite number.
  static func float(_ text: UnsafeBufferPointer<UInt8>, _ decimal: UInt8) -> Float? {
    var value: Float = 0
    switch Int(braid_csv_number_float(text.baseAddress, text.count, decimal, &value)) {
    case Int(BRAID_CSV_CELL_NUMBER): return value.isFinite ? value : nil
    case Int(BRAID_CSV_CELL_MISSING): return .nan
    default: return nil
    }
  }
}
