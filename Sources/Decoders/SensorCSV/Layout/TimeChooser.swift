/// Finds the column that tells the time.
struct TimeChooser {
  let kinds: [CellKinds]
  let options: SensorOptions
  let sniffer: Sniffer

  private struct Candidate {
    var column: Int
    var format: TimeFormat
    /// Smaller is better.
    var rank: Int
    var isDateOnly = false
  }

  /// Gives the chosen column its role; other columns of dates become `other`.
  func choose(_ columns: inout [SensorLayout.Column]) throws(DecodingError) -> TimeFormat? {
    let candidates = columns.indices.compactMap { candidate($0, columns[$0]) }
    for index in columns.indices where kinds[index].dateFormat != nil { columns[index].role = .other }
    var chosen: Candidate?
    switch options.timeColumn {
    case .none: break
    case .automatic: chosen = candidates.min { ($0.rank, $0.column) < ($1.rank, $1.column) }
    case .named(let name):
      let index = columns.firstIndex {
        $0.name == name || $0.written == name || $0.name.lowercased() == name.lowercased()
      }
      guard let index else {
        throw sniffer.refusal(
          "There is no column “\(name)” to tell the time.",
          "The columns are \(columns.prefix(20).map(\.name).joined(separator: ", ")).")
      }
      guard let found = candidate(index, columns[index], isNamed: true) else {
        throw sniffer.refusal(
          "The column “\(name)” holds neither dates nor numbers.", "Name another column as the time.")
      }
      chosen = found
    }
    guard let chosen else { return nil }
    columns[chosen.column].role = .time
    if chosen.isDateOnly, let clock = clockColumn(beside: chosen.column) { columns[clock].role = .clock }
    return chosen.format
  }

  private func candidate(_ index: Int, _ column: SensorLayout.Column, isNamed: Bool = false) -> Candidate? {
    let kind = kinds[index]
    // Without a name nothing but the values can speak for the time.
    let rank = column.written == nil ? nil : ColumnNames.timeRank(column.written ?? "")
    if let format = kind.dateFormat {
      let isDateOnly = format != .clock && kind.dateTimes * 2 < kind.present
      let base = format == .clock ? 30 : isDateOnly && clockColumn(beside: index) == nil ? 20 : 0
      return Candidate(
        column: index, format: format, rank: base + (rank == nil ? 10 : 0), isDateOnly: isDateOnly)
    }
    guard kind.isNumber else { return nil }
    if let scale = kind.epochScale {
      let isUnmistakable = column.written == nil && index == 0 && kind.isRising && isPlainEpoch(kind)
      if isNamed || (rank ?? 9) <= 1 || isUnmistakable {
        return Candidate(column: index, format: .number(scale: scale), rank: rank == nil ? 12 : 5)
      }
    }
    if let rank { return Candidate(column: index, format: .number(scale: 1), rank: 40 + rank) }
    if isNamed { return Candidate(column: index, format: .number(scale: 1), rank: 0) }
    // A first column without a name that counts the rows, as data frames write it.
    let isUnnamed = column.written?.trimming().isEmpty ?? false
    return isUnnamed && index == 0 && kind.isCounting
      ? Candidate(column: index, format: .number(scale: 1), rank: 60) : nil
  }

  /// Seconds since 1970 must lie after 2001 to be taken for a time without a name that says so.
  private func isPlainEpoch(_ kind: CellKinds) -> Bool { (kind.values.first ?? 0) >= 1e9 }

  private func clockColumn(beside index: Int) -> Int? {
    [index + 1, index - 1].first { kinds.indices.contains($0) && kinds[$0].dateFormat == .clock }
  }
}
