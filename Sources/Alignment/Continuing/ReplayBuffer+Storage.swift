import Encoders
import Foundation
import Layers
import Training

/// One safetensors file: all readings one after the other, and what is known of each window as its metadata.
extension ReplayBuffer {
  /// A row without its readings.
  private struct Record: Codable {
    var id: String
    var group: String?
    var task: Int
    var labels: [Float]?
    var target: Float?
    var texts: [String]
    var inputKey: String
    var set: Int
    var channels: Int
    var values: Int
    var isHeldOut: Bool
    var answer: Answer?
  }

  private struct Records: Codable {
    var areApart: Bool
    var rows: [Record]
  }

  /// The bytes of the file; the same rows give the same bytes.
  public func encoded() throws -> Data {
    let windows = rows.map { $0.sample.window }
    let records = zip(rows, windows).map { row, window in
      Record(
        id: row.sample.id, group: row.sample.group, task: row.sample.task, labels: row.sample.labels,
        target: row.sample.target, texts: row.sample.texts, inputKey: row.sample.inputKey,
        set: window?.set ?? 0,
        channels: window?.channels ?? 1, values: window?.values.count ?? 0, isHeldOut: row.isHeldOut,
        answer: row.answer)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let text = String(
      decoding: try encoder.encode(Records(areApart: areApart, rows: records)), as: UTF8.self)
    let values = windows.flatMap { $0?.values ?? [] }
    return SafetensorsWriter.encode(
      entries: [.init(name: "readings", shape: [values.count], values: values)], metadata: ["replay": text])
  }

  /// Reads what `encoded` gave.
  /// - Parameters:
  ///   - tasks: of the bundle that keeps it.
  ///   - sets: channel sets of that bundle.
  /// - Throws: `TrainingError` for a file that is damaged or of another bundle.
  public init(path: String, tasks: [LabelTask], sets: [ChannelSet]) throws {
    func damaged(_ why: String) -> TrainingError {
      TrainingError(
        place: path, reason: "The rows that the bundle keeps cannot be read: \(why)",
        remedy: "Copy the bundle again, or draw them anew from the old manifest with --replay.")
    }
    let records: Records, values: [Float]
    do {
      let file = try SafetensorsFile(path: path)
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      records = try decoder.decode(Records.self, from: Data((file.metadata["replay"] ?? "").utf8))
      values = try file.floats("readings")
    } catch let error as SafetensorsError {
      throw damaged(error.reason)
    } catch is Swift.DecodingError {
      throw damaged("they are no rows, or of another version of Braid.")
    }
    guard records.rows.reduce(0, { $0 + max(0, $1.values) }) == values.count else {
      throw damaged("there are \(values.count) readings, not as many as the windows have.")
    }
    var start = 0
    rows = try records.rows.map { record in
      guard tasks.indices.contains(record.task), sets.indices.contains(record.set),
        record.channels == sets[record.set].channels.count, record.values >= 0,
        record.values % record.channels == 0,
        record.labels.map({ $0.count == tasks[record.task].labels.count }) ?? true,
        record.answer.map({ $0.logits.count == tasks[record.task].labels.count }) ?? true
      else { throw damaged("\(record.id) does not fit the bundle's tasks and channels.") }
      let window = SeriesWindow(
        values: Array(values[start..<start + record.values]), channels: record.channels, set: record.set)
      start += record.values
      return Row(
        sample: Sample(
          id: record.id, group: record.group, input: .series(window), task: record.task,
          labels: record.labels,
          target: record.target, texts: record.texts, inputKey: record.inputKey),
        isHeldOut: record.isHeldOut, answer: record.answer)
    }
    areApart = records.areApart
  }
}
