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
    let line = record.line
    func field(_ name: String) -> String? {
      guard let index = columns[name], record.fields.indices.contains(index) else { return nil }
      let value = record.fields[index].trimmed()
      return value.isEmpty ? nil : value
    }
    let before = problemCount
    let id = field("id") ?? String(count)
    if let other = lineOfID.updateValue(line, forKey: id) {
      report(
        .duplicateID, line, "id", "The id “\(id)” stands in line \(other) already.",
        "Give every row an id of its own.")
    }
    var split = Split.train
    if let written = field("split") {
      switch written.lowercased() {
      case "train", "training": split = .train
      case "val", "valid", "validation", "dev": split = .val
      case "test", "testing": split = .test
      default:
        report(.unknownSplit, line, "split", "“\(written)” is no split.", "Write train, val or test.")
      }
    }
    let start = whole(field("start"), line, "start"), end = whole(field("end"), line, "end")
    if let start, start < 1 {
      report(.badRange, line, "start", "The first row is \(start), but rows count from 1.", "Start at 1.")
    }
    if let end, end < start ?? 1 {
      report(
        .badRange, line, "end", "The window ends at \(end), before its start \(start ?? 1).",
        "Swap start and end.")
    }
    var target: Double?
    if let written = field("target") {
      target = Double(written)
      if !(target?.isFinite ?? false) {
        report(
          .badNumber, line, "target", "“\(written)” is not a finite number.", "Write a number, or nothing.")
      }
    }
    var labels: [String] = []
    for label in (field("label") ?? "").split(separator: ";").map({ String($0).trimmed() })
    where !label.isEmpty && !labels.contains(label) { labels.append(label) }

    let row = ManifestRow(
      id: id, split: split, group: field("group"), labels: labels, text: field("text"),
      image: resolve(field("image")), clip: resolve(field("clip")), series: resolve(field("series")),
      start: start,
      end: end, target: target, task: field("task"), line: line)
    if !row.hasInput && row.text == nil {
      report(
        .noInput, line, nil, "The row names no image, clip, series or text.", "Name one, or take the row out."
      )
    }
    if row.series == nil, start != nil || end != nil {
      report(
        .badRange, line, "start", "A window is given, but no series.",
        "Name the series, or leave start and end out.")
    }
    guard problemCount == before else { return }
    if options.checksFiles {
      for (column, path) in [("image", row.image), ("clip", row.clip), ("series", row.series)] {
        guard let path, !isThere(path) else { continue }
        refused.append(
          ManifestError(
            .missingFile, file: self.path, line: line, column: column,
            reason: "There is no file “\(field(column) ?? path)” (row “\(id)”).",
            remedy: "Paths are relative to the folder of the manifest, \(folder)."))
        return
      }
    }
    rows.append(row)
  }

  private mutating func whole(_ written: String?, _ line: Int, _ column: String) -> Int? {
    guard let written else { return nil }
    if let value = Int(written) { return value }
    // Data frames write whole numbers beside missing ones as 12.0.
    if let value = Double(written), let whole = Int(exactly: value) { return whole }
    report(.badNumber, line, column, "“\(written)” is not a whole number.", "Write the number of a data row.")
    return nil
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
