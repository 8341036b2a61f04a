/// How far readings lie from normal operation, seen in one of three ways. All are squares of lengths.
public enum DetectionStatistic: String, Sendable, Codable, CaseIterable {
  /// Hotelling's T² in the plane of the principal components: an unusual operating point.
  case t2
  /// Squared prediction error Q: a relation between sensors that does not hold (Jackson, Mudholkar 1979, Control
  /// procedures for residuals associated with principal component analysis).
  case q
  /// T² of all components, the small ones no smaller than a floor: both at once, and what Q drowns in the noise of
  /// its largest directions (the last components of Hawkins 1974, The detection of errors in multivariate data).
  case distance

  /// As people write it.
  public var title: String {
    switch self {
    case .t2: "T2"
    case .q: "Q"
    case .distance: "distance"
    }
  }
}
