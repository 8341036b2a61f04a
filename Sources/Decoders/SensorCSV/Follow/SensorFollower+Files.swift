import Foundation

extension SensorFollower {
  /// Opens the file at `path` at its start.
  mutating func openCurrent() throws(DecodingError) {
    let (file, identity) = try currentFile()
    begin(.growing(file), identity)
  }

  func currentFile() throws(DecodingError) -> (FileDescriptor, FileIdentity) {
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
    return (file, identity)
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
      note("The file was rotated after row \(lastRow); reading goes on in the new one.")
      return try openNext()
    case nil: return try openNext()
    }
  }

  /// Opens the part that follows the one read last, or the file at `path`. False: it is not there at the moment.
  ///
  /// Looked up anew each time: while one part was read, the file may have been rotated again and again.
  mutating func openNext() throws(DecodingError) -> Bool {
    for _ in 0..<5 {
      // Opened before the parts are listed: whatever stood in its place before then has its new name in the list.
      var current: (file: FileDescriptor, identity: FileIdentity)?
      do throws(DecodingError) {
        current = try currentFile()
      } catch {
        guard error.code == .notFound else { throw error }
      }
      guard let part = partsAfterOwn().first else {
        guard let current else { break }
        begin(.growing(current.file), current.identity)
        return true
      }
      // Renamed or compressed since it was listed: another look tells its new name.
      guard let opened = try? ByteSource(path: part.path), let identity = opened.identity else { continue }
      if let current, identity.isSameFile(as: current.identity) {
        // Renamed just now; its writer may still end a line.
        begin(.growing(current.file), current.identity)
      } else {
        begin(.part(opened), identity)
      }
      return true
    }
    source = nil
    return false
  }

  /// Parts that were written after the one read last; none where that is not among them.
  private func partsAfterOwn() -> [RotatedFiles.Part] {
    guard let identity else { return [] }
    let parts = RotatedFiles.parts(of: path)
    var own = parts.firstIndex { FileIdentity(path: $0.path)?.isSameFile(as: identity) ?? false }
    if own == nil, let place = place(), place.offset > 0 {
      // It may have been compressed or copied meanwhile.
      own = parts.lastIndex { RotatedFiles.open($0.path, at: place) != nil }
    }
    guard let own else { return [] }
    // While a part is being compressed, it stands there twice.
    return parts[(own + 1)...].filter { $0.suffix != parts[own].suffix }
  }

  /// The file was cut: rows that were not read yet may stand in a copy of it, else reading starts at its top.
  mutating func restartAfterTruncation(_ file: FileDescriptor) throws(DecodingError) {
    let parts = RotatedFiles.parts(of: path)
    if let place = place() {
      for part in parts.reversed() {
        guard let opened = RotatedFiles.open(part.path, at: place), let own = opened.identity
        else {
          continue
        }
        note("The file was cut after row \(lastRow); its rest is read from the copy \(part.path).")
        buffer.clear()
        (source, identity, rotationSeen) = (.part(opened), own, nil)
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
    (head, tail, offset, isAtTop) = (
      Array(place.head.prefix(place.offset)), Array(place.tail), place.offset, place.offset == 0
    )
    // The very file first, whatever it is called now, more than once because it may be renamed between two looks;
    // then a copy of it; then another file with the same bytes.
    for _ in 0..<3 {
      if try goOnInCurrent(place, needsSameFile: true) { return }
      if goOnInPart(place, needsSameFile: true) { return }
    }
    if goOnInPart(place, needsSameFile: false) { return }
    if try goOnInCurrent(place, needsSameFile: false) { return }
    note(
      "The file that was read up to row \(place.row) is not there any more; reading goes on at the start of the new one."
    )
    _ = try openNext()
  }

  /// Opens an earlier part at the saved place, if it is the one.
  private mutating func goOnInPart(_ place: FollowPlace, needsSameFile: Bool) -> Bool {
    for part in RotatedFiles.parts(of: path).reversed() {
      guard let listed = FileIdentity(path: part.path),
        place.isOf(listed) || (!needsSameFile && place.offset > 0),
        let opened = RotatedFiles.open(part.path, at: place), let own = opened.identity
      else { continue }
      (source, identity) = (.part(opened), own)
      note("The file was rotated while it was not followed; reading goes on in \(part.path).")
      return true
    }
    return false
  }

  /// Opens the file at `path` at the saved place, if it is the one.
  private mutating func goOnInCurrent(_ place: FollowPlace, needsSameFile: Bool) throws(DecodingError) -> Bool
  {
    guard FileIdentity(path: path) != nil else { return false }
    // Everything is asked of the opened file: the name may be another's a moment later.
    let file: FileDescriptor
    do throws(DecodingError) {
      file = try FileDescriptor(path: path)
    } catch {
      guard error.code == .notFound else { throw error }
      return false
    }
    guard let own = file.status(), place.isOf(own) || (!needsSameFile && place.offset > 0),
      own.size >= place.offset,
      file.bytes(at: 0, count: place.head.count) == Array(place.head),
      file.bytes(at: place.offset - place.tail.count, count: place.tail.count) == Array(place.tail)
    else { return false }
    try file.seek(to: place.offset)
    (source, identity) = (.growing(file), own)
    return true
  }
}
