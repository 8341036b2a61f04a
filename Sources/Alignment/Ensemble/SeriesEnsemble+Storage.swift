import Encoders
import Tensors
import Training

extension SeriesEnsemble {
  /// Named tensors of all members: `ensemble.TASK.SET.QUESTION.KIND.…`, and the thresholds of convolutions
  /// and of words.
  public func tensors() -> [(name: String, tensor: Tensor)] {
    parts.sorted { $0.key < $1.key }.flatMap { key, part in
      let prefix = "ensemble.\(key.task).\(key.set).\(key.question.rawValue)"
      var out: [(name: String, tensor: Tensor)] = []
      if part.parts.contains(.kernels), let kernels = part.record.expansion.kernels {
        out.append(
          ("\(prefix).thresholds", Tensor(kernels.thresholds, shape: [kernels.thresholds.count])))
      }
      if part.parts.contains(.words), let words = part.record.expansion.words {
        out.append(("\(prefix).letters", Tensor(words.thresholds, shape: [words.thresholds.count])))
      }
      for member in part.members {
        out += member.tensors().sorted { $0.key < $1.key }.map {
          (name: "\(prefix).\(member.kind.rawValue).\($0.key)", tensor: $0.value)
        }
      }
      return out
    }
  }

  /// - Parameters:
  ///   - records: as `records` gave them.
  ///   - tensors: those whose names begin with `ensemble.`, as `tensors` gave them.
  /// - Throws: `TrainingError` where they do not fit.
  public init(
    _ records: [Record], tensors: [String: Tensor], tasks: [LabelTask], configuration: SeriesConfiguration?
  ) throws {
    parts = [:]
    guard let configuration else { return }
    for var record in records {
      let prefix = "ensemble.\(record.key.task).\(record.key.set).\(record.key.question.rawValue)."
      let kinds = record.voices.compactMap { $0.weight > 0 ? $0.member : nil }
      guard tasks.indices.contains(record.key.task), configuration.sets.indices.contains(record.key.set),
        record.expansion.fits(configuration.sets[record.key.set]),
        record.key.question == .labels
          ? !tasks[record.key.task].labels.isEmpty : tasks[record.key.task].target != nil
      else {
        throw TrainingError(
          place: prefix, reason: "The ensemble does not fit the bundle's tasks and channels.",
          remedy: "Copy the bundle again or train it anew.")
      }
      if kinds.contains(.kernels) {
        let thresholds = tensors[prefix + "thresholds"]?.floats() ?? []
        guard record.expansion.kernels?.take(thresholds) == true else {
          throw TrainingError(
            place: prefix + "thresholds", reason: "There are \(thresholds.count), not as many as features.",
            remedy: "Copy the bundle again or train it anew.")
        }
      }
      if kinds.contains(.words) {
        let thresholds = tensors[prefix + "letters"]?.floats() ?? []
        guard record.expansion.words?.take(thresholds) == true else {
          throw TrainingError(
            place: prefix + "letters", reason: "There are \(thresholds.count), not as many as words ask for.",
            remedy: "Copy the bundle again or train it anew.")
        }
      }
      let own = SeriesFeatures.statistics + configuration.bands
      let task = tasks[record.key.task]
      let members = try kinds.map { kind in
        let start = prefix + kind.rawValue + "."
        let named = tensors.filter { $0.key.hasPrefix(start) }
        return try EnsembleMember(
          kind,
          tensors: Dictionary(
            uniqueKeysWithValues: named.map { (String($0.key.dropFirst(start.count)), $0.value) }),
          columns: record.expansion.channels
            * (record.expansion.range(kind.part).count + (kind == .trees ? own : 0)),
          outputs: record.key.question == .labels ? task.labels.count : 1)
      }
      parts[record.key] = Part(record: record, members: members)
    }
  }
}
