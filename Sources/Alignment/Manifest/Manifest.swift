import Decoders
import Foundation

/// A table of examples: which files, which split, and what is known of them.
///
/// A CSV with any of the columns `id, split, group, label, text, image, clip, series, start, end, target, task`, in
/// any order; others are passed over. Paths are relative to the manifest. Several labels are separated by `;`.
/// Beside it may stand `labels.csv` (`LabelTexts`).
public struct Manifest: Sendable {
  /// How strict the reading is.
  public struct Options: Sendable {
    /// Goes on although a group stands in two splits; `leakedGroups` then names them.
    public var allowLeak: Bool
    /// Looks whether every file is there.
    public var checksFiles = true
    /// How many faults an error describes; all are counted.
    public var maximumProblems = 20

    /// - Parameter allowLeak: whether to go on although a group stands in two splits.
    public init(allowLeak: Bool = false) { self.allowLeak = allowLeak }
  }

  /// As given.
  public let path: String
  /// Absolute path of the folder that paths are relative to.
  public let folder: String
  /// The usable rows, in file order.
  public var rows: [ManifestRow]
  /// Descriptions of labels, from `labels.csv`; none without that file.
  public let labels: LabelTexts
  /// Why rows were left out: a file is missing, a window ends before it starts, a number cannot be read.
  public let refused: [ManifestError]
  /// Groups in more than one split, sorted; empty unless `allowLeak` was given.
  public let leakedGroups: [String]
  /// Whether a row says which split it belongs to.
  public let namesSplits: Bool
  /// Columns that mean nothing here.
  public let ignoredColumns: [String]

  /// Descriptions of each label.
  public var labelTexts: [String: [String]] { labels.byLabel }

  /// The refusals of rows as data sets list them; nil for those of every split.
  public func refusals(in split: Split? = nil) -> [DatasetBuilder.Refusal] {
    refused.filter { split == nil || $0.split == split }.map { error in
      .init(id: error.id ?? "line \(error.line ?? 0)", reason: error.description)
    }
  }

  /// Usable rows of one split, in file order.
  public func rows(in split: Split) -> [ManifestRow] { rows.filter { $0.split == split } }

  /// Every label of the rows, sorted.
  public var labelNames: [String] { Set(rows.flatMap(\.labels)).sorted() }

  /// What can be said of a row in words: its text, else the descriptions of its labels.
  public func captions(of row: ManifestRow) -> [String] {
    if let text = row.text { return [text] }
    return row.labels.flatMap { labels.texts(of: $0, task: row.task) }
  }

  /// Reads a manifest and reports everything that is wrong with it at once.
  /// - Throws: `ManifestError`: `unreadable`, `empty`, `missingColumn`, `unknownSplit`, `duplicateID`; `leak` when a
  ///   group stands in two splits; `missingFile`, `badRange`, `badNumber` or `noInput` when more than half of the rows
  ///   cannot be used (fewer are listed in `refused`).
  public init(path: String, options: Options = Options()) throws(ManifestError) {
    self.path = path
    let location = URL(fileURLWithPath: path).standardizedFileURL
    folder = location.deletingLastPathComponent().path
    labels = try LabelTexts(path: folder + "/labels.csv") ?? LabelTexts()

    var parser: ManifestParser
    do throws(DecodingError) {
      var records = try CSVRecords(path: path)
      guard let header = try records.next() else {
        throw DecodingError(
          .malformed, file: path, reason: "The manifest is empty.", remedy: "Write a header and rows.")
      }
      parser = ManifestParser(path: path, folder: folder, header: header.fields, options: options)
      if parser.problemCount == 0 {
        while let record = try records.next() { parser.add(record) }
      }
    } catch {
      throw ManifestError(error, file: path)
    }
    try parser.finish()
    (rows, refused, ignoredColumns) = (parser.rows, parser.refused, parser.ignoredColumns)
    namesSplits = parser.namesSplits

    leakedGroups = LeakAudit.groupsInTwoSplits(rows)
    if !leakedGroups.isEmpty && !options.allowLeak { throw .leak(leakedGroups, file: path) }
  }
}
