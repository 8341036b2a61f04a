/// What is counted of a run.
public struct RunFacts: Sendable {
  /// Rows of a window, and from one to the next.
  public var rows: Int, stride: Int
  /// The last data row read, and rows that could not be read.
  public var lastRow: Int, refusedRows: Int
  /// Windows predicted, those that alarm, and those that a person should look at.
  public var windows: Int, alarms: Int, needCheck: Int
  /// What the user should know of the columns and of the answers.
  public var notes: [String]

  /// - Parameters:
  ///   - rows: of a window.
  ///   - stride: rows from one window to the next.
  public init(
    rows: Int, stride: Int, lastRow: Int, refusedRows: Int = 0, windows: Int, alarms: Int, needCheck: Int = 0,
    notes: [String] = []
  ) {
    (self.rows, self.stride, self.lastRow, self.refusedRows) = (rows, stride, lastRow, refusedRows)
    (self.windows, self.alarms, self.needCheck, self.notes) = (windows, alarms, needCheck, notes)
  }

  /// Of a job that has ended.
  public init(_ opening: PredictJob.Opening, _ summary: PredictJob.Summary) {
    self.init(
      rows: opening.rows, stride: opening.stride, lastRow: summary.lastRow,
      refusedRows: summary.refused.count, windows: summary.windows, alarms: summary.alarms,
      needCheck: summary.needCheck, notes: opening.notes)
  }
}
