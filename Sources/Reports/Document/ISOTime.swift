import Foundation

/// A point in time to the second, written as ISO 8601 in UTC: `2026-05-04T09:30:00Z`.
public struct ISOTime: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Seconds since 1970.
  public var seconds: Int

  /// - Parameter seconds: since 1970, in UTC.
  public init(seconds: Int) { self.seconds = seconds }

  /// `date` without its fraction of a second.
  public init(_ date: Date) { seconds = Int(date.timeIntervalSince1970.rounded(.down)) }

  /// Reads any ISO 8601 time with a zone; nil for anything else.
  public init?(_ text: String) {
    let styles = [false, true].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
    guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
    self.init(date)
  }

  /// The same time as a `Date`.
  public var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
  /// As ISO 8601 in UTC, to the second.
  public var description: String { date.formatted(Date.ISO8601FormatStyle()) }

  /// Reads a string with any ISO 8601 time that has a zone.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = ISOTime(text) else {
      throw Swift.DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no ISO 8601 time."))
    }
    self = time
  }

  /// Writes `description` as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
