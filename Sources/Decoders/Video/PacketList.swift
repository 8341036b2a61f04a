import CLibAV

/// What is known of a clip's packets before any is decoded, and the way to hand any of them to the decoder.
///
/// Small clips are read once and their packets stay in memory: going to a key frame is then an index and cannot
/// miss. Of larger ones only the list stays; going to a key frame asks the container, and where it does not land
/// on a packet of the list at or before that key frame, the file is read again from its start.
struct PacketList {
  let session: VideoSession
  /// In the order of decoding.
  private(set) var packets: [CLibAVPacket] = []
  /// When each packet's frame is shown, also where only its neighbours say so; nil where unknown.
  private(set) var times: [Int64?] = []
  /// Why the list ends before the file says it should.
  private(set) var damage: DecodingError?
  private let inMemory: Bool
  /// The packet last read from the file, which the session holds; -1 at the start.
  private var held = -1

  init(session: VideoSession, keeping keep: Int) throws(DecodingError) {
    self.session = session
    do throws(DecodingError) {
      let whole = session.info.wholeFrames
      while let packet = try session.scan(keeping: keep, at: packets.count) {
        if packet.flags & UInt32(CLIBAV_DAMAGED) != 0 || Int64(packets.count) == whole {
          throw DecodingError(
            .truncated, file: session.path, place: .frame(packets.count),
            reason: "The data of a frame ends early.",
            remedy: "Copy or export the recording again.")
        }
        packets.append(packet)
      }
      if whole >= 0 {
        throw DecodingError(
          .truncated, file: session.path, place: .frame(packets.count),
          reason: "The file ends inside a frame.",
          remedy: "Copy or export the recording again.")
      }
      let declared = Int(clamping: session.info.declaredFrames)
      if declared > packets.count, session.info.countIsBinding {
        throw DecodingError(
          .truncated, file: session.path, place: .frame(packets.count),
          reason: "The file states \(declared) frames and holds \(packets.count).",
          remedy: "Copy or export the recording again.")
      }
    } catch {
      if error.code == .cancelled || error.code == .tooLarge || packets.isEmpty { throw error }
      damage = error
    }
    times = packets.map { $0.presentation == FramePlan.noTime ? nil : $0.presentation }
    if times.contains(nil), let filled = MissingTimes.filled(packets) { times = filled }
    inMemory = session.keepsPackets
    if !inMemory { try session.rewind() }
  }

  /// Nothing that is missing is shown before this; nil where nothing is missing or times are unknown.
  var safeUntil: Int64? {
    guard damage != nil, let last = packets.last, last.decoding != FramePlan.noTime else { return nil }
    return last.decoding.addingReportingOverflow(max(1, last.duration)).partialValue
  }

  /// Hands packet `index` to the decoder.
  mutating func feed(_ index: Int, skip: Bool) throws(DecodingError) {
    let time = times[index] ?? FramePlan.noTime
    guard !inMemory else { return try session.feedKept(index, time: time, skip: skip, frame: index) }
    if index < held || index > held + 1 { try move(to: index) }
    while held < index {
      guard let packet = try session.read(at: held + 1), Self.same(packet, packets[held + 1]) else {
        throw DecodingError(
          .malformed, file: session.path, place: .frame(held + 1),
          reason: "The file reads otherwise than a moment ago.", remedy: "Try again once it is written whole."
        )
      }
      held += 1
    }
    try session.feedRead(time: time, skip: skip, frame: index)
  }

  /// Goes to a packet at or before `index`: where the container lands, if that is a packet of the list, else to
  /// the start of the file.
  private mutating func move(to index: Int) throws(DecodingError) {
    if packets[index].decoding != FramePlan.noTime, session.seek(decoding: packets[index].decoding),
      let landed = try? session.read(at: index),
      let place = (0...index).reversed().first(where: { Self.same(packets[$0], landed) })
    {
      held = place
      return
    }
    try session.rewind()
    held = -1
  }

  private static func same(_ a: CLibAVPacket, _ b: CLibAVPacket) -> Bool {
    a.presentation == b.presentation && a.decoding == b.decoding && a.size == b.size
      && (a.position == b.position || a.position < 0 || b.position < 0)
  }
}
