/// Whether answers rest on the regions that are shown for them.
public struct EvidenceFigures: Sendable, Codable, Hashable {
  /// Scans looked at.
  public var scans: Int
  /// Present findings with a region that could be tested.
  public var n: Int
  /// Of these, the ones whose region lowers the answer more than any other place of its size when it is covered.
  public var passed: Int
  /// Present findings for which no place matters enough to be shown.
  public var withoutRegion: Int
  /// Present findings whose region leaves no room for another place.
  public var untestable: Int

  /// - Parameters:
  ///   - scans: looked at.
  ///   - n: present findings that were tested.
  public init(scans: Int, n: Int, passed: Int, withoutRegion: Int, untestable: Int) {
    (self.scans, self.n, self.passed) = (scans, n, passed)
    (self.withoutRegion, self.untestable) = (withoutRegion, untestable)
  }

  /// Share of the tested findings that pass, 0 to 1; nil without any.
  public var share: Double? { n > 0 ? Double(passed) / Double(n) : nil }
}
