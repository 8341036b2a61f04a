import ArgumentParser
import Faults

/// When windows become an event.
struct AlarmOptions: ParsableArguments {
  @Option(
    help:
      """
      K/N: an event begins when K of N windows in a row alarm with the same fault (default: 3/5, which an odd reading in \
      overlapping windows hardly reaches).
      """)
  var alarm: String?
  @Option(
    help:
      "Probability of a fault below which a window is quiet, above 0 and up to 1; an event ends after --hold of them."
  )
  var release = AlarmRule.usualRelease
  @Option(help: "Quiet windows in a row that end an event (default: N of --alarm).")
  var hold: Int?

  func validate() throws {
    if let alarm, AlarmRule.counts(alarm) == nil {
      throw ValidationError(
        "--alarm (\(alarm)) must be two numbers such as 3/5: K at least 1, N at least K and at most \(AlarmRule.most)."
      )
    }
    guard release > 0, release <= 1 else {
      throw ValidationError("--release (\(release)) must lie above 0 and be at most 1.")
    }
    if let hold, !(1...AlarmRule.most).contains(hold) {
      throw ValidationError("--hold (\(hold)) must lie between 1 and \(AlarmRule.most).")
    }
  }

  /// The rule that the options tell.
  var rule: AlarmRule {
    let counts = alarm.flatMap(AlarmRule.counts) ?? (AlarmRule.usualNeeded, AlarmRule.usualOf)
    return AlarmRule(needed: counts.0, of: counts.1, release: release, hold: hold) ?? .usual
  }
}
