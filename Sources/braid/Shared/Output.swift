import ArgumentParser
import Files
import Foundation

/// Standard output and standard error.
enum Output {
  /// A line of results.
  static func line(_ text: String) { self.text(text + "\n") }

  /// Results that have their line ends already. Results that can no longer be written end the program: going on
  /// would lose them without a word.
  static func text(_ text: String) {
    do {
      try AtomicFile.append(Data(text.utf8), to: STDOUT_FILENO, as: "standard output")
    } catch {
      // A reader that has gone, as `head` does, is no failure of ours.
      if error.code != EPIPE { note("Error: \(error)") }
      _exit(error.code == EPIPE ? ExitCode.success.rawValue : ExitCode.failure.rawValue)
    }
  }

  /// A line for people, beside the results.
  static func note(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

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
}
