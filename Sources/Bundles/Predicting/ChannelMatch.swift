import Decoders
import Encoders

/// Which of a bundle's channel sets a recording follows, and in which of its columns each channel stands.
public struct ChannelMatch: Sendable {
  /// Index of the channel set.
  public var set: Int
  /// For each channel of the set, its column among the recording's channels; nil where the recording lacks it.
  public var columns: [Int?]
  /// What the user should know: channels that are missing or measured in another unit.
  public var notes: [String]

  /// Finds the set of which the recording has the largest share.
  ///
  /// Names are compared without case; where that finds nothing, without marks and blanks. A recording without
  /// header is taken in order if it has exactly as many columns of numbers as a set has channels.
  /// - Parameter asker: what was trained on the channels and is named by an option of this name.
  /// - Throws: `BundleError` when the recording has less than half of every set's channels, with the names that
  ///   are missing.
  public init(_ header: SensorHeader, sets: [ChannelSet], path: String, asker: String = "bundle") throws {
    guard !sets.isEmpty else {
      throw BundleError(
        path: path, reason: "The bundle knows no sensor recordings.",
        remedy: "Name a bundle that was trained on series with --bundle.")
    }
    if !header.hasHeader {
      self = try ChannelMatch.inOrder(header, sets, path, asker)
      return
    }
    let found = sets.map { ChannelMatch.columns(of: $0, in: header.channels) }
    func share(_ index: Int) -> Double {
      Double(found[index].count { $0 != nil }) / Double(max(1, found[index].count))
    }
    // Of two sets that match alike the larger one says more.
    let best =
      sets.indices.max { (share($0), sets[$0].channels.count) < (share($1), sets[$1].channels.count) } ?? 0
    let missing = zip(sets[best].channels, found[best]).filter { $1 == nil }.map(\.0.name)
    guard share(best) >= 0.5 else {
      throw BundleError(
        path: path,
        reason:
          "Only \(found[best].count - missing.count) of the \(found[best].count) channels that the \(asker) needs "
          + "are there; missing: \(ChannelMatch.list(missing)).",
        remedy:
          "Rename the columns (found: \(ChannelMatch.list(header.channels.map(\.name)))) or name another \(asker) "
          + "with --\(asker).")
    }
    (set, columns, notes) = (best, found[best], [])
    if !missing.isEmpty {
      notes.append(
        "\(path): \(missing.count) of \(columns.count) channels are missing and taken as missing values: "
          + "\(ChannelMatch.list(missing)).")
    }
    for (channel, column) in zip(sets[best].channels, columns) {
      guard let column, let known = channel.unit, let unit = header.channels[column].unit, known != unit
      else {
        continue
      }
      notes.append(
        "\(path): \(channel.name) is in \(unit), but the \(asker) was trained on \(known). Convert it, or do not trust it."
      )
    }
  }

  private init(set: Int, columns: [Int?], notes: [String]) {
    (self.set, self.columns, self.notes) = (set, columns, notes)
  }

  private static func inOrder(
    _ header: SensorHeader, _ sets: [ChannelSet], _ path: String, _ asker: String
  ) throws -> ChannelMatch {
    let count = header.channels.count
    guard let set = sets.firstIndex(where: { $0.channels.count == count }) else {
      let needed = sets.map { "\($0.channels.count)" }.joined(separator: " or ")
      throw BundleError(
        path: path,
        reason:
          "The file has no header and \(count) columns of numbers; the \(asker) needs \(needed) channels.",
        remedy: "Add a header with the names \(list(sets[0].channels.map(\.name))).")
    }
    return ChannelMatch(
      set: set, columns: Array(0..<count),
      notes: ["\(path): There is no header; the columns are taken in the order of the \(asker)'s channels."])
  }

  private static func columns(of set: ChannelSet, in channels: [Channel]) -> [Int?] {
    var found = set.columns(in: channels)
    var taken = Set(found.compactMap { $0 })
    let plain = channels.map { bare($0.name) }
    for (index, channel) in set.channels.enumerated() where found[index] == nil {
      let name = bare(channel.name)
      let places = plain.indices.filter { !taken.contains($0) && plain[$0] == name }
      guard !name.isEmpty, places.count == 1 else { continue }
      found[index] = places[0]
      taken.insert(places[0])
    }
    return found
  }

  private static func bare(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
