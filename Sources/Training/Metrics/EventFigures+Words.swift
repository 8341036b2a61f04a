import Foundation

extension EventFigures {
  /// The figures in a sentence.
  public var sentence: String {
    var parts = ["\(detected) of \(truth) found by \(events) in \(recordings) recordings"]
    parts[0] += detected > 0 ? " (\(named) with the right fault)" : ""
    func figure(_ name: String, _ value: Double?) {
      if let value { parts.append(String(format: "%@ %.3f", name, value)) }
    }
    figure("precision", precision)
    figure("recall", recall)
    figure("F1", f1)
    if let middle = delayRowsMedian, let worst = delayRowsWorst {
      var words = "delay \(EventFigures.short(middle)) rows, at worst \(EventFigures.short(worst))"
      if let middle = delaySecondsMedian, let worst = delaySecondsWorst {
        words += " (\(EventFigures.duration(middle)), \(EventFigures.duration(worst)))"
      }
      parts.append(words)
    }
    var alarms = "\(falseAlarms) false \(falseAlarms == 1 ? "alarm" : "alarms")"
    if let rate = falseAlarmsPer1000Windows {
      alarms += " in \(normalWindows) windows without a fault (\(EventFigures.short(rate)) of 1,000"
      alarms += falseAlarmsPerWeek.map { ", \(EventFigures.short($0)) a week)" } ?? ")"
    }
    parts.append(alarms)
    return parts.joined(separator: ", ")
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%.3g", value)
  }

  /// Seconds in words.
  public static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<120: "\(short(seconds)) s"
    case ..<7200: "\(short(seconds / 60)) min"
    case ..<172_800: "\(short(seconds / 3600)) h"
    default: "\(short(seconds / 86400)) days"
    }
  }
}
