/// How well faults are found as events, beside the figures of single windows.
///
/// What is true is taken from the labels of the windows: a run of windows of one recording with one fault, as long as it
/// can be, is an event. A detected event counts for the run in which it starts; the first in a run finds it. Events
/// that start while nothing is wrong are false alarms, and further ones in a run that is found already are surplus.
public struct EventFigures: Sendable, Codable, Hashable {
  /// When windows become an event, in words.
  public var rule: String
  /// Recordings, and windows in them, that were scored; windows of these without a fault.
  public var recordings: Int, windows: Int, normalWindows: Int
  /// Runs of faults; those in which an event starts; those of these in which one with the right fault does.
  public var truth: Int, detected: Int, named: Int
  /// Events that began.
  public var events: Int
  /// Of the events, those that are the first in a run of a fault; nil without events.
  public var precision: Double?
  /// Of the runs, those that are found; nil without runs.
  public var recall: Double?
  /// Harmonic mean of both; nil where neither is there.
  public var f1: Double?
  /// Rows from the last row of a run's first window to that of the window in which its event starts; nil where no run is
  /// found.
  public var delayRowsMedian: Double?, delayRowsWorst: Double?
  /// The same in seconds; nil where not all of these recordings tell their time.
  public var delaySecondsMedian: Double?, delaySecondsWorst: Double?
  /// Events that start while nothing is wrong.
  public var falseAlarms: Int
  /// Of these, for each 1,000 windows without a fault; nil without such windows.
  public var falseAlarmsPer1000Windows: Double?
  /// The same for each week of operation without a fault; nil where not all recordings tell their time.
  public var falseAlarmsPerWeek: Double?
}
