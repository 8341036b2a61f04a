/// When windows become an alarm, and when the alarm is over.
///
/// An event begins when `needed` of the last `of` windows alarm with the same fault, and is over after `hold` windows
/// in a row whose probability of a fault lies below `release` (hysteresis, as alarm systems of plants have it: ISA
/// 18.2, "Management of alarm systems for the process industries"). Windows are counted as they come; rows that are
/// missing between two of them change nothing.
public struct AlarmRule: Sendable, Equatable, Codable {
  /// Windows that must alarm with the same fault, out of the last `of`.
  public let needed: Int
  /// Windows that are looked back on.
  public let of: Int
  /// Probability of a fault below which a window is quiet.
  public let release: Double
  /// Quiet windows in a row that end an event.
  public let hold: Int

  /// Three of five: windows overlap, so that one odd reading reaches two or three of them in a row but rarely makes
  /// three alarm alike, while a real fault, of which a window in five may be missed, is told two windows after its
  /// first alarm.
  public static let usualNeeded = 3, usualOf = 5
  /// Well below one half, from which on a window alarms at the earliest in most bundles: what lies between is where a
  /// fault goes that comes and goes with the load.
  public static let usualRelease = 0.3
  /// As many quiet windows as are looked back on: none of those that began the event counts any more.
  public static let usualHold = 5
  /// Windows that are kept are bounded by this.
  public static let most = 1000

  /// - Parameter hold: nil for as many windows as are looked back on.
  /// - Returns: nil where `needed` does not lie between 1 and `of`, `of` or `hold` is more than `most`, `hold` is below
  ///   1, or `release` is no share above 0.
  public init?(
    needed: Int = usualNeeded, of: Int = usualOf, release: Double = usualRelease, hold: Int? = nil
  ) {
    let hold = hold ?? of
    guard (1...AlarmRule.most).contains(of), (1...of).contains(needed), (1...AlarmRule.most).contains(hold),
      release > 0, release <= 1
    else { return nil }
    (self.needed, self.of, self.release, self.hold) = (needed, of, release, hold)
  }

  private init() {
    (needed, of) = (AlarmRule.usualNeeded, AlarmRule.usualOf)
    (release, hold) = (AlarmRule.usualRelease, AlarmRule.usualHold)
  }

  /// Three of five, over after five windows below 30 %.
  public static let usual = AlarmRule()

  /// Reads `3/5`; nil where it is no such pair.
  public static func counts(_ text: String) -> (needed: Int, of: Int)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let needed = Int(parts[0]), let of = Int(parts[1]), (1...most).contains(of),
      (1...of).contains(needed)
    else { return nil }
    return (needed, of)
  }

  /// The rule in a sentence.
  public var words: String {
    let percent = JSONLine.number(release * 100, decimals: 1)
    return "An event begins when \(needed) of \(of) windows alarm with the same fault and ends after \(hold) "
      + "\(hold == 1 ? "window" : "windows in a row") with less than \(percent) % of a fault."
  }
}
