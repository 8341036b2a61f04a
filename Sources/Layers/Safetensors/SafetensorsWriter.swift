import Files
import Foundation

/// Writes tensors in the safetensors format.
///
/// The same entries give the same bytes whatever their order: F32 stands before BF16 and names are
/// sorted within each, so that every tensor is aligned to its element size in a data part that begins at
/// a multiple of 8 bytes. The format allows no gaps between tensors, hence the order by type.
public enum SafetensorsWriter {
  /// The element types that are written.
  public enum ElementType: String, Sendable, CaseIterable {
    /// Values as they are, 4 bytes each.
    case f32 = "F32"
    /// Values rounded to the nearest, ties to even, 2 bytes each.
    case bf16 = "BF16"

    var size: Int { self == .f32 ? 4 : 2 }
  }

  /// One tensor to be written.
  public struct Entry: Sendable {
    /// Of the tensor in the file.
    public var name: String
    /// Extents, outermost first; empty for a scalar.
    public var shape: [Int]
    /// How values are stored.
    public var type: ElementType
    /// Row-major values, as many as `shape` asks for.
    public var values: [Float]

    /// - Parameter values: row-major, as many as the shape asks for.
    public init(name: String, shape: [Int], type: ElementType = .f32, values: [Float]) {
      (self.name, self.shape, self.type, self.values) = (name, shape, type, values)
    }
  }

  /// The bytes of a file that holds `entries`.
  ///
  /// BF16 is rounded to nearest, ties to even; NaN stays NaN.
  /// - Precondition: names are unique and not `__metadata__`; each entry has as many values as its shape.
  public static func encode(entries: [Entry], metadata: [String: String] = [:]) -> Data {
    let ordered = entries.sorted {
      $0.type != $1.type
        ? $0.type == .f32 : $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars)
    }
    let header = header(ordered, metadata)
    let total = ordered.reduce(8 + header.utf8.count) { $0 + $1.values.count * $1.type.size }
    var data = Data(capacity: total)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    for entry in ordered {
      switch entry.type {
      // A closure, not a key path: that would be followed for each of a checkpoint's millions of values.
      case .f32:
        entry.values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
      case .bf16:
        entry.values.map { bfloat16($0).littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  private static func header(_ entries: [Entry], _ metadata: [String: String]) -> String {
    var fields: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      fields.append(
        #""__metadata__":{"#
          + notes.map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }.joined(separator: ",")
          + "}")
    }
    var names = Set<String>(["__metadata__"])
    var offset = 0
    for entry in entries {
      precondition(names.insert(entry.name).inserted, "The tensor name \(entry.name) is taken.")
      precondition(
        entry.shape.reduce(1, *) == entry.values.count,
        "\(entry.name) has \(entry.values.count) values for shape \(entry.shape).")
      let end = offset + entry.values.count * entry.type.size
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        #"\#(JSONText.quoted(entry.name)):{"dtype":"\#(entry.type.rawValue)","shape":[\#(shape)],"data_offsets":[\#(offset),\#(end)]}"#
      )
      offset = end
    }
    let text = "{" + fields.joined(separator: ",") + "}"
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }

  private static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    // A NaN whose payload is in the low half only would round to infinity: set the quiet bit instead.
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }
}
