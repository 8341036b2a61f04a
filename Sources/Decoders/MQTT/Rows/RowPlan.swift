/// How rows are made of messages; found from the first ones and kept with the place.
struct RowPlan: Codable, Equatable {
  enum Kind: Codable, Equatable {
    /// Every message of this topic holds whole rows.
    case rows(topic: String)
    /// Every message brings some sensors of a row.
    case parts
  }

  var kind: Kind
  /// Of the sensors, in the order of the rows.
  var names: [String]
  var hasTime: Bool

  /// A set of sensors of which this share is there is the one that is sent.
  private static let enough = 0.5

  /// - Parameters:
  ///   - read: rows of the first messages with their topics.
  ///   - expected: names of the sets of sensors that the caller knows; may be empty.
  ///   - isLast: whether nothing more is waited for.
  /// - Returns: nil where more messages must come first.
  init?(_ read: [(topic: String, row: PayloadRow)], expected: [[String]], isLast: Bool) {
    hasTime = read.contains { $0.row.time != nil }
    func share(_ names: [String], _ set: [String]) -> Double {
      let slots = SensorSlots(set)
      return Double(Set(names.compactMap { slots[$0] }).count) / Double(max(1, set.count))
    }
    func best(_ names: [String]) -> [String]? {
      let found = expected.map { ($0, share(names, $0)) }.max { ($0.1, $0.0.count) < ($1.1, $1.0.count) }
      return found.flatMap { $0.1 >= Self.enough ? $0.0 : nil }
    }
    for (topic, row) in read {
      let names = row.values.map(\.name)
      guard names.count > 1 else { continue }
      if let set = best(names) {
        (kind, self.names) = (.rows(topic: topic), set)
        return
      }
    }
    let alone = read.filter { $0.row.values.count > 1 }
    if expected.isEmpty, let (topic, row) = alone.first {
      (kind, names) = (.rows(topic: topic), row.values.map(\.name).filter { !PayloadRow.isCounter($0) })
      return
    }
    var parts: [String] = []
    for (topic, row) in read {
      for name in RowPlan.names(row, topic, known: expected.flatMap { $0 }) where !parts.contains(name) {
        parts.append(name)
      }
    }
    if let set = best(parts), isLast || share(parts, set) == 1 {
      (kind, names) = (.parts, set)
    } else if isLast, expected.isEmpty, !parts.isEmpty {
      (kind, names) = (.parts, parts)
    } else if isLast, let (topic, row) = alone.first {
      // Rows of other sensors: whoever looks for some says what is missing.
      (kind, names) = (.rows(topic: topic), row.values.map(\.name))
    } else {
      return nil
    }
  }

  /// Names of the values of a part: of a number alone, and of `value`, the last level of the topic; of others their own
  /// where it is known, otherwise with that level before it.
  static func names(_ row: PayloadRow, _ topic: String, known: [String]) -> [String] {
    let level = topic.split(separator: "/").last.map(String.init) ?? topic
    let slots = SensorSlots(known)
    return row.values.map { value in
      if value.name.isEmpty || (value.name.lowercased() == "value" && slots[value.name] == nil) {
        return level
      }
      return slots[value.name] != nil || PayloadRow.isCounter(value.name)
        ? value.name : "\(level).\(value.name)"
    }
  }
}
