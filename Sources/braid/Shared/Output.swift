import Foundation

/// Standard output and standard error.
enum Output {
  /// A line of results.
  static func line(_ text: String) { write(text + "\n", to: .standardOutput) }

  /// Results that have their line ends already.
  static func text(_ text: String) { write(text, to: .standardOutput) }

  /// A line for people, beside the results.
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// A result as one line of JSON with sorted keys.
  static func json(_ value: some Encodable, pretty: Bool = false) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone, as `head` does, is no failure of ours.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
