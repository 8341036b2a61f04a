import Foundation

extension SensorFollower {
  /// Opens the file at `path` at its start.
  mutating func openCurrent() throws(DecodingError) {
    let file = try FileDescriptor(path: path)
    guard !file.isLive, let identity = file.status() else {
      throw DecodingError(
        .unsupported, file: path, reason: "This is no file that can be followed.",
        remedy: "Name a file, or read a pipe as standard input without --follow.")
    }
    if file.bytes(at: 0, count: 2) == [0x1F, 0x8B] {
      throw DecodingError(
        .unsupported, file: path,
        reason: "A compressed file cannot be followed: it is complete when it is written.",
        remedy: "Read it without --follow, or follow the file that the plant writes.")
    }
    begin(.growing(file), identity)
  }

  mutating func begin(_ source: Source, _ identity: FileIdentity) {
    (self.source, self.identity) = (source, identity)
    buffer.clear()
    (offset, head, tail, isAtTop, rotationSeen) = (0, [], [], true, nil)
  }

  /// Called where the source has nothing more: finishes it if it was rotated away and opens what follows.
  /// - Returns: whether there may be more rows now.
  mutating func goOn(_ maximum: Int, _ block: inout RowBlock) throws(DecodingError) -> Bool {
    switch source {
    case .part:
      _ = read(last: true, maximum, &block)
      guard buffer.count == 0 else { return false }  // `block` is full
      return try openNext()
    case .growing:
      guard let identity, let current = FileIdentity(path: path), !current.isSameFile(as: identity) else {
        return false
      }
      // The writer may still end its last line in the renamed file; it is given one more look, or a second.
      guard let seen = rotationSeen else {
        rotationSeen = .now
        return false
      }
      guard current.size > 0 || ContinuousClock.now - seen > .seconds(1) else { return false }
      _ = read(last: true, maximum, &block)
      guard buffer.count == 0 else { return false }
      let parts = RotatedFiles.parts(of: path)
      if let own = parts.firstIndex(where: { FileIdentity(path: $0.path)?.isSameFile(as: identity) ?? false })
      {
        queue = parts[(own + 1)...].map(\.path)
      }
      note("The file was rotated after row \(lastRow); reading goes on in the new one.")
      return try openNext()
    case nil: return try openNext()
    }
  }

  /// Opens the next part, or the file at `path`. False: it is not there at the moment.
  mutating func openNext() throws(DecodingError) -> Bool {
    while !queue.isEmpty {
      let part = queue.removeFirst()
      guard let identity = FileIdentity(path: part), let opened = try? ByteSource(path: part) else {
        continue
      }
      begin(.part(opened), identity)
      return true
    }
    do throws(DecodingError) {
      try openCurrent()
      return true
    } catch {
      guard error.code == .notFound else { throw error }
      source = nil
      return false
    }
  }

  /// The file was cut: rows that were not read yet may stand in a copy of it, else reading starts at its top.
  mutating func restartAfterTruncation(_ file: FileDescriptor) throws(DecodingError) {
    let parts = RotatedFiles.parts(of: path)
    if let place = place() {
      for (index, part) in parts.enumerated().reversed() {
        guard let own = FileIdentity(path: part.path), let opened = RotatedFiles.open(part.path, at: place)
        else {
          continue
        }
        note("The file was cut after row \(lastRow); its rest is read from the copy \(part.path).")
        buffer.clear()
        (source, identity, rotationSeen) = (.part(opened), own, nil)
        queue = parts[(index + 1)...].map(\.path)
        return
      }
    }
    note("The file was cut after row \(lastRow); reading goes on at its start.")
    try file.seek(to: 0)
    if let status = file.status() { begin(.growing(file), status) }
  }

  /// Goes on from a saved place: in the file at `path`, in an earlier part of it, or, where neither holds the bytes
  /// that were read before, at the start of the file.
  mutating func restore(_ place: FollowPlace) throws(DecodingError) {
    var reader = RowReader(file: path, layout: place.layout, options: options)
    reader.lastRow = place.row
    rows = reader
    (head, tail, offset, isAtTop) = (Array(place.head), Array(place.tail), place.offset, place.offset == 0)
    let parts = RotatedFiles.parts(of: path)
    // The very file first, whatever it is called now; then a copy of it; then another file with the same bytes.
    if try goOnInCurrent(place, needsSameFile: true) { return }
    for needsSameFile in [true, false] {
      for (index, part) in parts.enumerated().reversed() {
        guard let own = FileIdentity(path: part.path),
          place.isOf(own) || (!needsSameFile && place.offset > 0),
          let opened = RotatedFiles.open(part.path, at: place)
        else { continue }
        (source, identity) = (.part(opened), own)
        queue = parts[(index + 1)...].map(\.path)
        note("The file was rotated while it was not followed; reading goes on in \(part.path).")
        return
      }
    }
    if try goOnInCurrent(place, needsSameFile: false) { return }
    note(
      "The file that was read up to row \(place.row) is not there any more; reading goes on at the start of the new one."
    )
    _ = try openNext()
  }

  /// Opens the file at `path` at the saved place, if it is the one.
  mutating func goOnInCurrent(_ place: FollowPlace, needsSameFile: Bool) throws(DecodingError) -> Bool {
    guard let own = FileIdentity(path: path), place.isOf(own) || (!needsSameFile && place.offset > 0),
      RotatedFiles.open(path, at: place) != nil
    else { return false }
    let file = try FileDescriptor(path: path)
    try file.seek(to: place.offset)
    (source, identity) = (.growing(file), own)
    return true
  }
}
