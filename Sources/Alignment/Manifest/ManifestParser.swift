import Decoders
import Foundation

/// Turns records into manifest rows and gathers what is wrong with them.
struct ManifestParser {
  static let known = [
    "id", "split", "group", "label", "text", "image", "clip", "series", "start", "end", "target", "task",
  ]

  private let path: String, folder: String
  private let options: Manifest.Options
  /// Field of each known column.
  private var columns: [String: Int] = [:]
  private(set) var ignoredColumns: [String] = []
  /// Whether a row names a split.
  private(set) var namesSplits = false

  private(set) var rows: [ManifestRow] = []
  private(set) var refused: [ManifestError] = []
  private var problems: [ManifestError] = []
  private(set) var problemCount = 0
  private var count = 0
  private var lineOfID: [String: Int] = [:]
  private var resolved: [String: String] = [:]
  private var exists: [String: Bool] = [:]

  init(path: String, folder: String, header: [String], options: Manifest.Options) {
    (self.path, self.folder, self.options) = (path, folder, options)
    for (index, name) in header.enumerated() {
      let plain = name.trimmed().lowercased()
      let column = plain == "labels" ? "label" : plain
      if !Self.known.contains(column) {
        ignoredColumns.append(name.trimmed())
      } else if columns[column] != nil {
        report(.missingColumn, 1, plain, "The column “\(plain)” stands twice.", "Keep one of them.")
      } else {
        columns[column] = index
      }
    }
    if ["image", "clip", "series", "text"].allSatisfy({ columns[$0] == nil }) {
      report(
        .missingColumn, 1, nil,
        "None of the columns image, clip, series or text is there, only \(header.prefix(12).joined(separator: ", ")).",
        nearest() ?? "Name at least one of them in the first line.")
    }
    if columns["series"] == nil, let range = ["start", "end"].first(where: { columns[$0] != nil }) {
      report(
        .missingColumn, 1, "series", "There is a column “\(range)”, but no column “series” to cut.",
        "Add the column series, or take start and end away.")
    }
  }

  /// A hint where an ignored column is one or two letters away from a known one.
  private func nearest() -> String? {
    for name in ignoredColumns {
      if let close = ["image", "clip", "series", "text"].first(where: { distance($0, name.lowercased()) <= 2 }
      ) {
        return "Did you mean “\(close)” where “\(name)” stands?"
      }
    }
    return nil
  }

