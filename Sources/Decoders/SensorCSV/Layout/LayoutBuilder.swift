/// Turns the first rows, split at the right separator, into a layout.
struct LayoutBuilder {
  let sniffer: Sniffer
  let sample: Sniffer.Sample
  private var options: SensorOptions { sniffer.options }

  init(sniffer: Sniffer, sample: Sniffer.Sample) { (self.sniffer, self.sample) = (sniffer, sample) }

  func build() throws(DecodingError) -> Sniffer.Result {
    let rows = sample.rows
    var width = sample.width
    let top = preambleCount(width)
    // A separator at the end of every line but the header's is no column.
    let data = rows.dropFirst(top + 1)
    if rows[top].fields.count == width - 1, !data.isEmpty,
      data.allSatisfy({ $0.fields.count != width || $0.fields[width - 1].isEmpty })
    {
      width -= 1
    }
    var kinds = columnKinds(rows.dropFirst(top + 1), width)
    let hasHeader = isHeader(rows[top], kinds)
    var first = top
    var names: [String]?
    var unitCells: [String]?
    if hasHeader {
      guard rows[top].fields.count == width || isTrailingEmpty(rows[top], width) else {
        throw sniffer.refusal(
          "The header has \(rows[top].fields.count) names, but most rows have \(width) fields.",
          "Give every column a name.")
      }
      names = rows[top].fields.prefix(width).map(sample.text)
      first += 1
      if rows.count > first + 1, isUnitsRow(rows[first], columnKinds(rows.dropFirst(first + 1), width)) {
        unitCells = rows[first].fields.prefix(width).map(sample.text)
        first += 1
      }
    }
    kinds = columnKinds(rows.dropFirst(first), width)
    var columns = makeColumns(names, unitCells, kinds, width)
    if columns.count > 1, columns.last?.role == .void { columns.removeLast() }

    let comma = kinds.reduce(0) { $0 + $1.commaNumbers }
    let point = kinds.reduce(0) { $0 + $1.pointNumbers - $1.wholeNumbers }
    let decimal = comma > point ? UInt8(ascii: ",") : UInt8(ascii: ".")
    let time = try chooseTime(&columns, kinds)
    try checkNumbers(columns, kinds, hasTime: time != nil)
    try chooseChannels(&columns, hasHeader: hasHeader)
    var layout = SensorLayout(
      separator: sample.separator, decimal: decimal, hasHeader: hasHeader, hasUnitsRow: unitCells != nil,
      columns: columns, time: time)
    layout.preamble = rows[..<top].map { row in
      String(decodeText(.init(rebasing: sample.bytes[row.start..<row.next])).trimming().prefix(200))
    }
    let start = first == 0 ? sample.start : rows[first - 1].next
    try checkRows(layout, start, hasRows: first < rows.count)
    return Sniffer.Result(layout: layout, dataStart: start)
  }

  /// Lines above the header: of another width than the rows, with words in them, and with a header below.
  private func preambleCount(_ width: Int) -> Int {
    let rows = sample.rows
    guard width > 1, let top = rows.prefix(60).firstIndex(where: { $0.fields.count == width }), top > 0,
      rows.count > top + 1
    else { return 0 }
    if rows[0].fields.count == width - 1, top == 1 { return 0 }
    guard isHeader(rows[top], columnKinds(rows.dropFirst(top + 1), width)) else { return 0 }
    return top
  }

  private func columnKinds(_ rows: ArraySlice<Sniffer.Sample.Row>, _ width: Int) -> [CellKinds] {
    var kinds = [CellKinds](repeating: CellKinds(), count: width)
    for row in rows where row.fields.count == width || isTrailingEmpty(row, width) {
      for (column, field) in row.fields.prefix(width).enumerated() {
        _ = kinds[column].add(sample.cell(field))
      }
    }
    return kinds
  }

