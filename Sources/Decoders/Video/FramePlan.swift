import CLibAV

/// The frames of a clip in order of presentation, with their times, and which of them answer a request for
/// evenly spaced frames.
struct FramePlan {
  /// Start of each frame in units of the time base, ascending.
  var times: [Int64]
  /// Times are the nearest unit (milliseconds in Matroska and Flash), not the exact ones: a frame counts as reached
  /// half a unit early.
  var isRounded = false
  /// Where the last frame's showing ends.
  var end: Int64

  /// From the packets alone; nil where they do not give every frame a time of its own.
  init?(list: PacketList) {
    var times: [Int64] = []
    times.reserveCapacity(list.packets.count)
    for (packet, time) in zip(list.packets, list.times) where packet.flags & UInt32(CLIBAV_DROPPED) == 0 {
      guard let time else { return nil }
      times.append(time)
    }
    self.init(times: times.sorted())
    guard zip(self.times, self.times.dropFirst()).allSatisfy(<) else { return nil }
    for (packet, time) in zip(list.packets, list.times) where packet.duration > 0 {
      if let time, time == self.times.last {
        end = time.addingReportingOverflow(packet.duration).partialValue
      }
    }
  }

  /// From times as they came out of the decoder. One that is missing follows the one before by the usual step;
  /// where they do not ascend at all, frames are `step` apart.
  init(decoded: [Int64?], step: Int64) {
    let known = FramePlan(times: decoded.compactMap(\.self))
    var times: [Int64] = []
    times.reserveCapacity(decoded.count)
    for time in decoded {
      let next = times.last?.addingReportingOverflow(known.usualStep ?? step).partialValue ?? 0
      times.append(time ?? next)
    }
    if !zip(times, times.dropFirst()).allSatisfy(<) {
      times = times.indices.map { Int64($0).multipliedReportingOverflow(by: step).partialValue }
    }
    self.init(times: times)
  }

  /// The last frame is shown as long as the frames before it usually are.
  private init(times: [Int64]) {
    self.times = times
    end = times.last ?? 0
    end = max(end, end.addingReportingOverflow(usualStep ?? 1).partialValue)
  }

  /// The median time from one frame to the next; nil for fewer than two frames.
  private var usualStep: Int64? {
    let steps = zip(times, times.dropFirst()).map { $1.subtractingReportingOverflow($0).partialValue }
      .sorted()
    return steps.isEmpty ? nil : max(1, steps[steps.count / 2])
  }

  static let noTime = Int64.min

  /// The frames before `time`; the end stays, as does nil where none is left.
  func before(_ time: Int64) -> FramePlan? {
    var plan = self
    plan.times.removeAll { $0 >= time }
    return plan.times.isEmpty ? nil : plan
  }

  /// The frames from `time` on; nil where `time` is none of them.
  func from(_ time: Int64) -> FramePlan? {
    guard let first = times.firstIndex(of: time) else { return nil }
    var plan = self
    plan.times.removeFirst(first)
    return plan
  }

  /// Position of the frame shown at `(i + 0.5) / count` of the time from the first frame to `end`; the number
  /// of frames where nothing is left to show then.
  ///
  /// `coveredUntil` is where the last known frame's showing ends when `end` is later.
  func evenly(_ count: Int, until end: Int64, coveredUntil: Int64) -> [Int] {
    guard let first = times.first else { return [] }
    // In wide integers: times are whatever a broken file says, and equality matters at frame borders.
    let span = Int128(end) - Int128(first)
    let slack = isRounded ? Int128(count) : 0
    var position = 0
    return (0..<count).map { i in
      let scaled = span * Int128(2 * i + 1)  // of 2 * count
      func reached(_ time: Int64) -> Bool {
        (Int128(time) - Int128(first)) * Int128(2 * count) - slack <= scaled
      }
      while position + 1 < times.count, reached(times[position + 1]) { position += 1 }
      return coveredUntil < end && reached(coveredUntil) ? times.count : position
    }
  }

  /// How many packets at most wait in the decoder before a frame that is shown earlier: the depth of
  /// reordering.
  static func depth(of times: [Int64?]) -> Int {
    let known = times.map { $0 ?? 0 }
    let order = known.indices.sorted { known[$0] < known[$1] }
    return order.enumerated().reduce(0) { max($0, $1.element - $1.offset) }
  }
}
