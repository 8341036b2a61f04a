import Tensors

/// Sums and norms of gradients.
public enum Gradients {
  /// The sum over replicas, in their order, so that the result does not depend on which finished first; shared over a
  /// team, in the memory of the first replica's gradients where no one else holds them.
  /// - Parameter replicas: a list a replica, one gradient a parameter; empty afterwards.
  /// - Returns: the sums, and the Euclidean norm of all together.
  public static func sum(
    _ replicas: inout [[Tensor?]], on team: ReplicaTeam
  ) throws -> (sums: [Tensor?], norm: Float) {
    var parts = (0..<(replicas.first?.count ?? 0)).map { index in replicas.map { $0[index] } }
    replicas = []
    let sizes = parts.map { ($0.first { $0 != nil } ?? nil)?.count ?? 0 }
    let squares = try team.change(&parts, sizes: sizes) { part, _ in
      var total: Tensor?
      for place in part.indices {
        guard let gradient = part[place] else { continue }
        part[place] = nil
        if total == nil { total = gradient } else { total?.add(gradient) }
      }
      part = [total]
      return total?.sumOfSquares ?? 0
    }
    return (parts.map { $0[0] }, Float(squares.reduce(0, +).squareRoot()))
  }

  /// The sum over replicas, in their order.
  public static func sum(_ replicas: [[Tensor?]]) -> [Tensor?] {
    guard var total = replicas.first else { return [] }
    for replica in replicas.dropFirst() {
      for (index, gradient) in replica.enumerated() {
        guard let gradient else { continue }
        total[index] = total[index].map { add($0, gradient) } ?? gradient
      }
    }
    return total
  }

  /// The Euclidean norm of all gradients together.
  public static func norm(_ gradients: [Tensor?]) -> Float {
    Float(gradients.reduce(0) { $0 + ($1?.sumOfSquares ?? 0) }.squareRoot())
  }

  private static func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(shape: a.shape) { out in
      a.withUnsafeFloats { x in
        b.withUnsafeFloats { y in
          for i in 0..<x.count { out[i] = x[i] + y[i] }
        }
      }
    }
  }
}
