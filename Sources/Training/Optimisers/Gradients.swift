import Tensors

/// Sums and norms of gradients.
public enum Gradients {
  /// The sum over replicas, in their order, so that the result does not depend on which finished first.
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
