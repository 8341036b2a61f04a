import COneDNN

/// A tensor's name on the tape, without its memory: what a way back holds of tensors whose values it does not need.
struct Place {
  let id: UInt64
  let shape: [Int]
  let type: ElementType
  let count: Int

  init(_ tensor: Tensor) { (id, shape, type, count) = (tensor.id, tensor.shape, tensor.type, tensor.count) }
}

/// A tensor that is cheap to make again: the way back makes it once more instead of the tape keeping it.
final class Remake {
  private let make: () -> Tensor
  private let stays: Bool
  private var made: Tensor?

  /// - Parameter stays: whether several parts of the way back ask for it, before one that calls `drop`.
  init(stays: Bool = true, _ make: @escaping () -> Tensor) { (self.stays, self.make) = (stays, make) }

  /// Its values.
  func values() -> Tensor {
    if let made { return made }
    let fresh = make()
    if stays { made = fresh }
    return fresh
  }

  func drop() { made = nil }
}

/// What a way back keeps of a product's operand: the tensor, or how to make it again.
enum Kept {
  case tensor(Tensor)
  case remake(Remake)

  func values() -> Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .remake(let remake): remake.values()
    }
  }
}

// What operators use of the tape.
extension Tape {
  /// Whether a gradient by `tensor` is wanted.
  func wants(_ tensor: Tensor) -> Bool { tracked.contains(tensor.id) }
  func wants(_ place: Place) -> Bool { tracked.contains(place.id) }

  /// `tensor` for a way back.
  func kept(_ tensor: Tensor) -> Kept { remakes[tensor.id].map { .remake($0) } ?? .tensor(tensor) }

  /// Whether any of the tensors takes a gradient, so that an operator must keep what its way back needs.
  func records(_ inputs: Tensor?...) -> Bool {
    mode == .training && inputs.contains { $0.map(wants) ?? false }
  }

  /// Records the way back of `output`; `backward` gets the gradient by the output, of its shape and type.
  func record(_ output: Tensor, backward: @escaping (Tensor) -> Void) {
    tracked.insert(output.id)
    records.append(Record(output: output.id, backward: backward))
  }

  /// Adds a gradient. The first one is kept as it is; later ones are added in place where no one else holds it.
  func accumulate(_ gradient: Tensor, into tensor: Tensor) { accumulate(gradient, into: Place(tensor)) }

  func accumulate(_ gradient: Tensor, into tensor: Place) {
    guard wants(tensor) else { return }
    precondition(
      gradient.count == tensor.count,
      "A gradient of shape \(gradient.shape) for a tensor of shape \(tensor.shape).")
    if gradients[tensor.id] == nil {
      let fitting = gradient.converted(to: tensor.type)
      gradients[tensor.id] = fitting.shape == tensor.shape ? fitting : fitting.reshaped(tensor.shape)
      return
    }
    update(tensor) { sum, _ in
      reading(gradient) {
        braid_add_into(tensor.type.code, gradient.type.code, Int64(gradient.count), $0, sum)
      }
    }
  }

  /// Lets `body` add to the gradient so far, in memory that no other tensor shares; where there is none yet,
  /// `body` gets false and writes every element of memory that comes as it was left.
  func update(_ tensor: Tensor, _ body: (UnsafeMutableRawPointer, _ adding: Bool) -> Void) {
    update(Place(tensor), body)
  }

  func update(_ tensor: Place, _ body: (UnsafeMutableRawPointer, _ adding: Bool) -> Void) {
    guard var sum = gradients.removeValue(forKey: tensor.id) else {
      gradients[tensor.id] = Tensor(tensor.shape, tensor.type) { body($0, false) }
      return
    }
    if isKnownUniquelyReferenced(&sum.storage) {
      reading(sum) { body($0, true) }
    } else {
      sum = Tensor(tensor.shape, tensor.type) { out in
        reading(sum) { out.copyMemory(from: $0, byteCount: tensor.count * tensor.type.size) }
        body(out, true)
      }
    }
    gradients[tensor.id] = sum
  }

  /// As `update`, for sums that are made in f32 whatever the tensor's own type.
  func updateSums(_ tensor: Tensor, _ body: (UnsafeMutablePointer<Float>, _ adding: Bool) -> Void) {
    updateSums(Place(tensor), body)
  }

  func updateSums(_ tensor: Place, _ body: (UnsafeMutablePointer<Float>, _ adding: Bool) -> Void) {
    if tensor.type == .f32 {
      update(tensor) { body($0.floats, $1) }
    } else {
      accumulate(Tensor(tensor.shape, .f32) { body($0.floats, false) }, into: tensor)
    }
  }

  /// The tensor in the tape's precision, for a product.
  func operand(_ tensor: Tensor) -> Tensor { tensor.converted(to: precision) }

  /// A weight in the tape's precision: cast once, whichever tapes use it, until it changes.
  func weightOperand(_ weight: Tensor) -> Tensor {
    if weight.type == precision { return weight }
    return Tensor(
      shape: weight.shape, type: precision,
      storage: weight.storage.cast(from: weight.type, to: precision, count: weight.count))
  }
}
