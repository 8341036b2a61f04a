import CLibAV

/// Fills in the times of frames whose packets have none, as is usual in MPEG program streams, where only some packets
/// are stamped.
enum MissingTimes {
  /// The time of every packet's frame, or nil where it does not follow from the stamps.
  ///
  /// It follows where no frame is reordered: then each is shown when the next is decoded, and every stamp that is there
  /// says so. With reordered frames some stamps would say otherwise.
  static func filled(_ packets: [CLibAVPacket]) -> [Int64?]? {
    guard packets.count >= 3, packets.allSatisfy({ $0.decoding != FramePlan.noTime }) else { return nil }
    var next = packets.dropFirst().map(\.decoding)
    let step = next[next.count - 1].subtractingReportingOverflow(packets[packets.count - 2].decoding)
      .partialValue
    next.append(next[next.count - 1].addingReportingOverflow(step).partialValue)
    guard zip(next, next.dropFirst()).allSatisfy(<) else { return nil }
    var stamped = 0
    for (packet, next) in zip(packets, next) where packet.presentation != FramePlan.noTime {
      guard packet.presentation == next else { return nil }
      stamped += 1
    }
    return stamped * 2 >= packets.count ? next : nil
  }
}
