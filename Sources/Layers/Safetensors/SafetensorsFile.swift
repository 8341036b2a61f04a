import Foundation

/// A safetensors file opened for reading: names and shapes at once, values when asked for.
///
/// The header is read and checked when the file is opened; a tensor's bytes are read from disk by
/// `floats(_:)` each time, so that opening a large file costs little memory. Any number of threads may
/// read at once.
///
/// Source: the format's description, https://github.com/huggingface/safetensors (8 bytes little-endian
/// length of the header, a JSON header, the data).
public struct SafetensorsFile: Sendable {
  /// The path as the caller gave it.
  public let path: String
  /// Names of the tensors, in the order of Unicode scalars.
  public let names: [String]
  private let header: SafetensorsHeader
  private let file: ReadableFile
  private let dataStart: Int

  /// Opens `path` and checks the whole header against the file's length.
  /// - Throws: `SafetensorsError` with the place where the file breaks the format.
  public init(path: String) throws(SafetensorsError) {
    let file = try ReadableFile(path: path)
    guard file.length >= 8 else {
      throw SafetensorsError(
        .truncated, path: path,
        reason: "The file has \(file.length) bytes, fewer than a header's length field.",
        remedy: SafetensorsError.copyAgain)
    }
    var field = Data()
    try file.read(from: 0, count: 8) { field.append(contentsOf: $0) }
    let length = field.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsHeader.largestHeader) else {
      throw SafetensorsError(
        .tooLarge, path: path, place: .byte(0),
        reason: "The header claims \(length) bytes; the limit is \(SafetensorsHeader.largestHeader).",
        remedy: "Check that this is a safetensors file; if it is, copy or download it again.")
    }
    guard Int(length) <= file.length - 8 else {
      throw SafetensorsError(
        .truncated, path: path, place: .byte(0),
        reason: "The header claims \(length) bytes, but only \(file.length - 8) follow.",
        remedy: SafetensorsError.copyAgain)
    }
    var json = Data(capacity: Int(length))
    try file.read(from: 8, count: Int(length)) { json.append(contentsOf: $0) }
    dataStart = 8 + Int(length)
    header = try SafetensorsHeader(json: json, dataBytes: file.length - dataStart, path: path)
    names = header.entries.keys.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    (self.path, self.file) = (path, file)
  }

  /// The file's own notes, `__metadata__` of the header; empty where there are none.
  public var metadata: [String: String] { header.metadata }

  /// Extents of the tensor `name`, outermost first; nil where there is no such tensor.
  public func shape(_ name: String) -> [Int]? { header.entries[name]?.shape }

  /// The format's name of the element type, such as `F32`; nil where there is no such tensor.
  public func type(_ name: String) -> String? { header.entries[name]?.dtype }

  /// Values of the tensor `name`, row-major.
  ///
  /// BF16 and F16 are widened exactly; F64 and integers above 2^24 are rounded to the nearest `Float`.
  /// - Throws: `SafetensorsError`: no such tensor, an element type other than F64, F32, F16, BF16, I64,
  ///   I32 or U8, or a file that became shorter since it was opened.
  public func floats(_ name: String) throws(SafetensorsError) -> [Float] {
    let (entry, element) = try find(name)
    var values: [Float] = []
    values.reserveCapacity((entry.end - entry.begin) / element.size)
    try file.read(from: dataStart + entry.begin, count: entry.end - entry.begin) {
      element.append($0, to: &values)
    }
    return values
  }

  /// Values of the integer tensor `name`, row-major and exact.
  /// - Throws: as `floats(_:)`, and where the elements are no I64, I32 or U8.
  public func integers(_ name: String) throws(SafetensorsError) -> [Int] {
    let (entry, element) = try find(name)
    guard element.isInteger else {
      throw SafetensorsError(
        .unsupported, path: path, place: .tensor(name),
        reason: "Its elements are \(entry.dtype) where whole numbers are needed.",
        remedy: "Save this tensor as I64, I32 or U8.")
    }
    var values: [Int] = []
    values.reserveCapacity((entry.end - entry.begin) / element.size)
    try file.read(from: dataStart + entry.begin, count: entry.end - entry.begin) {
      element.append($0, to: &values)
    }
    return values
  }

  private func find(_ name: String) throws(SafetensorsError) -> (SafetensorsHeader.Entry, SafetensorsElement)
  {
    guard let entry = header.entries[name] else {
      throw SafetensorsError(
        .missingTensor, path: path, place: .tensor(name), reason: "The file has no tensor of this name.",
        remedy: "It holds \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? ", …" : "").")
    }
    guard let element = SafetensorsElement(rawValue: entry.dtype) else {
      throw SafetensorsError(
        .unsupported, path: path, place: .tensor(name),
        reason: "The element type \(entry.dtype) cannot be read.",
        remedy: "Save this tensor as F32, BF16, F16, F64, I64, I32 or U8.")
    }
    return (entry, element)
  }
}
