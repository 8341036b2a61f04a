import Decoders
import Foundation

/// What `braid inspect` says of one file.
public struct Inspection: Sendable, Encodable {
  /// Why a file could not be read.
  public struct Refusal: Sendable, Encodable {
    /// Kind of refusal.
    public var code: Decoders.DecodingError.Code
    /// What is wrong and why, one sentence.
    public var reason: String
    /// What to do about it, one sentence.
    public var remedy: String
    /// Such as `byte 1024`; nil for the file as a whole.
    public var place: String?

    /// - Parameter error: what the decoder threw.
    public init(_ error: Decoders.DecodingError) {
      (code, reason, remedy) = (error.code, error.reason, error.remedy)
      switch error.place {
      case .file: place = nil
      case .byte(let offset): place = "byte \(offset)"
      case .row(let row, let column): place = "row \(row)" + (column.map { ", column \($0)" } ?? "")
      case .frame(let frame): place = "frame \(frame)"
      }
    }
  }

  /// As the user named it, or below a folder as named.
  public var path: String
  /// Image, clip or series; nil where refused.
  public var kind: ScanKind?
  /// What the file is, from its content.
  public var format: ScanFormat?
  /// numpy's: `[H, W]` or `[H, W, C]`, `[T, H, W, C]`, `[T, C]`.
  public var shape: [Int]?
  /// numpy's name of the element type.
  public var dtype: String?
  /// Over all values but NaN; nil where there are none.
  public var min: Double?, max: Double?, mean: Double?
  /// What the file tells of itself.
  public var metadata: Metadata?
  /// Where the array was written.
  public var npy: String?
  /// Why it could not be read; then nothing else is known.
  public var error: Refusal?

  /// Of a file of which nothing is known yet.
  public init(path: String) { self.path = path }

  /// A file or folder that could not be read.
  public init(refused error: Decoders.DecodingError) { (path, self.error) = (error.file, Refusal(error)) }

  private enum Key: String, CodingKey {
    case path, kind, format, shape, dtype, min, max, mean, metadata, npy, error
  }

  /// A refused file has path and error alone.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(path, forKey: .path)
    if let error { return try container.encode(error, forKey: .error) }
    try container.encode(kind, forKey: .kind)
    try container.encode(format, forKey: .format)
    try container.encode(shape, forKey: .shape)
    try container.encode(dtype, forKey: .dtype)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(mean, forKey: .mean)
    try container.encode((metadata ?? Metadata()).tree, forKey: .metadata)
    try container.encodeIfPresent(npy, forKey: .npy)
  }
}

/// Metadata as JSON writes it.
public indirect enum MetadataTree: Sendable, Encodable {
  /// One value, or a list.
  case value(MetadataValue)
  /// Values by name.
  case object([String: MetadataTree])

  /// Without numbers that are not finite, which JSON lacks.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let object): try container.encode(object)
    case .value(.string(let text)): try container.encode(text)
    case .value(.integer(let number)): try container.encode(number)
    case .value(.number(let number)):
      if number.isFinite { try container.encode(number) } else { try container.encodeNil() }
    case .value(.bool(let bool)): try container.encode(bool)
    case .value(.list(let list)): try container.encode(list.map { MetadataTree.value($0) })
    }
  }
}

extension Metadata {
  /// For JSON.
  public var tree: MetadataTree {
    .object(Dictionary(uniqueKeysWithValues: map { ($0.key, MetadataTree.value($0.value)) }))
  }
}
