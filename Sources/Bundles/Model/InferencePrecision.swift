import Tensors

/// What a tower computes its large products in, in inference.
public enum InferencePrecision: String, Sendable, Codable, CaseIterable {
  case f32
  case bf16
  /// Linear maps of the blocks in 8 bits, the products inside attention in bf16 where the CPU has it, all else f32.
  case int8

  /// What a tape works in then.
  public var tape: ElementType { self == .bf16 ? .bf16 : .f32 }
}
