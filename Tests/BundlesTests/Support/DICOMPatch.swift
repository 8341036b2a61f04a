import Foundation

/// A sample's DICOM file with some of its header changed, in the explicit little endian in which the samples are written.
struct DICOMPatch {
  private(set) var bytes: Data

  init(_ path: String) throws { bytes = try Data(contentsOf: URL(filePath: path)) }

  /// Puts another value in place of an element's, which must be there.
  mutating func set(_ group: UInt16, _ element: UInt16, _ kind: String, _ value: String) throws {
    let start = try find(group, element, kind)
    let length = Int(bytes[start + 6]) | Int(bytes[start + 7]) << 8
    bytes.replaceSubrange(start..<start + 8 + length, with: Self.element(group, element, kind, value))
  }

  /// Puts a new element before another, which must be there.
  mutating func insert(
    _ group: UInt16, _ element: UInt16, _ kind: String, _ value: String,
    before other: (group: UInt16, element: UInt16, kind: String)
  ) throws {
    bytes.insert(
      contentsOf: Self.element(group, element, kind, value),
      at: try find(other.group, other.element, other.kind))
  }

  func write(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try bytes.write(to: URL(filePath: path))
  }

  private func find(_ group: UInt16, _ element: UInt16, _ kind: String) throws -> Int {
    struct Missing: Error {}
    guard let range = bytes.range(of: Self.tag(group, element) + Data(kind.utf8)) else { throw Missing() }
    return range.lowerBound
  }

  private static func tag(_ group: UInt16, _ element: UInt16) -> Data {
    Data([group, element].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
  }

  private static func element(_ group: UInt16, _ element: UInt16, _ kind: String, _ value: String) -> Data {
    let text = Data(value.utf8) + (value.utf8.count % 2 == 1 ? [kind == "UI" ? 0 : 0x20] : [])
    return tag(group, element) + Data(kind.utf8) + Data([UInt8(text.count & 0xFF), UInt8(text.count >> 8)])
      + text
  }
}
