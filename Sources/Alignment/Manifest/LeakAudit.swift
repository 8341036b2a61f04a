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

  /// Two rows of different splits that look at the same file, or at overlapping windows of one recording.
  public struct SharedInput: Sendable, Equatable {
    /// The file that both rows name.
    public var path: String
    /// Ids of the two rows.
    public var first: String, second: String

    /// - Parameters:
    ///   - first: id of one row.
    ///   - second: id of the other.
    public init(path: String, first: String, second: String) {
      (self.path, self.first, self.second) = (path, first, second)
    }
  }

  /// One pair for each file that stands in two splits with the same or overlapping rows, sorted by path.
  public static func sharedInputs(_ rows: [ManifestRow]) -> [SharedInput] {
    struct Use { var row: ManifestRow, start: Int, end: Int }
    var uses: [String: [Use]] = [:]
    for row in rows {
      for path in [row.image, row.clip] {
        if let path { uses[path, default: []].append(Use(row: row, start: 1, end: .max)) }
      }
      if let path = row.series {
        uses[path, default: []].append(Use(row: row, start: row.start ?? 1, end: row.end ?? .max))
      }
    }
    var shared: [SharedInput] = []
    for (path, all) in uses {
      // Sweep by start; for each split the window that reaches furthest is enough to find an overlap.
      var furthest: [Split: Use] = [:]
      sweep: for use in all.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
        for (split, other) in furthest where split != use.row.split && other.end >= use.start {
          shared.append(SharedInput(path: path, first: other.row.id, second: use.row.id))
          break sweep
        }
        if use.end > furthest[use.row.split]?.end ?? Int.min { furthest[use.row.split] = use }
      }
    }
    return shared.sorted { $0.path < $1.path }
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
