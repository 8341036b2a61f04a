import Files
import Foundation

/// Rows out of the messages of a broker.
///
/// A payload is a JSON object of numbers, an array of such objects, lines of separated numbers, or, where each sensor
/// has a topic of its own, a number alone; see `RowMaker` for how parts become rows. Messages are acknowledged after
/// their rows' place is saved: with QoS 1 and a session that the broker keeps, messages sent while the program was not
/// there arrive later, and one that is killed gets again what it had not saved. What comes twice makes rows once: packets
/// are known by their number, payloads with a time or a sequence number by themselves.
public struct MessageSource: RowSource {
  /// The sensors, and a column `time` where messages carry one.
  public internal(set) var header: SensorHeader
  /// What the caller saved with the place; nil at a first start.
  public let restoredAttachment: Data?
  /// Topics that were passed over and values that came late, one sentence each; at most 100.
  public internal(set) var notes: [String] = []
  /// Payloads that could not be read, by topic and byte.
  public internal(set) var refusedRows = RefusedRows()
  /// Messages that came a second time.
  public internal(set) var repeated = 0

  let address: BrokerAddress
  let options: MessageOptions
  let told: @Sendable (String) -> Void
  private let connection: BrokerConnection
  private let isForgotten: Bool
  private let placeFile: String?
  var place: MessagePlace
  /// The place before the first rows, which are known before they are asked for; nil from then on.
  private var beginning: MessagePlace?
  var slots = SensorSlots([])
  /// Messages received and not taken yet.
  private var inbox: [Message] = []
  /// Messages taken since the place was saved.
  var taken: [MessagePlace.Taken] = []
  /// Whether rows were handed out since the place was saved: only their reader knows when they are done with.
  private var isOut = false
  /// Messages of earlier connections that may come again over this one, before any other.
  var again: [MessagePlace.Taken] = []
  private var connections = 0
  /// Topics that have nothing to say.
  var passed: Set<String> = []
  var ready = RowBlock()

  /// Milliseconds to wait for messages at a time; signs of life are sent and cancellation is noticed in between.
  private static let pause: Int32 = 100
  /// Messages that are taken before their place is saved, at most: fewer would wait for the disk more often.
  private static let batch = 64

  /// Connects, and waits until the columns are known.
  /// - Parameter placeFile: where the place is kept; nil: what was handed out is acknowledged when more is asked for.
  /// - Throws: `DecodingError`: `unsupported` where the broker or libmosquitto cannot be used, or the place is of
  ///   another session; `malformed`; `notFound` for a missing file of authorities; `cancelled`.
  public init(
    _ address: BrokerAddress, broker: BrokerOptions, options: MessageOptions, placeFile: String? = nil
  ) throws(DecodingError) {
    (self.address, self.options, self.placeFile, told) = (address, options, placeFile, broker.told)
    isForgotten = broker.isForgotten
    let session = "\(address) as \(broker.client)"
    let saved: MessagePlace? =
      if let placeFile { try MessagePlace.load(placeFile, session: session) } else { nil }
    place = saved ?? MessagePlace(session: session, columns: options.columns)
    restoredAttachment = place.attachment
    header = MessageSource.header([], hasTime: false)
    connection = try BrokerConnection(address, broker, subscribes: true)
    connection.expectsSession = saved != nil
    again = place.open
    try recognise()
  }

  /// Waits for messages until there is a plan for their rows.
  private mutating func recognise() throws(DecodingError) {
    var deadline: ContinuousClock.Instant?
    var isTold = false
    while place.maker == nil {
      if !place.waiting.isEmpty {
        let end = deadline ?? ContinuousClock.now + options.patience
        deadline = end
        let isLast = ContinuousClock.now >= end
        if plan(isLast: isLast) { break }
        if isLast, !isTold {
          told("\(address): Too few of the sensors have told a value so far; waiting for more.")
          isTold = true
        }
      }
      try fetch()
      let new = inbox.filter { isNew($0) }
      inbox = []
      if new.isEmpty, taken.isEmpty { try connection.acknowledge() }
      place.waiting += new
      if !taken.isEmpty { try keep() }
    }
    if let maker = place.maker {
      slots = SensorSlots(maker.plan.names)
      header = MessageSource.header(maker.plan.names, hasTime: maker.hasTime)
    }
    let waiting = place.waiting
    if !waiting.isEmpty { beginning = place }
    place.waiting = []
    for message in waiting { take(message) }
  }

