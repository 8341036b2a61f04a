import Foundation
import Layers

/// Folders for one test.
enum Scratch {
  static func with(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/braid-import-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// A copy of a fixture's folder, to be changed.
  static func copy(_ fixture: String, to path: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: ImportTests.fixtures.path + "/" + fixture, toPath: path)
  }

  static func write(_ text: String, _ path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Changes `config.json` by replacing text, which must be there.
  static func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    struct NotThere: Error {}
    guard text.contains(old) else { throw NotThere() }
    try write(text.replacingOccurrences(of: old, with: new), path)
  }

  /// Writes a model's weights anew.
  static func rewrite(_ folder: String, _ change: (inout [SafetensorsWriter.Entry]) -> Void) throws {
    let path = folder + "/model.safetensors"
    let file = try SafetensorsFile(path: path)
    var entries = try file.names.map {
      SafetensorsWriter.Entry(name: $0, shape: file.shape($0) ?? [], values: try file.floats($0))
    }
    change(&entries)
    try SafetensorsWriter.encode(entries: entries).write(to: URL(filePath: path))
  }
}
