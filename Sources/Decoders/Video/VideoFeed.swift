import CLibAV

extension CLibAVFrame {
  /// When the frame is shown, in units of the time base, as its packet says or as the decoder guesses.
  var shown: Int64? {
    presentation != FramePlan.noTime ? presentation : estimate != FramePlan.noTime ? estimate : nil
  }
}

/// Feeds packets to the decoder and takes frames out of it.
struct VideoFeed {
  private let session: VideoSession
  /// The first packet worth decoding.
  private let start: Int
  /// The packet to feed next.
  private var cursor: Int
  /// Key packets in the order of decoding.
  private let keys: [Int]
  private var indexOfTime: [Int64: Int] = [:]
  /// The time of the key frame that decoding was last taken up at.
  private var entry: Int64?

  /// Frames out of the decoder, in the order in which the session holds them.
  private var waiting: [CLibAVFrame] = []
  private var ended = false
  /// The decoder was told that nothing follows.
  private var draining = false
  private(set) var peeked: CLibAVFrame?
  /// Frames taken out since the start.
  private(set) var count = 0
  private(set) var firstTime: Int64 = 0
  /// What stopped the feeding before the clip's end.
  private(set) var failure: DecodingError?
  /// Frames shown from here on may lack what could not be fed.
  private var limit: Int64?
  /// The decoder's frames are not those of the packets: decoding was taken up at a frame that is no key frame after
  /// all, or a frame has no time or one before its predecessor's.
  private(set) var isOutOfOrder = false
  private var lastTime = FramePlan.noTime
  /// Where set, only frames of these times and those that others refer to are decoded.
  var skipping: Set<Int64>?

  init(list: PacketList) {
    session = list.session
    keys = list.packets.indices.filter { list.packets[$0].flags & UInt32(CLIBAV_KEY) != 0 }
    start = keys.first ?? 0
    cursor = start
    for (index, time) in list.times.enumerated() {
      if let time { indexOfTime[time] = index }
    }
  }

  /// The frame that `next` will give.
  mutating func peek(_ list: inout PacketList) throws(DecodingError) -> CLibAVFrame? {
    if peeked == nil, let frame = try take(&list) {
      peeked = frame
      firstTime = frame.shown ?? 0
    }
    return peeked
  }

  /// The next frame in order of presentation; nil at the end and, then with `failure`, at damage.
  mutating func next(_ list: inout PacketList) throws(DecodingError) -> CLibAVFrame? {
    let frame: CLibAVFrame?
    if let waiting = peeked { frame = waiting } else { frame = try take(&list) }
    peeked = nil
    if frame != nil { count += 1 }
    return frame
  }

  /// Passes over everything before the last key frame at or before `time`, if that saves work.
  mutating func jump(towards time: Int64, in list: PacketList) {
    guard let target = indexOfTime[time],
      let key = keys.last(where: { $0 <= target && list.packets[$0].presentation <= time }), key > cursor,
      list.packets[key].presentation != FramePlan.noTime
    else { return }
    session.flush()
    cursor = key
    (peeked, waiting, ended, draining) = (nil, [], false, false)
    entry = list.packets[key].presentation
  }

  mutating func restart() {
    session.flush()
    (waiting, ended, draining) = ([], false, false)
    (cursor, count, peeked, skipping, entry, failure, limit) = (start, 0, nil, nil, nil, nil, nil)
    (isOutOfOrder, lastTime) = (false, FramePlan.noTime)
  }

  /// The first waiting frame, once nothing can come any more that shows it to be damaged: a frame that was decoded
  /// from one shown later waits until that one is out, and goes where that one is damaged.
  private mutating func take(_ list: inout PacketList) throws(DecodingError) -> CLibAVFrame? {
    while true {
      let anchored = waiting.first.map { !$0.leansOnLater } ?? false
      if anchored || ended || waiting.count == Int(CLIBAV_WAITING)
        || waiting.contains(where: { !$0.leansOnLater })
      {
        guard let first = waiting.first else { return nil }
        let safe = [limit, list.safeUntil].compactMap(\.self).min()
        if let safe, first.shown.map({ $0 >= safe }) ?? draining {
          if failure == nil { failure = list.damage }
          return nil
        }
        session.take()
        return waiting.removeFirst()
      }
      guard let frame = try pull(&list) else {
        ended = true
        continue
      }
      if frame.damaged {
        // The damaged frame itself stays as the last and only one that tells.
        waiting.removeAll()
        session.dropAll()
        return frame
      }
      waiting.append(frame)
    }
  }

  /// The next frame out of the decoder.
  private mutating func pull(_ list: inout PacketList) throws(DecodingError) -> CLibAVFrame? {
    while true {
      do throws(DecodingError) {
        switch try session.receive(at: count) {
        case .end: return nil
        case .hungry:
          if cursor < list.packets.count {
            let skip =
              skipping.map { wanted in list.times[cursor].map { !wanted.contains($0) } ?? false } ?? false
            try list.feed(cursor, skip: skip)
            cursor += 1
          } else {
            draining = true
            try session.feedEnd()
          }
        case .frame(let frame):
          if let entry {
            // Pictures that lean on what was passed over.
            if frame.presentation < entry {
              session.drop()
              continue
            }
            if frame.presentation != entry || !frame.key { isOutOfOrder = true }
            self.entry = nil
          }
          if frame.presentation <= lastTime { isOutOfOrder = true }
          lastTime = frame.presentation
          return frame
        }
      } catch {
        if error.code == .cancelled || failure != nil { throw error }
        failure = error
        // Of what was fed before, the frames shown before anything that is missing are still good.
        guard cursor < list.packets.count, list.packets[cursor].decoding != FramePlan.noTime else {
          return nil
        }
        limit = list.packets[cursor].decoding
        cursor = list.packets.count
      }
    }
  }
}
