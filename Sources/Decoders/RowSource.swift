import Files
import Foundation

/// Where rows of a recording come from while it is being made: a file that grows, or a broker's topics.
///
///     var source: any RowSource = try SensorFollower(path: "plant.csv", placeFile: "plant.place")
///     while true {
///       let series = try source.next(4096)
///       …                                      // what the rows are for
///       try source.savePlace(attachment: nil)
///     }
///
/// What was handed out counts as done with when its place is saved: a restart hands out what came after, nothing
/// twice and nothing left out.
public protocol RowSource {
  /// What is known of the columns; the same for all rows.
  var header: SensorHeader { get }
  /// What the caller saved with the place that reading went on from; nil at a first start.
  var restoredAttachment: Data? { get }
  /// What happened on the way, one sentence each, the latest last; at most 100.
  var notes: [String] { get }
  /// What could not be read since the start of this program.
  var refusedRows: RefusedRows { get }
  /// Rows whose values could be read, but not their time.
  var unreadableTimes: Int { get }
  /// The number of the last row handed out or refused; 0 before the first.
  var lastRow: Int { get }

  /// The next rows, at most `maximum` or those that came together, waiting until there is at least one.
  /// - Throws: `DecodingError`: `cancelled` soon after the surrounding task is cancelled.
  mutating func next(_ maximum: Int) throws(DecodingError) -> Series
  /// Saves how far the rows handed out reach, and `attachment` with it, in one step: both or neither.
  /// - Throws: `WritingError`; the place saved before then still holds.
  mutating func savePlace(attachment: Data?) throws(WritingError)
}

extension SensorFollower: RowSource {}
