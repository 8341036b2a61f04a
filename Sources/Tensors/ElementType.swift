import COneDNN

/// What a tensor's elements are stored as.
public enum ElementType: String, Sendable, Codable {
  /// IEEE 754 single precision.
  case f32
  /// The upper half of a single: 8 bits of exponent, 7 of fraction.
  case bf16

  /// Bytes of one element.
  public var size: Int { self == .f32 ? 4 : 2 }

  /// Whether this CPU multiplies bf16 in hardware. Elsewhere a tape asked for bf16 works in f32.
  public static var hasFastBF16: Bool { braid_has_bf16() == 1 }

  var code: Int32 { self == .f32 ? 0 : 1 }
}