  /// The number of the last row made; 0 before the first.
  public var lastRow: Int { place.maker?.lastRow ?? 0 }
  /// Rows and parts without a time that could be read, where others have one.
  public var unreadableTimes: Int { place.maker?.unreadableTimes ?? 0 }

  /// The rows of the next messages, waiting until there is one; rows of one message stay together.
  /// - Throws: `DecodingError`: `cancelled`; `unsupported` when the broker refuses this client or the place cannot be saved.
  public mutating func next(_ maximum: Int) throws(DecodingError) -> Series {
    while ready.rows.isEmpty {
      // What made no row is done with as well, and so is what was handed out where nobody saves.
      if !isOut || placeFile == nil { try keep() }
      try fetch()
      for message in inbox where isNew(message) { take(message) }
      inbox = []
    }
    defer { (ready, beginning, isOut) = (RowBlock(), nil, true) }
    let channels = header.channels
    let hasTime = place.maker?.hasTime ?? false
    return Series(
      channels: channels, values: ready.values, time: hasTime ? ready.time : nil,
      timeText: hasTime ? ready.timeText : nil, rows: ready.rows)
  }

  /// Saves how far the rows handed out reach, and acknowledges their messages.
  /// - Throws: `WritingError`; the place saved before then still holds, and nothing is acknowledged.
  public mutating func savePlace(attachment: Data?) throws(WritingError) {
    place.attachment = attachment
    if var beginning {
      beginning.attachment = attachment
      if let placeFile { try beginning.save(placeFile) }
      return
    }
    try save()
    // A connection that is lost here is made again where messages are asked for.
    try? connection.acknowledge()
  }

  /// Saves the place with what was saved beside it last, and acknowledges; without a place, what was handed out counts
  /// as done with.
  private mutating func keep() throws(DecodingError) {
    if !taken.isEmpty {
      do throws(WritingError) {
        try save()
      } catch {
        throw DecodingError(.unsupported, file: error.path, reason: error.reason, remedy: error.remedy)
      }
    }
    try connection.acknowledge()
  }

  private mutating func save() throws(WritingError) {
    place.open = Array((place.open + taken).suffix(2 * MessageSource.batch))
    if let placeFile { try place.save(placeFile) }
    (taken, isOut) = ([], false)
  }

  /// Waits a little for messages and takes those that are there.
  private mutating func fetch() throws(DecodingError) {
    var wait = MessageSource.pause
    while inbox.count < MessageSource.batch {
      let new = try connection.receive(wait)
      if connection.connections != connections {
        connections = connection.connections
        again = place.open + taken
        // What was received and not taken comes again, but for what was sent without that promise.
        if !isForgotten { inbox.removeAll { $0.id != 0 } }
      }
      inbox += new
      if new.isEmpty { return }
      wait = 0
    }
  }

  /// Whether a message was not taken before; it counts as taken from now on.
  private mutating func isNew(_ message: Message) -> Bool {
    guard message.id != 0 else { return true }
    let own = MessagePlace.Taken(id: message.id, mark: message.mark)
    taken.append(own)
    if let index = again.firstIndex(of: own) {
      again.removeSubrange(...index)
      repeated += 1
      return false
    }
    // Whatever comes again comes before what is new.
    if !message.isRetained { again = [] }
    return true
  }

  static func header(_ names: [String], hasTime: Bool) -> SensorHeader {
    SensorHeader(
      channels: names.map { Channel(name: $0) }, timeChannel: hasTime ? "time" : nil,
      timeFormat: hasTime ? "number" : nil, separator: ",", decimal: ".", hasHeader: true, hasUnitsRow: false,
      textColumns: [], otherColumns: [], preamble: [], isCompressed: false,
      columnCount: names.count + (hasTime ? 1 : 0))
  }
}
