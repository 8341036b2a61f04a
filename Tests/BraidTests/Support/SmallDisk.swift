import Foundation

/// A small disk in memory.
final class SmallDisk {
  let scratch: Scratch
  var path: String { scratch.path }

  init(kilobytes: Int) throws {
    scratch = try Scratch()
    guard SmallDisk.call(["mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", scratch.path]) else {
      throw CocoaError(.fileWriteNoPermission)
    }
  }

  /// Gives it more room; what is on it stays.
  func grow(kilobytes: Int) -> Bool {
    SmallDisk.call(["mount", "-o", "remount,size=\(kilobytes)k", scratch.path])
  }

  deinit { _ = SmallDisk.call(["umount", scratch.path]) }

  private static func call(_ words: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  static let isPossible = (try? SmallDisk(kilobytes: 4)) != nil
}