  /// Insertions, deletions and changes between two words (Levenshtein 1966).
  private func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a), b = Array(b)
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let changed = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }

  private mutating func report(
    _ code: ManifestError.Code, _ line: Int?, _ column: String?, _ reason: String, _ remedy: String
  ) {
    problemCount += 1
    guard problems.count < options.maximumProblems else { return }
    problems.append(
      ManifestError(code, file: path, line: line, column: column, reason: reason, remedy: remedy))
  }

  mutating func add(_ record: CSVRecord) {
    count += 1
    let line = record.line, columns = columns
    func field(_ name: String) -> String? {
      guard let index = columns[name], record.fields.indices.contains(index) else { return nil }
      let value = record.fields[index].trimmed()
      return value.isEmpty ? nil : value
    }
    let id = field("id") ?? String(count)
    let images = views(field("image"))
    var row = ManifestRow(
      id: id, group: field("group"), text: field("text"), image: images.first, clip: resolve(field("clip")),
      series: resolve(field("series")), task: field("task"), line: line)
    row.moreViews = Array(images.dropFirst())
    for label in (field("label") ?? "").split(separator: ";").map({ String($0).trimmed() })
    where !label.isEmpty && !row.labels.contains(label) { row.labels.append(label) }
    if let written = field("split") {
      guard let split = Self.split(written) else {
        return report(.unknownSplit, line, "split", "“\(written)” is no split.", "Write train, val or test.")
      }
      row.split = split
      namesSplits = true
    }
    do throws(ManifestError) {
      row.start = try whole(field("start"), line, "start")
      row.end = try whole(field("end"), line, "end")
      row.target = try number(field("target"), line, "target")
      try check(row, written: field)
    } catch {
      var error = error
      (error.id, error.split) = (id, row.split)
      refused.append(error)
      return
    }
    if let other = lineOfID.updateValue(line, forKey: id) {
      report(
        .duplicateID, line, "id", "The id “\(id)” stands in line \(other) already.",
        "Give every row an id of its own.")
    }
    rows.append(row)
  }

  private static func split(_ written: String) -> Split? {
    switch written.lowercased() {
    case "train", "training": .train
    case "val", "valid", "validation", "dev": .val
    case "test", "testing": .test
    default: nil
    }
  }

  /// Whether the row can be used.
  private mutating func check(_ row: ManifestRow, written: (String) -> String?) throws(ManifestError) {
    func fault(_ code: ManifestError.Code, _ column: String?, _ reason: String, _ remedy: String)
      -> ManifestError
    {
      ManifestError(
        code, file: path, line: row.line, column: column, reason: "\(reason) (row “\(row.id)”)",
        remedy: remedy)
    }
    if let start = row.start, start < 1 {
      throw fault(.badRange, "start", "The window starts at \(start), but rows count from 1.", "Start at 1.")
    }
    if let end = row.end, end < row.start ?? 1 {
      throw fault(
        .badRange, "end", "The window ends at \(end), before its start \(row.start ?? 1).",
        "Write the first row as start and the last as end.")
    }
    if !row.hasInput && row.text == nil {
      throw fault(
        .noInput, nil, "The row names no image, clip, series or text.", "Name one, or take the row out.")
    }
    if row.series == nil, row.start != nil || row.end != nil {
      throw fault(
        .badRange, "start", "A window is given, but no series.",
        "Name the series, or leave start and end out.")
    }
    guard options.checksFiles else { return }
    let files =
      row.images.map { ("image", $0) }
      + [("clip", row.clip), ("series", row.series)].compactMap { column, path in
        path.map { (column, $0) }
      }
    for (column, path) in files where !isThere(path) {
      let name = row.moreViews.isEmpty || column != "image" ? written(column) ?? path : path
      throw fault(
        .missingFile, column, "There is no file “\(name)”.",
        "Paths are relative to the folder of the manifest, \(folder).")
    }
  }

  private func whole(_ written: String?, _ line: Int, _ column: String) throws(ManifestError) -> Int? {
    guard let written else { return nil }
    // Data frames write whole numbers beside missing ones as 12.0.
    if let value = Int(written) ?? Double(written).flatMap({ Int(exactly: $0) }) { return value }
    throw ManifestError(
      .badNumber, file: path, line: line, column: column, reason: "“\(written)” is not a whole number.",
      remedy: "Write the number of a data row, 1 being the first.")
  }

  private func number(_ written: String?, _ line: Int, _ column: String) throws(ManifestError) -> Double? {
    guard let written else { return nil }
    if let value = Double(written) {
      if value.isFinite { return value }
      if value.isNaN { return nil }
    }
    throw ManifestError(
      .badNumber, file: path, line: line, column: column, reason: "“\(written)” is not a finite number.",
      remedy: "Write a number, or nothing.")
  }

  /// The files of the image column: one, or the views of an examination with `;` between them. A file whose name has
  /// that mark is one file.
  private mutating func views(_ written: String?) -> [String] {
    guard let written, let whole = resolve(written) else { return [] }
    guard written.contains(";"), !isThere(whole) else { return [whole] }
    return written.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.compactMap { resolve($0) }
  }

  private mutating func resolve(_ written: String?) -> String? {
    guard let written else { return nil }
    if let known = resolved[written] { return known }
    let path = written.hasPrefix("/") ? written : folder + "/" + written
    let standard = URL(fileURLWithPath: path).standardizedFileURL.path
    resolved[written] = standard
    return standard
  }

  private mutating func isThere(_ path: String) -> Bool {
    if let known = exists[path] { return known }
    let found = FileManager.default.fileExists(atPath: path)
    exists[path] = found
    return found
  }

  /// Throws what was found wrong with the manifest as a whole.
  func finish() throws(ManifestError) {
    if problemCount > 0 { throw .joined(problems, count: problemCount) }
    guard count > 0 else {
      throw ManifestError(
        .empty, file: path, reason: "There is no row below the header.", remedy: "Add rows.")
    }
    if refused.count * 2 > count {
      throw .joined(Array(refused.prefix(options.maximumProblems)), count: refused.count)
    }
  }
}
