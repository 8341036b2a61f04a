/// Looks at the train windows one by one for columns that are no sensors; see `LeakAudit.seriesColumns`. Memory
/// depends on the number of columns and labels, not of windows.
public struct SeriesColumnAudit: Sendable {
  private struct Column: Sendable {
    /// Every value that is not missing is the same in all windows so far.
    var first: Float?
    var changes = false
    /// Every window so far holds one value only.
    var isHeldInWindows = true
    /// Label key and group of the windows with each value; nil once two were seen.
    var labels: [Float: String?] = [:]
    var groups: [Float: String?] = [:]
    /// Too many values to be a code for anything.
    var hasManyValues = false
  }

  /// A column with more values than this is a measurement, whatever it correlates with.
  private static let maximumValues = 4096

  private let names: [String]
  private let reserved: Set<String>
  private var columns: [Column]
  private var windows = 0
  private var labelKeys: Set<String> = []
  private var groupNames: Set<String> = []

  /// - Parameters:
  ///   - columns: names, in the order of the values.
  ///   - reserved: names refused whatever they hold.
  public init(columns: [String], reserved: Set<String> = LeakAudit.reservedNames) {
    names = columns
    self.reserved = reserved
    self.columns = .init(repeating: Column(), count: columns.count)
  }

  /// - Parameters:
  ///   - values: `[row, column]`, row-major; NaN where missing.
  ///   - group: the row's group, or its file where it has none.
  public mutating func add(_ values: [Float], labels: [String], group: String?) {
    precondition(names.isEmpty || values.count % names.count == 0)
    windows += 1
    let key = labels.isEmpty ? nil : labels.sorted().joined(separator: ";")
    if let key { labelKeys.insert(key) }
    if let group { groupNames.insert(group) }
    for index in columns.indices where !columns[index].changes || columns[index].isHeldInWindows {
      Self.look(&columns[index], values, index, names.count, key, group)
    }
  }

  private static func look(
    _ column: inout Column, _ values: [Float], _ index: Int, _ stride: Int, _ key: String?, _ group: String?
  ) {
    var held: Float?
    for position in Swift.stride(from: index, to: values.count, by: stride) {
      let value = values[position]
      if value.isNaN { continue }
      if let first = column.first, first != value { column.changes = true }
      column.first = column.first ?? value
      if let known = held, known != value {
        column.isHeldInWindows = false
        (column.labels, column.groups) = ([:], [:])
        return
      }
      held = value
    }
    guard let held, column.isHeldInWindows, !column.hasManyValues else { return }
    if let key { Self.note(key, for: held, in: &column.labels) }
    if let group { Self.note(group, for: held, in: &column.groups) }
    if max(column.labels.count, column.groups.count) > maximumValues {
      column.hasManyValues = true
      (column.labels, column.groups) = ([:], [:])
    }
  }

  private static func note(_ name: String, for value: Float, in table: inout [Float: String?]) {
    if let known = table[value] {
      if known != name { table[value] = .some(nil) }
    } else {
      table[value] = name
    }
  }

  /// The columns to leave out, in their order.
  public func exclusions() -> [LeakAudit.ColumnExclusion] {
    names.indices.compactMap { index in
      let column = columns[index], name = names[index]
      func exclude(_ code: LeakAudit.ColumnExclusion.Code, _ reason: String) -> LeakAudit.ColumnExclusion {
        LeakAudit.ColumnExclusion(column: name, code: code, reason: reason)
      }
      let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
      if reserved.contains(plain) {
        return exclude(
          .reservedName, "A column called “\(name)” holds an answer or an identifier, not a measurement.")
      }
      guard let first = column.first else { return exclude(.constant, "It holds no value at all.") }
      if !column.changes { return exclude(.constant, "It never changes: every value is \(first).") }
      guard column.isHeldInWindows, !column.hasManyValues else { return nil }
      // A value must come back in several windows; one that each window has for itself says nothing.
      let comesBack = { (values: Int) in values * 2 <= windows }
      if labelKeys.count > 1, !column.labels.isEmpty, column.labels.values.allSatisfy({ $0 != nil }) {
        let told = Set(column.labels.values.compactMap { $0 })
        if told == labelKeys, comesBack(column.labels.count) {
          return exclude(
            .answer,
            "It stands still within every window and each of its \(column.labels.count) values goes with one label "
              + "only: it gives the answer away.")
        }
      }
      if groupNames.count > 2, column.groups.values.allSatisfy({ $0 != nil }), comesBack(column.groups.count)
      {
        let told = Set(column.groups.values.compactMap { $0 })
        if told == groupNames, column.groups.count == groupNames.count {
          return exclude(
            .identifier,
            "It stands still within every window and each of the \(groupNames.count) groups has a value of its own: "
              + "it names the recording.")
        }
      }
      return nil
    }
  }
}
