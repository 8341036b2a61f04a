/// Rows as they are read, until they are handed out.
struct RowBlock {
  /// `[row, channel]`.
  var values: [Float] = []
  var time: [Double] = []
  var timeText: [String] = []
  var rows: [Int] = []

  func series(_ layout: SensorLayout, keepsText: Bool) -> Series {
    let hasTime = layout.time != nil
    return Series(
      channels: layout.channels, values: values, time: hasTime ? time : nil,
      timeText: hasTime && keepsText ? timeText : nil, rows: rows)
  }
}
