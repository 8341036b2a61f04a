/// A row of a later split that is not new to who learned from an earlier one.
public struct SplitFinding: Sendable, Codable, Hashable {
  /// What the two rows share.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Their group: a patient, a machine.
    case group
    /// A file, or rows of one recording.
    case overlap
    /// All readings of a window, in different files or places.
    case sameReadings
    /// A picture or frame, perhaps encoded again.
    case picture
  }

  /// What the two rows share.
  public var kind: Kind
  /// Id of the row that is not new, and its split: val or test.
  public var id: String, split: Split
  /// Id of a row that is the reason, and its split: one before the other's.
  public var twin: String, twinSplit: Split
  /// The group or the file that is shared; nil for others.
  public var shared: String?
  /// Of pictures, up to 1 for the same; nil for others.
  public var likeness: Float?

  /// - Parameters:
  ///   - id: of the row that is not new; `twin`, of the row that is the reason.
  ///   - shared: the group or the file that is shared.
  ///   - likeness: of pictures.
  public init(
    kind: Kind, id: String, split: Split, twin: String, twinSplit: Split, shared: String? = nil,
    likeness: Float? = nil
  ) {
    (self.kind, self.id, self.split, self.twin) = (kind, id, split, twin)
    (self.twinSplit, self.shared, self.likeness) = (twinSplit, shared, likeness)
  }
}
