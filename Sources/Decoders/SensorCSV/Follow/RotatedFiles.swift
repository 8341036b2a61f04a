import Foundation

/// The earlier parts of a recording beside it, as logrotate and its like name them: `plant.csv.1`,
/// `plant.csv-20240131`, `plant.csv.2024-01-31`, each perhaps with `.gz`.
enum RotatedFiles {
  struct Part: Equatable {
    var path: String
    /// What follows the name of the recording, without `.gz`.
    var suffix: String
  }

  /// Oldest first.
  static func parts(of path: String) -> [Part] {
    let location = URL(fileURLWithPath: path)
    let folder = location.deletingLastPathComponent().path, name = location.lastPathComponent
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let parts = entries.compactMap { entry -> Part? in
      guard entry.hasPrefix(name), entry.count > name.count else { return nil }
      var suffix = String(entry.dropFirst(name.count))
      if suffix.hasSuffix(".gz") { suffix.removeLast(3) }
      guard let mark = suffix.first, mark == "." || mark == "-" else { return nil }
      let rest = suffix.dropFirst()
      guard rest.first?.isNumber ?? false, rest.allSatisfy({ $0.isNumber || "-_:.T".contains($0) }) else {
        return nil
      }
      return Part(path: folder + "/" + entry, suffix: suffix)
    }
    // Small numbers count backwards in time, dates forwards.
    return parts.sorted { a, b in
      switch (number(a), number(b)) {
      case (let x?, let y?): x > y
      case (nil, nil): a.suffix < b.suffix
      case (let x, _): x != nil
      }
    }
  }

  private static func number(_ part: Part) -> Int? {
    part.suffix.count <= 5 && part.suffix.first == "." ? Int(part.suffix.dropFirst()) : nil
  }

  /// Opens a file at a place if its bytes begin with `head` and have `tail` just before `offset`.
  static func open(_ path: String, at place: FollowPlace) -> ByteSource? {
    guard let source = try? ByteSource(path: path) else { return nil }
    if !source.isCompressed {
      guard let size = source.size, size >= place.offset,
        source.holds(place.head, at: 0), source.holds(place.tail, at: place.offset - place.tail.count),
        (try? source.seek(to: place.offset)) != nil
      else { return nil }
      return source
    }
    // The head may reach beyond the place, so it is looked at by itself.
    guard begins(path, with: Array(place.head)) else { return nil }
    var position = 0
    var tail: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while position < place.offset {
      let room = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(chunk.count, place.offset - position)])
      guard let got = try? source.read(into: room), got > 0 else { return nil }
      let bytes = UnsafeRawBufferPointer(rebasing: room[..<got])
      tail = Array((tail + bytes.suffix(place.tail.count)).suffix(place.tail.count))
      position += got
    }
    return tail.elementsEqual(place.tail) ? source : nil
  }

  /// Whether an unpacked file begins with these bytes.
  private static func begins(_ path: String, with head: [UInt8]) -> Bool {
    guard let source = try? ByteSource(path: path) else { return false }
    var found = [UInt8](repeating: 0, count: head.count), count = 0
    while count < head.count {
      let got = found.withUnsafeMutableBytes { room in
        try? source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
      }
      guard let got, got > 0 else { return false }
      count += got
    }
    return found == head
  }
}
