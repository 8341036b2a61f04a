extension SensorFollower {
  /// Finds out the columns of a recording that is read for the first time. False: more must come first.
  mutating func recognise() throws(DecodingError) -> Bool {
    let got = try fill()
    if let identity, let current = FileIdentity(path: path), !current.isSameFile(as: identity) {
      // Rotated before it had any row.
      try openCurrent()
      return false
    }
    let lines = buffer.bytes.count { $0 == 0x0A }
    let isQuiet = !got && ContinuousClock.now - lastArrival > .seconds(1)
    guard lines >= 64 || buffer.count > 1 << 17 || (lines >= 2 && isQuiet) else {
      return false
    }
    do throws(DecodingError) {
      try sniff(options)
      return true
    } catch {
      // A header, a row of units: the first rows are still to come.
      if error.code == .malformed && lines < 8 { return false }
      throw error
    }
  }

  mutating func sniff(_ options: SensorOptions, allowsHeaderOnly: Bool = false) throws(DecodingError) {
    // Only whole lines: the last one may still be written.
    let end = (buffer.bytes.lastIndex(of: 0x0A) ?? -1) + 1
    let whole = ByteBuffer(capacity: end + 1)
    let bytes = buffer.bytes
    _ = try whole.fill { room throws(DecodingError) in
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<end]))
      return end
    }
    var sniffer = Sniffer(file: path, bytes: whole.bytes, isComplete: false, options: options)
    sniffer.allowsHeaderOnly = allowsHeaderOnly
    let found = try sniffer.run()
    if rows == nil {
      rows = RowReader(file: path, layout: found.layout, options: options)
    } else {
      rows?.use(found.layout)
    }
    drop(found.dataStart)
    isAtTop = false
  }

  /// Passes the header of a further file. False: its first line is not complete yet.
  mutating func passTop() throws(DecodingError) -> Bool {
    let bytes = buffer.bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      drop(3)
      return try passTop()
    }
    guard bytes.contains(0x0A) else { return false }
    guard layout.hasHeader else {
      isAtTop = false
      return true
    }
    var spans: [FieldSpan] = []
    let scanner = RecordScanner(separator: layout.separator, trims: true)
    if case .record(let next, _) = scanner.scan(bytes, from: 0, last: false, into: &spans) {
      if case .header(let same)? = layout.repeated(spans.map { $0.text(in: bytes).trimming() }) {
        rows?.use(same)
        drop(next)
        isAtTop = false
        return true
      }
    }
    // No header that is known: rows that go on without one, or other columns.
    var trial = RowReader(file: path, layout: layout, options: options)
    var block = RowBlock()
    _ = trial.read(bytes, last: false, maximum: 1, into: &block)
    if block.rows.first == 1 {
      isAtTop = false
      return true
    }
    if bytes.count(where: { $0 == 0x0A }) < 3, ContinuousClock.now - lastArrival < .seconds(1) {
      return false
    }
    var same = options
    same.channels = layout.channels.map(\.name)
    if let time = layout.columns.first(where: { $0.role == .time })?.name, options.timeColumn == .automatic,
      !layout.hasClock
    {
      same.timeColumn = .named(time)
    }
    do throws(DecodingError) {
      try sniff(same, allowsHeaderOnly: true)
      note("The columns of the file have changed after row \(lastRow); the channels are found by name.")
      return true
    } catch {
      // One damaged line at the top is refused like any other; a line of words alone is a header of other columns.
      let isHeader = spans.allSatisfy { span in
        CellKinds.understands(UnsafeBufferPointer(rebasing: bytes[span.start..<span.end])) != true
      }
      if !isHeader && !block.rows.isEmpty {
        isAtTop = false
        return true
      }
      throw error
    }
  }
}
