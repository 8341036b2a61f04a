import COneDNN

/// One forward pass being recorded, and the way back through it.
///
/// Not Sendable: one tape a thread and step. All work runs on the calling thread; several tapes may run at
/// once on several threads.
public final class Tape {
  /// Whether operators are recorded for a way back.
  public enum Mode: Sendable {
    /// Every operator that a watched tensor reaches is recorded.
    case training
    /// Nothing is recorded; dropout does nothing; memory is free as soon as the caller drops a tensor.
    case inference
  }

  struct Record {
    let output: UInt64
    let backward: (Tensor) -> Void
  }

  /// Whether operators are recorded.
  public let mode: Mode
  /// The samples of a batch that the operators to come work on, where a batch goes through in parts: dropout then
  /// gives each sample what it would give it in parts of any other size. Nil for the whole batch at once.
  public var samples: Range<Int>?
  /// What maps that are given no generator draw chance from, each in a way of its own: the dropout of low-rank pairs.
  public var seed: UInt64 = 0
  /// What products and activations are computed in: bf16 only where the CPU multiplies it in hardware.
  public let precision: ElementType

  var records: [Record] = []
  /// Tensors through which a gradient flows.
  var tracked: Set<UInt64> = []
  /// Watched tensors, whose gradients stay.
  var watched: Set<UInt64> = []
  var gradients: [UInt64: Tensor] = [:]
  /// Tensors that the way back makes again.
  var remakes: [UInt64: Remake] = [:]
  /// Gradients of some rows of watched tables, in the order in which they came.
  var scattered: [UInt64: [(rows: [Int64], gradient: Tensor)]] = [:]
  private var walked = false

  /// A tape that records nothing yet. Where the CPU has no bf16, a bf16 tape works in f32.
  public init(_ mode: Mode = .training, precision: ElementType = .f32) {
    self.mode = mode
    self.precision = precision == .bf16 && !ElementType.hasFastBF16 ? .f32 : precision
    braid_single_thread()
  }

  /// Marks a tensor whose gradient is wanted: a parameter or an input. Does nothing in inference.
  public func watch(_ tensor: Tensor) {
    guard mode == .training else { return }
    tracked.insert(tensor.id)
    watched.insert(tensor.id)
  }

  /// A tensor equal to `tensor` through which no gradient flows.
  public func detached(_ tensor: Tensor) -> Tensor { tensor.reshaped(tensor.shape) }

  /// Walks back from several outputs with the gradients given for them (of the same shapes). Once a tape.
  public func backward(from outputs: [(Tensor, Tensor)]) {
    precondition(mode == .training, "An inference tape has recorded nothing to walk back through.")
    precondition(!walked, "This tape has been walked back already; record the forward pass on a new one.")
    walked = true
    for (output, gradient) in outputs {
      precondition(
        output.shape == gradient.shape,
        "The gradient of an output of shape \(output.shape) has the shape \(gradient.shape).")
      accumulate(gradient, into: output)
    }
    while let record = records.popLast() {
      let gradient =
        watched.contains(record.output)
        ? gradients[record.output] : gradients.removeValue(forKey: record.output)
      if let gradient { record.backward(gradient) }
    }
    remakes = [:]
    gradients = gradients.filter { watched.contains($0.key) }
  }

  /// Walks back from a scalar loss with gradient 1.
  public func backward(from loss: Tensor) {
    backward(from: [(loss, Tensor(repeating: 1, shape: loss.shape))])
  }

  /// The gradient of a watched tensor after `backward`: its shape, f32 for an f32 tensor; nil where the tensor
  /// did not matter to the outputs.
  public func gradient(of tensor: Tensor) -> Tensor? {
    if let parts = scattered.removeValue(forKey: tensor.id) { gather(parts, into: tensor) }
    return gradients[tensor.id]?.converted(to: .f32)
  }

  /// The whole gradient of a table from those of its rows.
  private func gather(_ parts: [(rows: [Int64], gradient: Tensor)], into table: Tensor) {
    updateSums(table) { sums, adding in
      if !adding { sums.update(repeating: 0, count: table.count) }
      for (rows, gradient) in parts {
        reading(gradient) {
          braid_scatter_add(
            gradient.type.code, Int64(rows.count), Int64(table.count / table.shape[0]), rows, $0, sums)
        }
      }
    }
  }
}
