/// Where a field stands in a buffer, without its quotes.
struct FieldSpan {
  var start: Int, end: Int
  var isQuoted = false
  /// Whether `""` stands in it for a quote.
  var hasEscapes = false
}

/// Splits records of separated fields as RFC 4180 describes them: fields may stand in quotes and then hold
/// separators, line ends and doubled quotes.
struct RecordScanner {
  var separator: UInt8
  /// Takes blanks around a field away, quoted or not.
  var trims: Bool

  enum Outcome: Equatable {
    /// A record that ends before byte `next`, over `lines` lines of the file.
    case record(next: Int, lines: Int)
    /// The buffer ends inside a record that may go on.
    case needsMore
    /// Field `field` (0-based) is never closed, or text follows its closing quote; `next` is the byte after the
    /// line in which the record starts.
    case badQuote(next: Int, field: Int)
  }

  /// Scans the record that starts at `start`. The fields found replace those in `fields`.
  /// - Parameter last: no bytes follow, so that the end of the buffer ends a record.
  func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, last: Bool, into fields: inout [FieldSpan]
  ) -> Outcome {
    fields.removeAll(keepingCapacity: true)
    var position = start, lines = 1
    let end = bytes.count
    while true {
      var span = FieldSpan(start: position, end: position)
      var opening = position
      while trims && opening < end && isBlank(bytes[opening]) { opening += 1 }
      if opening < end && bytes[opening] == UInt8(ascii: "\"") {
        span = FieldSpan(start: opening + 1, end: opening + 1, isQuoted: true)
        position = opening + 1
        while true {
          guard position < end else {
            return last ? .badQuote(next: lineEnd(bytes, start), field: fields.count) : .needsMore
          }
          if bytes[position] == UInt8(ascii: "\"") {
            if position + 1 < end && bytes[position + 1] == UInt8(ascii: "\"") {
              span.hasEscapes = true
              position += 2
              continue
            }
            if position + 1 == end && !last { return .needsMore }
            break
          }
          if bytes[position] == 0x0A { lines += 1 }
          position += 1
        }
        span.end = position
        position += 1
        while trims && position < end && isBlank(bytes[position]) { position += 1 }
        let closes =
          position == end || bytes[position] == separator || bytes[position] == 0x0A
          || (bytes[position] == 0x0D && position + 1 < end && bytes[position + 1] == 0x0A)
        if !closes {
          if bytes[position] == 0x0D && position + 1 == end {
            if !last { return .needsMore }
          } else {
            return .badQuote(next: lineEnd(bytes, start), field: fields.count)
          }
        }
        if position < end && bytes[position] == 0x0D { position += 1 }
      } else {
        while position < end && bytes[position] != separator && bytes[position] != 0x0A { position += 1 }
        span.end = position
        if position < end ? bytes[position] == 0x0A : last, span.end > span.start, bytes[span.end - 1] == 0x0D
        {
          span.end -= 1
        }
      }
      if trims { trim(&span, bytes) }
      fields.append(span)
      if position >= end { return last ? .record(next: end, lines: lines) : .needsMore }
      if bytes[position] == 0x0A { return .record(next: position + 1, lines: lines) }
      position += 1
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte == 0x09 && separator != 0x09) }

  private func trim(_ span: inout FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>) {
    while span.start < span.end && isBlank(bytes[span.start]) { span.start += 1 }
    while span.end > span.start && isBlank(bytes[span.end - 1]) { span.end -= 1 }
  }

  private func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    (bytes[start...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1
  }
}

extension FieldSpan {
  /// The field as text: UTF-8, or Windows-1252 where it is not valid UTF-8; doubled quotes become one.
  func text(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let slice = UnsafeBufferPointer(rebasing: bytes[start..<end])
    let text = decodeText(slice)
    return hasEscapes ? text.replacing("\"\"", with: "\"") : text
  }
}

/// UTF-8, or Windows-1252 (what plants in western Europe write) where the bytes are not valid UTF-8.
func decodeText(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  var text = String.UnicodeScalarView()
  for byte in bytes {
    let code = byte >= 0x80 && byte < 0xA0 ? windows1252[Int(byte) - 0x80] : UInt16(byte)
    text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
  }
  return String(text)
}

/// Windows-1252 from 0x80 to 0x9F; the five unassigned codes stand for themselves.
private let windows1252: [UInt16] = [
  0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
  0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
  0x0153, 0x9D, 0x017E, 0x0178,
]
