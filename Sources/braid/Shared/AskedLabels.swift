import Alignment
import ArgumentParser

/// Labels that are asked for in words.
struct AskedLabels: ParsableArguments {
  @Option(
    help:
      """
      CSV of label,text: labels known by their texts alone answer in place of the bundle's or beside them (zero-shot, \
      not calibrated).
      """)
  var labelsFile: String?

  /// Nil where none are asked for.
  func read() throws -> LabelTexts? { try labelsFile.map { try LabelTexts(asked: $0) } }
}
