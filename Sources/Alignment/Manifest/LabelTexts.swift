import Decoders
import Foundation

/// Descriptions of labels, as `labels.csv` beside a manifest gives them: one or more of each label, for all tasks
/// or for one.
public struct LabelTexts: Sendable, Equatable {
  /// One description of a label.
  public struct Entry: Sendable, Equatable {
    /// A label as manifests write it, and words on what it means.
    public var label: String, text: String
    /// Nil: for every task.
    public var task: String?

    /// - Parameter task: the task that the label belongs to; nil for every one.
    public init(label: String, text: String, task: String? = nil) {
      (self.label, self.text, self.task) = (label, text, task)
    }
  }

  /// In file order.
  public var entries: [Entry]

  /// - Parameter entries: descriptions, in file order.
  public init(entries: [Entry] = []) { self.entries = entries }

  /// The descriptions of a label within a task, those for every task included.
  public func texts(of label: String, task: String? = nil) -> [String] {
    entries.filter { $0.label == label && ($0.task == nil || task == nil || $0.task == task) }.map(\.text)
  }

  /// Every label with its descriptions.
  public var byLabel: [String: [String]] {
    Dictionary(grouping: entries, by: \.label).mapValues { $0.map(\.text) }
  }

  /// Reads `label,text` with an optional third column `task`; nil where there is no such file.
  init?(path: String) throws(ManifestError) {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    self.init()
    do throws(DecodingError) {
      var records = try CSVRecords(path: path)
      guard let header = try records.next()?.fields.map({ $0.lowercased().trimmed() }) else { return }
      guard let label = header.firstIndex(of: "label"), let text = header.firstIndex(of: "text") else {
        throw DecodingError(
          .malformed, file: path, reason: "The columns “label” and “text” are needed.",
          remedy: "Start the file with the line label,text.")
      }
      let task = header.firstIndex(of: "task")
      while let record = try records.next() {
        func field(_ index: Int?) -> String? {
          guard let index, record.fields.indices.contains(index) else { return nil }
          let value = record.fields[index].trimmed()
          return value.isEmpty ? nil : value
        }
        guard let label = field(label), let text = field(text) else { continue }
        entries.append(Entry(label: label, text: text, task: field(task)))
      }
    } catch {
      throw ManifestError(error, file: path)
    }
  }
}

extension String {
  /// Without white space at both ends.
  func trimmed() -> String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
