import Decoders

/// The part of a recording in which nothing was wrong, as `--normal` names it.
public enum NormalPeriod: Sendable, Equatable {
  /// Data rows, first and last, 1 being the first of the file.
  case rows(ClosedRange<Int>)
  /// Times as the user wrote them; both belong to the period.
  case times(from: String, to: String)

  /// Reads `400` (the first 400 rows), `101..500` (rows) or `2024-03-01T00:00..2024-03-02T12:00` (times).
  ///
  /// Whole numbers are rows; a time that is a plain number is written with a decimal point.
  /// - Returns: nil for what is none of these.
  public init?(_ text: String) {
    if let count = Int(text) {
      guard count >= 1 else { return nil }
      self = .rows(1...count)
      return
    }
    guard let dots = text.firstRange(of: "..") else { return nil }
    let from = NormalPeriod.bare(text[..<dots.lowerBound]), to = NormalPeriod.bare(text[dots.upperBound...])
    guard !from.isEmpty, !to.isEmpty else { return nil }
    if let first = Int(from), let last = Int(to) {
      guard first >= 1, last >= first else { return nil }
      self = .rows(first...last)
    } else {
      self = .times(from: from, to: to)
    }
  }

  private static func bare(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// As the user wrote it.
  public var text: String {
    switch self {
    case .rows(let rows): "rows \(rows.lowerBound) to \(rows.upperBound)"
    case .times(let from, let to): "\(from) to \(to)"
    }
  }
}
