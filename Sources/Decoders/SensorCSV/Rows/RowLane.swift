import CSensorCSV

/// Where one thread puts the rows of its chunk.
final class RowLane {
  /// `[row, channel]`.
  private(set) var values = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)
  private(set) var times: [braid_csv_span] = []
  private(set) var clocks: [braid_csv_span] = []
  /// Of the last call of `run`.
  private(set) var result = braid_csv_result()

  deinit { values.deallocate() }

  /// Reads at most `room` rows.
  /// - Parameters:
  ///   - bytes: what is unread; the kernel's slack stands behind it, or its last byte is a line feed and as many
  ///     bytes may be read behind it.
  ///   - last: whether nothing follows, so that the end ends a row.
  func run(
    _ bytes: UnsafeBufferPointer<UInt8>, _ layout: SensorLayout, _ slots: [Int32], last: Bool, room: Int
  ) {
    let channels = layout.channels.count
    if values.count < room * channels {
      values.deallocate()
      values = .allocate(capacity: room * channels)
    }
    let hasTime = layout.time != nil, hasClock = layout.hasClock
    if hasTime && times.count < room { times = .init(repeating: braid_csv_span(), count: room) }
    if hasClock && clocks.count < room { clocks = .init(repeating: braid_csv_span(), count: room) }
    result = slots.withUnsafeBufferPointer { slots in
      var plan = braid_csv_plan(
        separator: layout.separator, decimal: layout.decimal, columns: UInt32(slots.count),
        channels: UInt32(channels), slots: slots.baseAddress)
      return times.withUnsafeMutableBufferPointer { times in
        clocks.withUnsafeMutableBufferPointer { clocks in
          braid_csv_read(
            &plan, bytes.baseAddress, bytes.count, last ? 1 : 0, room, values.baseAddress,
            hasTime ? times.baseAddress : nil, hasClock ? clocks.baseAddress : nil)
        }
      }
    }
  }
}