  private func isTrailingEmpty(_ row: Sniffer.Sample.Row, _ width: Int) -> Bool {
    row.fields.count == width + 1 && row.fields[width].isEmpty
  }

  /// Whether words stand where numbers or dates follow. A single word in a row of numbers does not make a header.
  private func isHeader(_ row: Sniffer.Sample.Row, _ kinds: [CellKinds]) -> Bool {
    var words = 0, present = 0, aboveNumbers = 0, isTimeName = false
    for (column, field) in row.fields.prefix(kinds.count).enumerated() {
      guard let isUnderstood = CellKinds.understands(sample.cell(field)) else { continue }
      present += 1
      if isUnderstood { continue }
      words += 1
      if !kinds[column].isText { aboveNumbers += 1 }
      if column == 0, !kinds[0].isText, ColumnNames.timeRank(sample.text(field)) != nil { isTimeName = true }
    }
    let hasData = kinds.contains { $0.present > 0 }
    if !hasData { return words > 0 && words == present }
    return aboveNumbers > 0 && (words * 2 >= present || isTimeName)
  }

  /// Whether a row holds no number, but words over at least half of the columns of numbers.
  private func isUnitsRow(_ row: Sniffer.Sample.Row, _ kinds: [CellKinds]) -> Bool {
    guard row.fields.count == kinds.count || isTrailingEmpty(row, kinds.count) else { return false }
    var words = 0, numbers = 0
    for (column, field) in row.fields.prefix(kinds.count).enumerated() {
      let isNumberColumn = kinds[column].isNumber && kinds[column].present > 0
      if isNumberColumn { numbers += 1 }
      switch CellKinds.understands(sample.cell(field)) {
      case nil: continue
      case true?: return false
      case false?:
        guard sample.text(field).count <= 24 else { return false }
        if isNumberColumn { words += 1 }
      }
    }
    return words > 0 && words * 2 >= numbers
  }

  private func makeColumns(_ names: [String]?, _ units: [String]?, _ kinds: [CellKinds], _ width: Int)
    -> [SensorLayout.Column]
  {
    let parts = names.map(ColumnNames.all)
    return (0..<width).map { index in
      let written = names?[index]
      let role: SensorLayout.Role =
        if kinds[index].present == 0 && (written ?? "").isEmpty && !sample.rows.isEmpty && width > 1 {
          .void
        } else if kinds[index].isText || kinds[index].dateFormat != nil {
          .text
        } else {
          .channel(0)
        }
      return SensorLayout.Column(
        name: parts?[index].name ?? "column \(index + 1)", written: written,
        unit: units.flatMap { ColumnNames.unit($0[index]) } ?? parts?[index].unit, writtenUnit: units?[index],
        role: role)
    }
  }

  /// Refuses tables of words: a column without any value counts as one of numbers only beside a time.
  private func checkNumbers(_ columns: [SensorLayout.Column], _ kinds: [CellKinds], hasTime: Bool)
    throws(DecodingError)
  {
    let channels = columns.indices.filter { columns[$0].role == .channel(0) }
    let hasData = kinds.contains { $0.present > 0 }
    if !channels.isEmpty, hasTime || !hasData || channels.contains(where: { kinds[$0].present > 0 }) {
      return
    }
    let words = columns.indices.filter { columns[$0].role == .text }.prefix(5).map { index in
      "“\(sample.rows[0].fields.indices.contains(index) ? sample.text(sample.rows[0].fields[index]).prefix(40) : "")”"
    }
    throw sniffer.refusal(
      "No column holds numbers"
        + (words.isEmpty ? "." : "; text stands below \(words.joined(separator: ", ")).")
        + spaceHint())
  }

