import Foundation
import Layers
import Training

extension EnsembleFitter {
  /// Windows without labels that are looked at; more tell trees little that is new.
  private static let mostBare = 4000
  /// Rounds in which ever more windows are taken in, so that the sure ones teach first.
  private static let rounds = 3
  /// Trees that only name windows for the next round.
  private static let teachers = 100

  /// Rows without labels of a stream, evenly spaced.
  func bare(_ rows: [Sample]) -> [Sample] {
    guard pseudoLabels > 0 else { return [] }
    let found = rows.filter { $0.labels == nil }
    return stride(from: 0, to: found.count, by: max(1, found.count / Self.mostBare)).map { found[$0] }
  }

  /// Trees that learn from windows without labels too, which they name themselves: those of which they are surest first.
  ///
  /// Each label gets the share of the windows that it has among the labelled rows, so that no label eats the others
  /// (self-training balanced by class: Zou et al. 2018, "Unsupervised domain adaptation for semantic segmentation via
  /// class-balanced self-training"). Only trees do so: linear learners are too often sure of what is wrong.
  func selfTrained(
    _ known: FeatureMatrix, labels: [Int], classes: Int, bare: FeatureMatrix, on team: ReplicaTeam
  ) throws -> ExtraTrees {
    var options = ExtraTrees.Options(trees: Self.teachers, share: 0.1, minimumLeaf: 1, seed: seed)
    var taken: (rows: [Int], labels: [Int]) = ([], [])
    for round in 0...Self.rounds {
      if round == Self.rounds { options.trees = Self.trees }
      let all = FeatureMatrix(
        rows: known.rows + taken.rows.count, columns: known.columns,
        values: known.values + bare.selecting(taken.rows).values)
      let trees = try ExtraTrees.classify(
        all, labels: labels + taken.labels, classes: classes, options: options, on: team)
      if round == Self.rounds { return trees }
      let said = try team.map(bare.rows) { row in bare.withUnsafeRow(row) { trees.outputs($0) } }
      let share = pseudoLabels * Float(round + 1) / Float(Self.rounds)
      taken = EnsembleFitter.surest(said, labels: labels, classes: classes, share: share)
    }
    preconditionFailure("the last round returns")
  }

  /// Of rows that were named, those of which each name is surest, as many as the labels' shares allow.
  /// - Parameters:
  ///   - said: probabilities, `[row][class]`.
  ///   - labels: of the rows that are known.
  ///   - share: of all rows that may be taken.
  /// - Returns: places of the rows that are taken, and their names.
  public static func surest(
    _ said: [[Float]], labels: [Int], classes: Int, share: Float
  ) -> (rows: [Int], labels: [Int]) {
    let names = said.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    var taken: (rows: [Int], labels: [Int]) = ([], [])
    for label in 0..<classes {
      let among = Float(labels.count { $0 == label }) / Float(max(1, labels.count))
      let quota = Int((share * Float(said.count) * among).rounded(.up))
      let own = names.indices.filter { names[$0] == label }
        .sorted { (-said[$0][label], $0) < (-said[$1][label], $1) }.prefix(quota)
      taken.rows += own
      taken.labels += own.map { _ in label }
    }
    return taken
  }
}
