import Foundation

extension BundleDescription {
  /// How a bundle learned on from another.
  public struct ContinuationRecord: Sendable, Codable, Hashable {
    /// 2 for the first continuation; the bundle that was trained from nothing is version 1.
    public var version: Int
    /// Version that was continued.
    public var parent: Int
    /// Of that bundle, in hexadecimal.
    public var parentSHA256: String
    /// Rows that had been learned before, and those of the new manifest.
    public var rowsBefore: Int
    /// Train rows of the new manifest.
    public var rowsAdded: Int
    /// Old rows that were learned again from the replay buffer.
    public var replayed: Int
    /// Factor on the penalty that held the weights (`ElasticPenalty`); 0 for none.
    public var penalty: Float
    /// Largest fall of the mean recall of old labels that was allowed, 0 to 1.
    public var limit: Double
    /// Largest fall of one old label's recall that was allowed, 0 to 1.
    public var labelLimit: Double
    /// Whether the old bundle may have learned from the old rows that it was measured on, which flatters it.
    public var isFlattered: Bool
    /// Before and after.
    public var table: ForgettingTable
  }

  /// 1 for a bundle that did not learn on.
  public var version: Int { continuation?.version ?? 1 }

  /// What CARD.md says of it; empty for a bundle that did not learn on.
  var continuationLines: [String] {
    guard let continuation else { return [] }
    return [
      "", "## Learned on", "",
      "Version \(continuation.version), continued from version \(continuation.parent) (SHA-256 "
        + "`\(continuation.parentSHA256)`), which had learned from \(continuation.rowsBefore) rows: "
        + "\(continuation.rowsAdded) rows were added, \(continuation.replayed) old ones learned again, and weights held by "
        + "elastic weight consolidation with a factor of \(continuation.penalty).", "",
      "On rows that were held out, old ones and those of the new manifest:", "",
    ] + continuation.table.cardLines + (continuation.isFlattered ? ["", Self.flattered] : [])
  }

  /// What must be said of a table whose old side is too good.
  public static let flattered =
    "The old rows were drawn from a manifest without a validation part: the old bundle may have learned from them, which "
    + "flatters it before and makes the fall look larger."
}
