extension SensorHeader {
  /// Reads a time that a user wrote as the recording's times: in its format, or in ISO 8601 where it has dates.
  /// - Returns: seconds as in `Series.time`; nil for what is no time, or where the recording has none.
  public func seconds(ofTime text: String) -> Double? {
    let formats: [TimeFormat] =
      switch timeFormat {
      case "iso8601": [.iso]
      case "dd/mm/yyyy": [.dayFirst, .iso]
      case "mm/dd/yyyy": [.monthFirst, .iso]
      case "hh:mm:ss": [.clock]
      case "epoch": [.iso, .number(scale: SensorHeader.epochScale(text))]
      case "number": [.number(scale: 1)]
      default: []
      }
    let bytes = Array(text.utf8)
    for format in formats {
      let seconds = bytes.withUnsafeBufferPointer { format.seconds($0, decimal: decimal.asciiValue ?? 0x2E) }
      if seconds.isFinite { return seconds }
    }
    return nil
  }

  /// Seconds, or parts of one, since 1970: what brings the number nearest to our time.
  private static func epochScale(_ text: String) -> Double {
    guard let value = Double(text) else { return 1 }
    return [1e-9, 1e-6, 1e-3].first { abs(value) * $0 >= 1e8 } ?? 1
  }
}
