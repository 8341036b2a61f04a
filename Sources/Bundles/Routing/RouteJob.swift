import Alignment
import Decoders
import Foundation
import Selector
import Training

/// What the selector would do with some files: everything that `braid route` does.
public struct RouteJob: Sendable {
  /// What is decided for one file.
  public struct Decision: Sendable, Encodable {
    /// The file.
    public var path: String
    /// What the selector decided, and why.
    public var choice: Choice
    /// Distance from the training data of every task that could take the input, in units of the usual one.
    public var alternatives: [String: Float]
    /// Training inputs that lie nearest.
    public var nearest: [String]
    /// First and last data row of the window that was looked at; nil for scans.
    public var rows: [Int]?

    private enum Key: String, CodingKey {
      case path, kind, task, head, used, weight, trust, cost, reasons, evidence, alternatives, nearest, rows
    }

    /// Choice and evidence side by side in one object.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(path, forKey: .path)
      try container.encode(choice.kind, forKey: .kind)
      try container.encode(choice.task, forKey: .task)
      try container.encode(choice.head, forKey: .head)
      try container.encode(choice.used, forKey: .used)
      try container.encode(choice.weight, forKey: .weight)
      try container.encode(choice.trust, forKey: .trust)
      try container.encode(choice.cost, forKey: .cost)
      try container.encode(choice.reasons, forKey: .reasons)
      try container.encode(choice.evidence, forKey: .evidence)
      try container.encode(alternatives, forKey: .alternatives)
      try container.encode(nearest, forKey: .nearest)
      try container.encodeIfPresent(rows, forKey: .rows)
    }
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// In the order of the files.
    public var decisions: [Decision]
    /// Files that could not be read.
    public var refused: [Decoders.DecodingError]
    /// Files in folders that are no inputs.
    public var passedOver: [String]
  }

  /// Files, and folders with everything below them.
  public var paths: [String]
  /// The trained whole that answers.
  public var bundle: ModelBundle
  /// Threads that share the work.
  public var threads: Int

  /// - Parameter paths: files, and folders with everything below them.
  public init(paths: [String], bundle: ModelBundle, threads: Int) {
    (self.paths, self.bundle, self.threads) = (paths, bundle, threads)
  }

  /// All files named, and those below the folders named, are one case: their weights add up to 1 for each head.
  public func run() throws -> Outcome {
    let walk = FileWalk(paths), files = walk.files, router = Router(bundle)
    var reader = InputReader(bundle)
    (reader.windows, reader.looksForText) = (1, true)
    let team = ReplicaTeam(min(threads, max(1, files.count)))
    let bundle = bundle, inputs = reader
    let found = try team.map(files.count) { index -> Result<RoutedInput, Decoders.DecodingError> in
      do throws(Decoders.DecodingError) {
        let read = try inputs.read(files[index].path)
        guard let source = read.last, let routed = router.route(source) else {
          throw Decoders.DecodingError(
            .unsupported, file: files[index].path,
            reason: "The bundle \(bundle.description.name) has no task for such an input.",
            remedy: "Name another bundle with --bundle.")
        }
        return .success(routed)
      } catch {
        return .failure(error)
      }
    }
    var refused = walk.refused, passedOver: [String] = []
    for index in found.indices {
      guard case .failure(let error) = found[index] else { continue }
      if FileWalk.isNoInput(error, isNamed: files[index].isNamed) {
        passedOver.append(files[index].path)
      } else {
        refused.append(error)
      }
    }
    let routed = found.compactMap { try? $0.get() }
    // Scans and recordings answer different questions, so that they do not compete for weight.
    var choices = [Choice?](repeating: nil, count: routed.count)
    for (_, members) in Dictionary(grouping: routed.indices, by: { routed[$0].candidate.head }) {
      for (place, choice) in zip(members, bundle.selector.choose(members.map { routed[$0].candidate })) {
        choices[place] = choice
      }
    }
    let decisions = zip(routed, choices).compactMap { routed, choice -> Decision? in
      choice.map { choice in
        Decision(
          path: routed.source.path, choice: choice,
          alternatives: Dictionary(routed.strangeness.map { ($0.task, $0.strangeness) }) { first, _ in first
          },
          nearest: routed.nearest.map(\.id), rows: routed.source.rows.map { [$0.lowerBound, $0.upperBound] })
      }
    }
    return Outcome(decisions: decisions, refused: refused, passedOver: passedOver)
  }
}
