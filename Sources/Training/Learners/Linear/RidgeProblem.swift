import Foundation
import Tensors

/// Least squares with a penalty on the squared weights, for several answers at once; offsets carry none.
struct RidgeProblem: Sendable {
  /// Strengths tried, as parts of the mean squared length of a row: ten from a thousandth to a thousand.
  static let strengths = (0..<10).map { pow(10, -3 + Double($0) * 6 / 9) }

  /// Where nothing can be held out.
  static let middle = strengths[5]

  let linear: LinearProblem
  /// `[answers, rows]`.
  let targets: [Float]
  let answers: Int
  /// Products of all pairs of columns where the form is not dual.
  private let gram: SquareMatrix?

  init(_ linear: LinearProblem, targets: [Float], answers: Int, on team: ReplicaTeam) throws {
    (self.linear, self.targets, self.answers) = (linear, targets, answers)
    gram = try linear.kernel == nil ? Self.gram(linear.z, Array(0..<linear.rows), team) : nil
  }

  /// Scores of each row by fits without its fold, for each of `strengths`.
  /// - Returns: `[rows, answers]` a strength; nil where some fit failed in single precision.
  func heldOut(_ folds: Folds, on team: ReplicaTeam) throws -> [[Float]?] {
    var result = [[Float]?](
      repeating: [Float](repeating: 0, count: linear.rows * answers), count: Self.strengths.count)
    for (held, kept) in zip(folds.held, folds.kept) {
      let system = try system(kept, held, team)
      let parts = try team.map(Self.strengths.count) { index -> [Float]? in
        solve(system, Self.strengths[index] * linear.scale).map { scores(system, $0, held) }
      }
      for (index, part) in parts.enumerated() {
        guard let part else {
          result[index] = nil
          continue
        }
        for (place, row) in held.enumerated() {
          for answer in 0..<answers {
            result[index]?[row * answers + answer] = part[place * answers + answer]
          }
        }
      }
    }
    return result
  }

  /// Weights from all rows; the next greater strength where `strength` fails in single precision.
  /// - Parameter strength: one of `strengths`.
  /// - Returns: the weights, and the penalty that they were found with.
  func fit(_ strength: Double, on team: ReplicaTeam) throws -> (LinearScores, Double) {
    let system = try system(Array(0..<linear.rows), [], team)
    for tried in Self.strengths where tried >= strength {
      if let solution = solve(system, tried * linear.scale) {
        let weights = linear.kernel == nil ? solution : linear.weights(overRows: solution)
        return (linear.scores(weights: weights, bias: system.means), tried * linear.scale)
      }
    }
    throw TrainingError(
      place: "ridge regression", reason: "No strength gives weights: the features are too large.",
      remedy: "Standardise the features.")
  }

  // MARK: One system

  /// What the fits of one fold share.
  private struct System: Sendable {
    let kept: [Int]
    /// Mean target of the kept rows, one an answer.
    let means: [Double]
    /// `[answers, size]`.
    let right: [Float]
    /// Dual: mean of the kernel's columns over kept rows. Else: mean of the kept rows.
    let centre: [Float]
    /// Mean of `centre` over kept rows (dual).
    let middle: Float
    /// Products of the columns over kept rows; nil in the dual form.
    let gram: SquareMatrix?
    var size: Int { centre.count }
  }

  private func system(_ kept: [Int], _ held: [Int], _ team: ReplicaTeam) throws -> System {
    let rows = linear.rows
    let means = (0..<answers).map { answer in
      kept.reduce(0.0) { $0 + Double(targets[answer * rows + $1]) } / Double(kept.count)
    }
    if let kernel = linear.kernel {
      var centre = [Double](repeating: 0, count: kept.count)
      kernel.values.withUnsafeBufferPointer { kernel in
        for row in kept {
          for (place, column) in kept.enumerated() { centre[place] += Double(kernel[row * rows + column]) }
        }
      }
      let right = (0..<answers).flatMap { answer in
        kept.map { Float(Double(targets[answer * rows + $0]) - means[answer]) }
      }
      let count = Double(kept.count)
      return System(
        kept: kept, means: means, right: right, centre: centre.map { Float($0 / count) },
        middle: Float(centre.reduce(0, +) / count / count), gram: nil)
    }
    var centred = [Float](repeating: 0, count: answers * rows)
    for answer in 0..<answers {
      for row in kept {
        centred[answer * rows + row] = Float(Double(targets[answer * rows + row]) - means[answer])
      }
    }
    // Rows held out have target 0 here, so that they add nothing.
    let right = Tape(.inference).matmul(
      Tensor(centred, shape: [answers, rows]), Tensor(linear.z.values, shape: [rows, linear.columns]))
    var centre = [Double](repeating: 0, count: linear.columns)
    for row in kept {
      linear.z.withUnsafeRow(row) { values in
        for column in 0..<values.count { centre[column] += Double(values[column]) }
      }
    }
    var own = gram
    if !held.isEmpty {
      let without = try Self.gram(linear.z, held, team)
      own?.subtract(without)
    }
    return System(
      kept: kept, means: means, right: right.floats(), centre: centre.map { Float($0 / Double(kept.count)) },
      middle: 0, gram: own)
  }

  private static func gram(_ z: FeatureMatrix, _ rows: [Int], _ team: ReplicaTeam) throws -> SquareMatrix {
    try SquareMatrix(products: z.selecting(rows).transposed(), on: team)
  }

  /// - Returns: `[answers, size]`, over kept rows or over columns.
  private func solve(_ system: System, _ penalty: Double) -> [Float]? {
    let size = system.size
    let penalty = Float(penalty)
    var matrix = [Float](unsafeUninitializedCapacity: size * size) { out, count in
      system.centre.withUnsafeBufferPointer { centre in
        if let kernel = linear.kernel {
          kernel.values.withUnsafeBufferPointer { kernel in
            for row in 0..<size {
              let from = system.kept[row] * linear.rows
              let offset = system.middle - centre[row]
              for column in 0...row {
                out.initializeElement(
                  at: row * size + column, to: kernel[from + system.kept[column]] - centre[column] + offset)
              }
              out[row * size + row] += penalty
              for column in row + 1..<max(size, row + 1) {
                out.initializeElement(at: row * size + column, to: 0)
              }
            }
          }
        } else if let gram = system.gram {
          let rows = Float(system.kept.count)
          gram.values.withUnsafeBufferPointer { gram in
            for row in 0..<size {
              let share = rows * centre[row]
              for column in 0..<size {
                out.initializeElement(
                  at: row * size + column, to: gram[row * size + column] - share * centre[column])
              }
              out[row * size + row] += penalty
            }
          }
        }
      }
      count = size * size
    }
    return Cholesky.solve(&matrix, system.right, answers: answers)
  }

  /// `[held, answers]`.
  private func scores(_ system: System, _ solution: [Float], _ held: [Int]) -> [Float] {
    let weights = Tensor(solution, shape: [answers, system.size])
    let features =
      linear.kernel.map { LinearProblem.kernelTensor($0, held, system.kept, less: system.centre) }
      ?? linear.tensor(held)
    var scores = Tape(.inference).matmul(features, weights, transposeB: true).floats()
    for answer in 0..<answers {
      var offset = system.means[answer]
      if linear.kernel == nil {
        for column in 0..<system.size {
          offset -= Double(solution[answer * system.size + column]) * Double(system.centre[column])
        }
      }
      for place in held.indices { scores[place * answers + answer] += Float(offset) }
    }
    return scores
  }
}
