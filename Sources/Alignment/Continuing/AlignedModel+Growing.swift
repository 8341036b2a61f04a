import Layers
import Tensors

extension AlignedModel {
  /// A copy in which parameters that another model has with fewer rows begin with that model's rows: heads that answer
  /// more labels than before, in the same order.
  public func growing(from other: AlignedModel) -> AlignedModel {
    let known = Dictionary(uniqueKeysWithValues: other.parameters("").map { ($0.name, $0.tensor) })
    return replacing(
      with: parameters("").map { name, tensor in
        guard let old = known[name], let rows = old.shape.first, let all = tensor.shape.first, rows < all,
          old.shape.dropFirst() == tensor.shape.dropFirst()
        else { return tensor }
        return Tensor(old.floats() + tensor.floats().dropFirst(old.count), shape: tensor.shape)
      })
  }
}
