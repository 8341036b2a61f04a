import Decoders

/// Grades the sensors of a recording, row by row in memory that does not grow with its length.
///
///     let grades = try SensorGrader.grade(path: "plant.csv")
///     print(grades.table)
///
/// What is looked for and how it is judged stands in `SensorJudge`.
public struct SensorGrader {
  private let header: SensorHeader
  private var channels: [ChannelStatistics]
  private var time = TimeStatistics()
  private var sample: RowReservoir
  private var residuals: RowReservoir
  private var rows = 0

  /// Rows of the sample from which quantiles, steps and correlations are taken.
  private static let sampleRows = 4096

  /// - Parameter header: of the recording whose rows will be added.
  public init(header: SensorHeader) {
    self.header = header
    let width = header.channels.count
    channels = .init(repeating: ChannelStatistics(), count: width)
    // At most 64 MB, however wide the recording.
    let capacity = max(256, min(Self.sampleRows, (8 << 20) / max(1, width)))
    sample = RowReservoir(width: width, capacity: capacity)
    residuals = RowReservoir(width: width, capacity: capacity)
  }

  /// Takes further rows.
  /// - Precondition: they have the channels of the header.
  public mutating func add(_ series: Series) {
    let width = channels.count
    precondition(series.channels.count == width)
    var residual = [Float](repeating: .nan, count: width)
    for index in 0..<series.count {
      let number = series.rows[index]
      let row = series.values[index * width..<(index + 1) * width]
      for channel in 0..<width {
        residual[channel] = channels[channel].add(row[row.startIndex + channel], row: number)
        if channels[channel].needsScale { setScale(channel) }
      }
      sample.add(row)
      residuals.add(residual)
      if let times = series.time { time.add(times[index], row: number) }
    }
    rows += series.count
  }

  private mutating func setScale(_ channel: Int) {
    let known = channels[channel].earlyResiduals ?? residuals.column(channel).filter { $0 != 0 }
    let deviation = known.robustDeviation()
    channels[channel].setScale(deviation, step: Self.step(Array(channels[channel].distinct)) ?? 0)
  }

  /// The smallest distance between two of the values; nil where there are not two.
  static func step(_ values: [Float]) -> Double? {
    let sorted = values.sorted()
    return zip(sorted, sorted.dropFirst()).lazy.map { Double($1) - Double($0) }.filter { $0 > 0 }.min()
  }

  /// The grades of the rows so far.
  /// - Parameters:
  ///   - path: for the result.
  ///   - refused: rows of the recording that could not be read.
  public func grades(path: String, refused: RefusedRows = RefusedRows()) -> RecordingGrade {
    var settled = self
    let twins = TwinSearch(sample: sample, names: header.channels.map(\.name)).pairs()
    var sensors: [SensorGrade] = []
    for (index, channel) in header.channels.enumerated() {
      if settled.channels[index].earlyResiduals != nil { settled.setScale(index) }
      let judge = SensorJudge(
        statistics: settled.channels[index], sample: sample.column(index).sorted(),
        residuals: residuals.column(index))
      sensors.append(judge.grade(channel, twins: twins))
    }
    let timeGrade = header.timeChannel.map { TimeJudge(statistics: time).grade($0) }
    return RecordingGrade(
      path: path, rows: rows, refusedRows: refused.count, time: timeGrade, sensors: sensors, twins: twins,
      textColumns: header.textColumns)
  }

  /// Grades a file, a gzip file or standard input (`-`).
  /// - Throws: `DecodingError` as `SensorReader` does.
  public static func grade(
    path: String, options: SensorOptions = SensorOptions()
  ) throws(DecodingError) -> RecordingGrade {
    var options = options
    options.keepsTimeText = false
    var reader = try SensorReader(path: path, options: options)
    var grader = SensorGrader(header: reader.header)
    while let series = try reader.next(4096) { grader.add(series) }
    return grader.grades(path: path, refused: reader.refusedRows)
  }
}
