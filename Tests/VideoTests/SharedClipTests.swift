import Decoders
import Foundation
import Testing

/// Clips of the shared data folder: `$BRAID_SHARED`, or `../shared` beside the package.
enum SharedClips {
  static let root: URL =
    ProcessInfo.processInfo.environment["BRAID_SHARED"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
  static let pocus = root.appendingPathComponent("data/medical/pocus_lung_ultrasound")
  static let sample = root.appendingPathComponent("data/general/video_samples/bigbuckbunny.mp4")

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: pocus.appendingPathComponent("clips").path)) ?? [])
    .sorted()
  static var arePresent: Bool { !names.isEmpty && FileManager.default.fileExists(atPath: sample.path) }

  /// Frames of each original as another decoder counted them (metadata.csv: clip, decoded_frames).
  static func counts() throws -> [String: Int] {
    let text = try String(contentsOf: pocus.appendingPathComponent("metadata.csv"), encoding: .utf8)
    var rows: [[String]] = [[""]], quoted = false
    for character in text {
      switch character {
      case "\"": quoted.toggle()
      case "," where !quoted: rows[rows.count - 1].append("")
      case "\n" where !quoted, "\r\n" where !quoted: rows.append([""])
      default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
      }
    }
    let clip = try #require(rows[0].firstIndex(of: "clip")),
      count = try #require(rows[0].firstIndex(of: "decoded_frames"))
    var counts: [String: Int] = [:]
    for row in rows.dropFirst() where row.count == rows[0].count && !row[clip].isEmpty {
      counts[(row[clip] as NSString).lastPathComponent] = Int(row[count])
    }
    return counts
  }
}

@Suite(
  .enabled(if: SharedClips.arePresent, "The shared clips are not here: set BRAID_SHARED to their folder."))
struct SharedClipTests {
  @Test("Every ultrasound clip decodes, with as many frames as others count")
  func everyClip() throws {
    let counts = try SharedClips.counts()
    for name in SharedClips.names {
      let path = SharedClips.pocus.appendingPathComponent("clips/" + name).path
      let count = try #require(counts[name])
      let decoder = try VideoDecoder(path: path, options: DecodeOptions(enoughSide: 112, frames: 16))
      #expect(decoder.header.metadata["frames"] == .integer(count), "\(name)")
      let frames = try Fixture.frames(decoder)
      #expect(frames.map(\.index) == (0..<16).map { (2 * $0 + 1) * count / 32 }, "\(name)")
      let shape = [decoder.header.height, decoder.header.width, 3]
      #expect(frames.allSatisfy { $0.raster.shape == shape } && shape.prefix(2).min() == 112, "\(name)")
    }
  }

  @Test(
    "Chosen frames are bit for bit those of the whole clip, in every container",
    arguments: ["avi", "gif", "mov", "mp4", "mpeg"])
  func chosenAreTheSame(container: String) throws {
    for name in SharedClips.names.filter({ $0.hasSuffix("." + container) }).prefix(2) {
      let path = SharedClips.pocus.appendingPathComponent("clips/" + name).path
      let all = try Fixture.frames(VideoDecoder(path: path, options: DecodeOptions(enoughSide: 32)))
      let some = try Fixture.frames(
        VideoDecoder(path: path, options: DecodeOptions(enoughSide: 32, frames: 9)))
      let wrong = some.filter { $0.raster != all[$0.index].raster || $0.time != all[$0.index].time }.map(
        \.index)
      #expect(wrong.isEmpty, "\(name)")
    }
  }

  @Test("A clip with sound gives its pictures")
  func withSound() throws {
    let decoder = try VideoDecoder(path: SharedClips.sample.path, options: DecodeOptions(frames: 4))
    #expect(decoder.header.metadata["frames"] == .integer(132))
    #expect((decoder.header.width, decoder.header.height) == (1280, 720))
    #expect(try Fixture.frames(decoder).map(\.index) == [16, 49, 82, 115])
  }
}
