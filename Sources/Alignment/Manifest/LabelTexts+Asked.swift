import Decoders
import Foundation

extension LabelTexts {
  /// Reads labels that are asked for in words, from a CSV of `label,text` with an optional column `task`.
  ///
  /// Stricter than what stands beside a manifest, since nothing else says what is meant: every row needs both, and
  /// texts must tell the labels apart.
  /// - Throws: `ManifestError` with everything that is wrong: `unreadable`, `empty`, `missingColumn`; `noInput` for a
  ///   row without label or text; `duplicateID` for a text that stands twice.
  public init(asked path: String) throws(ManifestError) {
    self.init()
    var problems = AskedProblems(path: path)
    do throws(DecodingError) {
      var records = try CSVRecords(path: path)
      let header = try records.next()?.fields.map { $0.trimmed().lowercased() } ?? []
      if let label = header.firstIndex(of: "label"), let text = header.firstIndex(of: "text") {
        let task = header.firstIndex(of: "task")
        while let record = try records.next() {
          func field(_ index: Int?) -> String {
            guard let index, record.fields.indices.contains(index) else { return "" }
            return record.fields[index].trimmed()
          }
          let name = field(task)
          let entry = Entry(label: field(label), text: field(text), task: name.isEmpty ? nil : name)
          if problems.accept(entry, line: record.line) { entries.append(entry) }
        }
      } else {
        let missing = ["label", "text"].filter { !header.contains($0) }.map { "“\($0)”" }
        problems.add(
          .missingColumn, 1, nil,
          "The first line lacks \(missing.joined(separator: " and ")); it holds "
            + (header.isEmpty ? "nothing." : header.prefix(12).joined(separator: ", ") + "."),
          "Start the file with the line label,text.")
      }
    } catch {
      throw ManifestError(error, file: path)
    }
    if entries.isEmpty && problems.found.isEmpty {
      problems.add(
        .empty, nil, nil, "There is no label below the first line.",
        "Write one line of label,text for each text.")
    }
    if !problems.found.isEmpty { throw .joined(problems.found, count: problems.count) }
  }
}

/// What is wrong with labels that are asked for in words.
private struct AskedProblems {
  let path: String
  var found: [ManifestError] = []
  var count = 0
  /// By task and text: the label and the line that had the text first.
  private var seen: [[String]: (label: String, line: Int)] = [:]

  init(path: String) { self.path = path }

  mutating func add(
    _ code: ManifestError.Code, _ line: Int?, _ column: String?, _ reason: String, _ remedy: String
  ) {
    count += 1
    guard found.count < 20 else { return }
    found.append(
      ManifestError(code, file: path, line: line, column: column, reason: reason, remedy: remedy))
  }

  mutating func accept(_ entry: LabelTexts.Entry, line: Int) -> Bool {
    guard !entry.label.isEmpty else {
      add(.noInput, line, "label", "The text has no label.", "Write the label before it.")
      return false
    }
    guard !entry.text.isEmpty else {
      add(
        .noInput, line, "text", "The label “\(entry.label)” has no text.",
        "Say in words what it looks like, or take the line away.")
      return false
    }
    let key = [entry.task ?? "", entry.text.lowercased()]
    if let first = seen[key] {
      add(
        .duplicateID, line, "text",
        first.label == entry.label
          ? "The label “\(entry.label)” has the same text in line \(first.line)."
          : "The text is also that of “\(first.label)” in line \(first.line), so that it cannot tell the two apart.",
        "Write another text, or take the line away.")
      return false
    }
    seen[key] = (entry.label, line)
    return true
  }
}
