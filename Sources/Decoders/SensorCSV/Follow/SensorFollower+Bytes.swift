import Foundation

extension SensorFollower {
  func place(_ attachment: Data? = nil) -> FollowPlace? {
    guard let identity, rows != nil else { return nil }
    return FollowPlace(
      device: identity.device, inode: identity.inode, offset: offset, row: lastRow,
      head: Data(head + unreadHead), tail: Data(tail), layout: layout, attachment: attachment)
  }

  /// What the top of the file has beside `head`, in whole lines: a header alone is the same in all parts of a recording.
  private var unreadHead: ArraySlice<UInt8> {
    guard offset == head.count, head.count < FollowPlace.fingerprintBytes else { return [] }
    let bytes = buffer.bytes, whole = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
    return ArraySlice(bytes[..<min(whole, FollowPlace.fingerprintBytes - head.count)])
  }

  /// Takes rows out of the buffer.
  mutating func read(last: Bool, _ maximum: Int, _ block: inout RowBlock) -> RowReader.Step {
    guard var reader = rows else { return RowReader.Step(consumed: 0, needsMore: true) }
    rows = nil  // so that the reader's arrays are not copied
    let step = reader.read(buffer.bytes, last: last, maximum: maximum, into: &block)
    rows = reader
    drop(step.consumed)
    return step
  }

  /// Marks bytes at the start of the buffer as done with.
  mutating func drop(_ count: Int) {
    let bytes = buffer.bytes[..<count]
    let limit = FollowPlace.fingerprintBytes
    if head.count < limit { head += bytes.prefix(limit - head.count) }
    tail = Array((tail + bytes.suffix(limit)).suffix(limit))
    buffer.drop(count)
    offset += count
  }

  /// Reads what the source has to give now. False: nothing more.
  mutating func fill() throws(DecodingError) -> Bool {
    let got: Int
    switch source {
    case nil: return false
    case .part(let part): got = try buffer.fill { room throws(DecodingError) in try part.read(into: room) }
    case .growing(let file):
      guard let status = file.status(), status.size != offset + buffer.count else { return false }
      if status.size < offset + buffer.count || !isUnchanged(file, with: buffer.bytes[...]) {
        // Perhaps only the last, unfinished line was taken back.
        if status.size >= offset, isUnchanged(file, with: buffer.bytes[..<0]) {
          buffer.clear()
          try file.seek(to: offset)
        } else {
          try restartAfterTruncation(file)
        }
        return true
      }
      got = try buffer.fill { room throws(DecodingError) in try file.read(into: room) }
    }
    if got > 0 { (lastArrival, rotationSeen) = (.now, nil) }
    return got > 0
  }

  /// Whether the bytes that were read last still stand where they stood: a file that was cut and has grown past the
  /// place again looks like one that has only grown.
  func isUnchanged(_ file: FileDescriptor, with pending: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let expected = tail + pending
    guard !expected.isEmpty else { return true }
    return file.bytes(at: offset - tail.count, count: expected.count) == expected
  }

  mutating func note(_ text: String) {
    if notes.count == 100 { notes.removeFirst() }
    notes.append(text)
  }

  func pause() throws(DecodingError) {
    var rest = interval
    while rest > .zero {
      if Task.isCancelled { throw FileDescriptor.cancelled(path) }
      let slice = min(rest, .milliseconds(50))
      usleep(UInt32(slice / .microseconds(1)))
      rest -= slice
    }
    if Task.isCancelled { throw FileDescriptor.cancelled(path) }
  }
}
