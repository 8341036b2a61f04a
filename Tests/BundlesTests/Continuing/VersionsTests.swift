import Bundles
import Foundation
import Testing

@Suite("Versions of a bundle", .serialized)
struct VersionsTests {
  /// Continued once or twice with limits that allow all, for the folders alone.
  private func continued(_ times: Int) throws -> ContinuingToy {
    let toy = try ContinuingToy()
    for _ in 0..<times {
      _ = try toy.run { ($0.epochs, $0.limit, $0.labelLimit) = (1, 1, 1) }
    }
    return toy
  }

  private func top(_ folder: String) -> [String: Data] {
    ContinuingToy.files(folder).filter { !$0.key.hasPrefix("versions") }
  }

  @Test("Listed, switched by hand and back, all kept; continued from an earlier one the number goes on")
  func switches() throws {
    let toy = try continued(2)
    let versions = BundleVersions(path: toy.bundle + "/")
    #expect(try versions.entries().map(\.version) == [1, 2, 3])
    #expect(try versions.entries().map(\.isCurrent) == [false, false, true])
    #expect(try versions.entries().map(\.parent) == [nil, 1, 2])
    #expect(try versions.entries().map(\.labels.count) == [3, 4, 4])
    let (first, third) = (top(toy.bundle + "/versions/1"), top(toy.bundle))
    #expect(try versions.use(1).description.version == 1)
    #expect(top(toy.bundle) == first && top(toy.bundle + "/versions/3") == third)
    #expect(try versions.entries().map(\.isCurrent) == [true, false, false])
    _ = try toy.run { ($0.epochs, $0.limit, $0.labelLimit) = (1, 1, 1) }
    let entries = try versions.entries()
    #expect(
      entries.map(\.version) == [1, 2, 3, 4] && entries.last?.parent == 1 && entries.last?.isCurrent == true)
    #expect(try versions.use(3).description.version == 3)
    #expect(top(toy.bundle) == third && top(toy.bundle + "/versions/1") == first)
    #expect(try versions.use(3).description.version == 3, "as it is already")
    for entry in try versions.entries() { _ = try ModelBundle(path: entry.path) }
  }

  @Test("A version that is missing or broken is refused, and nothing changes")
  func missing() throws {
    let toy = try continued(1)
    let versions = BundleVersions(path: toy.bundle)
    let before = ContinuingToy.files(toy.bundle)
    let error = #expect(throws: BundleError.self) { try versions.use(7) }
    #expect(error?.remedy == "There are 1, 2.")
    #expect(ContinuingToy.files(toy.bundle) == before)
    let weights = toy.bundle + "/versions/1/weights.safetensors"
    try FileManager.default.removeItem(atPath: weights)
    #expect(throws: BundleError.self) { try versions.use(1) }
    #expect(try ModelBundle(path: toy.bundle).description.version == 2)
  }

  @Test(
    "What stands in a bundle with versions is not replaced, and an earlier version not continued by itself")
  func guarded() throws {
    let toy = try continued(1)
    let bundle = try ModelBundle(path: toy.bundle)
    #expect(throws: BundleError.self) { try bundle.write(to: toy.bundle, card: "", replacing: true) }
    let error = #expect(throws: BundleError.self) {
      try toy.run { ($0.from, $0.out) = (toy.bundle + "/versions/1", toy.folder + "/other.braid") }
    }
    #expect(error?.remedy.contains("--switch") == true)
    #expect(try BundleVersions(path: toy.bundle).entries().count == 2)
  }

  @Test("A writer that was killed leaves a bundle that loads, and the next one clears up")
  func killed() throws {
    let toy = try continued(1)
    // As a kill between making ready and exchanging leaves it: the number is of no process that runs.
    let left = toy.bundle + ".partial-999999999"
    try FileManager.default.createDirectory(atPath: left + "/versions/1", withIntermediateDirectories: true)
    #expect(try ModelBundle(path: toy.bundle).description.version == 2)
    #expect(try BundleVersions(path: toy.bundle).use(1).description.version == 1)
    #expect(!FileManager.default.fileExists(atPath: left))
  }
}
