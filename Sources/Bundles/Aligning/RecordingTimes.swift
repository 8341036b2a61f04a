import Decoders

/// The times of some rows of a recording.
enum RecordingTimes {
  /// Seconds of the rows asked for, those without a readable time left out; nil where the recording tells no time, or
  /// writes it as plain numbers, of which nobody knows the unit.
  static func read(_ path: String, rows: Set<Int>) -> [Int: Double]? {
    guard let last = rows.max(),
      var reader = try? SensorReader(path: path, options: SensorOptions(keepsTimeText: false)),
      let format = reader.header.timeFormat, format != "number"
    else { return nil }
    var found: [Int: Double] = [:]
    while reader.lastRow < last, let block = try? reader.next() {
      guard let time = block.time else { return nil }
      for (row, seconds) in zip(block.rows, time) where rows.contains(row) && seconds.isFinite {
        found[row] = seconds
      }
    }
    return found
  }
}
