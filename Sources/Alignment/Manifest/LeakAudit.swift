/// Looks for ways in which the answer gets into the question.
public enum LeakAudit {
  /// Groups that stand in more than one split, sorted.
  public static func groupsInTwoSplits(_ rows: [ManifestRow]) -> [String] {
    var split: [String: Split] = [:], leaked: Set<String> = []
    for row in rows {
      guard let group = row.group else { continue }
      if let other = split[group], other != row.split { leaked.insert(group) }
      split[group] = row.split
    }
    return leaked.sorted()
  }

  /// A row that looks at the same file as a row of an earlier split, or at an overlapping window of its recording.
  public struct SharedInput: Sendable, Equatable {
    /// The file that both rows name.
    public var path: String
    /// Id of a row of the earlier split; train comes before val, val before test.
    public var first: String
    /// Id of the row of the later split.
    public var second: String

    /// - Parameters:
    ///   - first: id of a row of the earlier split.
    ///   - second: id of the row of the later one.
    public init(path: String, first: String, second: String) {
      (self.path, self.first, self.second) = (path, first, second)
    }
  }

  /// One for every row and file that an earlier split has too, sorted by path and then in the order of the rows.
  public static func sharedInputs(_ rows: [ManifestRow]) -> [SharedInput] {
    struct Use { var row: Int, start: Int, end: Int }
    var uses: [String: [Use]] = [:]
    for (index, row) in rows.enumerated() {
      for path in row.images + (row.clip.map { [$0] } ?? []) {
        uses[path, default: []].append(Use(row: index, start: 1, end: .max))
      }
      if let path = row.series {
        uses[path, default: []].append(Use(row: index, start: row.start ?? 1, end: row.end ?? .max))
      }
    }
    var shared: [(path: String, first: Int, second: Int)] = []
    for (path, all) in uses where Set(all.map { rows[$0.row].split }).count > 1 {
      let ordered = all.sorted { ($0.start, $0.end, $0.row) < ($1.start, $1.end, $1.row) }
      for (place, split) in Split.allCases.enumerated().dropFirst() {
        let earlier = ordered.filter { Split.allCases[..<place].contains(rows[$0.row].split) }
        // Of the windows that begin before a row's last one, the one that reaches furthest overlaps if any does.
        let furthest = earlier.indices.dropFirst().reduce(into: earlier.isEmpty ? [] : [0]) { best, index in
          best.append(earlier[index].end > earlier[best[best.count - 1]].end ? index : best[best.count - 1])
        }
        for use in ordered where rows[use.row].split == split {
          let before = earlier.partitioningIndex { $0.start > use.end }
          guard before > 0, earlier[furthest[before - 1]].end >= use.start else { continue }
          shared.append((path, earlier[furthest[before - 1]].row, use.row))
        }
      }
    }
    return shared.sorted { ($0.path, $0.second) < ($1.path, $1.second) }.map {
      SharedInput(path: $0.path, first: rows[$0.first].id, second: rows[$0.second].id)
    }
  }

  /// Why a column of a series is kept from the model.
  public struct ColumnExclusion: Sendable, Equatable, Codable {
    /// Why a column is left out.
    public enum Code: String, Sendable, Codable {
      /// Its name says that it is an answer or an identifier.
      case reservedName
      /// Its value gives the label away.
      case answer
      /// Its value gives the group or the recording away.
      case identifier
      /// It has one value in all train windows, or none at all.
      case constant
    }

    /// Its name.
    public var column: String
    /// Why it is left out.
    public var code: Code
    /// One sentence.
    public var reason: String
  }

  /// Names that answers and identifiers go by; compared without case, blanks and marks.
  public static let reservedNames: Set<String> = [
    "fault", "faultid", "faultno", "faultnumber", "faulttype", "faultcode", "faultclass", "label", "labels",
    "class",
    "target", "y", "anomaly", "isanomaly", "anomalylabel", "changepoint", "failure", "machinefailure",
    "failuretype",
    "isfailure", "broken", "rul", "remaininguseful", "remainingusefullife", "remaininglife", "ttf",
    "timetofailure",
    "split", "fold", "subset", "id", "uid", "udi", "rowid", "unit", "unitid", "unitnr", "unitno",
    "unitnumber", "engine",
    "engineid", "machineid", "asset", "assetid", "deviceid", "serial", "serialnumber", "group", "groupid",
    "run", "runid",
    "simulationrun", "experiment", "experimentid", "batchid", "groundtruth", "attack", "outlier",
  ]

  /// Names the columns that are no sensors: answers, identifiers and those that never change.
  /// - Parameters:
  ///   - columns: names, in the order of the values.
  ///   - windows: the train windows with their values `[row, column]`.
  ///   - reserved: names refused whatever they hold.
  public static func seriesColumns(
    _ columns: [String], windows: some Sequence<(values: [Float], labels: [String], group: String?)>,
    reserved: Set<String> = reservedNames
  ) -> [ColumnExclusion] {
    var audit = SeriesColumnAudit(columns: columns, reserved: reserved)
    for window in windows { audit.add(window.values, labels: window.labels, group: window.group) }
    return audit.exclusions()
  }
}
