import Foundation

extension MessageSource {
  /// Descriptions of payloads that could not be read; all are counted.
  private static let examples = 20

  /// Looks for a plan in the messages that wait.
  mutating func plan(isLast: Bool) -> Bool {
    var reader = place.reader
    var read: [(topic: String, row: PayloadRow)] = []
    for message in place.waiting {
      do throws(PayloadProblem) {
        for row in try reader.rows(message) { read.append((message.topic, row)) }
      } catch {
        // Told when the message is taken.
      }
    }
    guard let plan = RowPlan(read, expected: options.expected, isLast: isLast) else { return false }
    place.maker = RowMaker(plan, every: options.every)
    return true
  }

  /// Turns a message into rows.
  mutating func take(_ message: Message) {
    let rows: [PayloadRow]
    do throws(PayloadProblem) {
      rows = try place.reader.rows(message)
    } catch {
      return refuse(message.topic, byte: error.byte, error.reason)
    }
    guard let plan = place.maker?.plan else { return }
    if rows.contains(where: { ($0.time.map { !$0.isNaN } ?? false) || $0.isCounted }), !message.isRetained {
      guard !place.recent.contains(message.mark) else {
        repeated += 1
        return
      }
      place.remember(message.mark)
    }
    for row in rows {
      switch plan.kind {
      case .rows(let topic): takeWhole(row, message, from: topic)
      case .parts: takePart(row, message, plan)
      }
    }
  }

  private mutating func takeWhole(_ row: PayloadRow, _ message: Message, from topic: String) {
    // The last row before the subscription belongs to no window of ours.
    guard !message.isRetained else { return }
    var values: [(slot: Int, value: Float)] = []
    for value in row.values { if let slot = slots[value.name] { values.append((slot, value.value)) } }
    if let text = row.texts.first(where: { slots[$0.name] != nil }) {
      return refuse(message.topic, byte: text.byte, "“\(text.text)” in “\(text.name)” is not a number.")
    }
    guard !values.isEmpty else { return pass(message.topic) }
    guard message.topic == topic else {
      return refuse(
        message.topic, byte: row.byte,
        "Rows come from “\(topic)” already; those of another machine would not continue them.")
    }
    place.maker?.take(whole: values, row, into: &ready)
  }

  private mutating func takePart(_ row: PayloadRow, _ message: Message, _ plan: RowPlan) {
    let names = RowPlan.names(row, message.topic, known: plan.names)
    var values: [(slot: Int, value: Float)] = []
    for (name, value) in zip(names, row.values) {
      if let slot = slots[name] { values.append((slot, value.value)) }
    }
    let level = message.topic.split(separator: "/").last.map(String.init) ?? ""
    if let text = row.texts.first(where: {
      slots[$0.name] != nil || slots["\(level).\($0.name)"] != nil
        || ($0.name.lowercased() == "value" && slots[level] != nil)
    }) {
      return refuse(message.topic, byte: text.byte, "“\(text.text)” in “\(text.name)” is not a number.")
    }
    guard !values.isEmpty else { return pass(message.topic) }
    let late = place.maker?.late ?? 0
    place.maker?.take(
      part: values, row, isOld: message.isRetained, now: Date().timeIntervalSince1970, into: &ready)
    if (place.maker?.late ?? 0) > late, late == 0 {
      note("“\(message.topic)” told a value later than the row it belongs to; such values are left out.")
    }
  }

  private mutating func refuse(_ topic: String, byte: Int, _ reason: String) {
    refusedRows.add(
      DecodingError(
        .malformed, file: "\(address.machine)/\(topic)", place: .byte(byte), reason: reason,
        remedy: "Correct what publishes there; other messages are read without it."),
      limit: MessageSource.examples)
  }

  /// A topic that the filter matches, but that has none of the sensors.
  private mutating func pass(_ topic: String) {
    guard passed.count < 1000, passed.insert(topic).inserted, passed.count <= 10 else { return }
    note("“\(topic)” has none of the sensors and is passed over.")
  }

  mutating func note(_ text: String) {
    if notes.count == 100 { notes.removeFirst() }
    notes.append(text)
  }
}
