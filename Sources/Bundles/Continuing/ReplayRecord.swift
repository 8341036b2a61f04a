import Alignment
import Crypto
import Foundation
import Training

extension BundleDescription {
  /// Train rows that stand in the bundle itself.
  public struct ReplayRecord: Sendable, Codable, Hashable {
    /// Rows to learn again.
    public var learned: Int
    /// Rows that no training sees.
    public var heldOut: Int
    /// Of the file that holds them.
    public var bytes: Int
    /// Of that file, in hexadecimal.
    public var sha256: String

    init(_ buffer: ReplayBuffer, _ file: Data) {
      (learned, heldOut, bytes) = (buffer.learned.count, buffer.heldOut.count, file.count)
      sha256 = SHA256.hexadecimal(of: file)
    }
  }

  /// What CARD.md says of rows within the bundle; empty without any.
  var replayLines: [String] {
    guard let replay else { return [] }
    return [
      "",
      "**Training data is inside this bundle**: `replay.safetensors` holds the readings of "
        + "\(replay.learned + replay.heldOut) windows with their ids, groups and labels, \(replay.heldOut) of them held "
        + "out to measure forgetting on (\(replay.bytes / 1000) kB), so that it can learn on. Whoever gets the bundle gets "
        + "them; train with `replay: {rows: 0}` in the recipe to keep none.",
    ]
  }
}

extension ModelBundle {
  /// Keeps some rows within the bundle, to learn on from; none of pictures.
  /// - Parameters:
  ///   - train: rows that are learned.
  ///   - held: rows that the model in this bundle has not learned from; its answers to them are kept too.
  ///   - areApart: whether these come from other recordings.
  mutating func keepRows(
    train: [Sample], held: [Sample], _ settings: ReplaySettings, areApart: Bool, seed: UInt64,
    on team: ReplicaTeam
  ) throws {
    (heldReplay, description.replay) = (nil, nil)
    guard description.vision == nil, description.series != nil else { return }
    var buffer = ReplayBuffer.draw(
      train: train, held: held, tasks: description.tasks, settings: settings, areApart: areApart, seed: seed)
    let answered = buffer.rows.indices.filter { buffer.rows[$0].isHeldOut }
    let answers = try predictor.predict(answered.map { buffer.rows[$0].sample }, on: team)
    for (index, answer) in zip(answered, answers) {
      buffer.rows[index].answer = .init(logits: answer.logits, value: answer.value)
    }
    guard !buffer.rows.isEmpty else { return }
    (heldReplay, description.replay) = (buffer, .init(buffer, try buffer.encoded()))
  }
}