  /// Hands the channels their places in the output row.
  private func chooseChannels(_ columns: inout [SensorLayout.Column], hasHeader: Bool) throws(DecodingError) {
    let numbers = columns.indices.filter { columns[$0].role == .channel(0) }
    guard let wanted = options.channels else {
      for (slot, index) in numbers.enumerated() { columns[index].role = .channel(slot) }
      return
    }
    for index in numbers { columns[index].role = .other }
    guard hasHeader else {
      guard numbers.count == wanted.count else {
        throw sniffer.refusal(
          "The file has no header and \(numbers.count) columns of numbers, but \(wanted.count) channels are needed.",
          "Add a header that names the columns.")
      }
      for (slot, index) in numbers.enumerated() {
        (columns[index].name, columns[index].role) = (wanted[slot], .channel(slot))
      }
      return
    }
    var missing: [String] = [], words: [String] = []
    for (slot, name) in wanted.enumerated() {
      guard let index = find(name, in: columns) else {
        missing.append(name)
        continue
      }
      if columns[index].role == .text { words.append(name) }
      (columns[index].role, columns[index].name) = (.channel(slot), name)
    }
    guard missing.isEmpty else {
      let shown = missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? ", …" : "")
      throw sniffer.refusal(
        "\(missing.count) of \(wanted.count) channels are missing: \(shown).",
        "Export the recording with these columns, or name the columns as they were called in training.")
    }
    guard words.isEmpty else {
      throw sniffer.refusal(
        "Text stands in \(words.prefix(10).joined(separator: ", ")), where numbers are needed.",
        "Export these columns as numbers.")
    }
  }

  /// By name, then by the name with its unit, then without regard to case, blanks and marks.
  private func find(_ name: String, in columns: [SensorLayout.Column]) -> Int? {
    func plain(_ text: String) -> String { String(text.lowercased().filter { $0.isLetter || $0.isNumber }) }
    let free = columns.indices.filter {
      if case .channel = columns[$0].role {
        false
      } else {
        columns[$0].role != .time && columns[$0].role != .clock
      }
    }
    return free.first { columns[$0].name == name } ?? free.first { columns[$0].written == name }
      ?? free.first { plain(columns[$0].name) == plain(name) && !plain(name).isEmpty }
  }

  private func chooseTime(_ columns: inout [SensorLayout.Column], _ kinds: [CellKinds]) throws(DecodingError)
    -> TimeFormat?
  {
    try TimeChooser(kinds: kinds, options: options, sniffer: sniffer).choose(&columns)
  }

  private func spaceHint() -> String {
    guard sample.width == 1, let row = sample.rows.last else { return "" }
    let cell = sample.cell(row.fields[0])
    let parts = decodeText(cell).split(whereSeparator: \.isWhitespace)
    return parts.count > 1 && parts.allSatisfy({ Double($0) != nil })
      ? " The columns seem to be separated by blanks; commas, semicolons, tabs or bars are needed." : ""
  }

  /// Reads the rows that were looked at, and refuses a file of which hardly any can be read.
  private func checkRows(_ layout: SensorLayout, _ start: Int, hasRows: Bool) throws(DecodingError) {
    guard hasRows else {
      if sniffer.allowsHeaderOnly && layout.hasHeader { return }
      throw sniffer.refusal("There is no row of data below the header.", "Export the recording again.")
    }
    var reader = RowReader(file: sniffer.file, layout: layout, options: options)
    var block = RowBlock()
    let end = sample.rows[sample.rows.count - 1].next
    var position = start
    while position < end {
      let rest = UnsafeBufferPointer(rebasing: sample.bytes[position...])
      let step = reader.read(rest, last: sniffer.isComplete, maximum: Sniffer.maximumRows, into: &block)
      if step.consumed == 0 || block.rows.count >= Sniffer.maximumRows { break }
      position += step.consumed
    }
    if block.rows.count * 20 < reader.refused.count || (block.rows.isEmpty && reader.refused.count > 0) {
      let reason = reader.refused.examples.first.map { "\($0.place): \($0.reason)" } ?? ""
      throw sniffer.refusal(
        "\(reader.refused.count) of the first \(reader.refused.count + block.rows.count) rows cannot be read; \(reason)"
      )
    }
  }
}
