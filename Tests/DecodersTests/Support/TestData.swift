import Foundation

/// Places of test data. Shared data sets may be missing; suites that need them are then skipped.
enum TestData {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let fixtures = root.appending(path: "Tests/Fixtures")

  /// `$BRAID_SHARED`, or `../shared` beside the package.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["BRAID_SHARED"] { return URL(filePath: path) }
    return root.deletingLastPathComponent().appending(path: "shared")
  }()

  static let pydicom = shared.appending(path: "data/medical/dicom_pydicom")
  static let hasPydicom = FileManager.default.fileExists(atPath: pydicom.appending(path: "expected.csv").path)

  /// A fresh folder that the body may fill; removed afterwards.
  static func inTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "braid-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

/// Rows of a CSV with a header, as dictionaries; quoted fields may hold commas.
func readTable(_ url: URL) throws -> [[String: String]] {
  let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
  func fields(_ line: Substring) -> [String] {
    var result = [""], quoted = false
    for letter in line {
      if letter == "\"" {
        quoted.toggle()
      } else if letter == "," && !quoted {
        result.append("")
      } else {
        result[result.count - 1].append(letter)
      }
    }
    return result
  }
  let names = fields(lines[0])
  return lines.dropFirst().map { Dictionary(zip(names, fields($0))) { first, _ in first } }
}
