import Foundation
import Testing

/// A machine without the libraries that decode video.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct MissingLibraryTests {
  /// A folder that stands before the system's and holds files of libav's names that are no libraries.
  private func broken() throws -> Scratch {
    let scratch = try Scratch()
    for name in ["avutil", "avcodec", "avformat", "swscale"] {
      for version in 5...70 { try scratch.write("lib\(name).so.\(version)", Array("none".utf8)) }
    }
    return scratch
  }

  @Test func clipsAreRefusedAndTheRestIsRead() throws {
    let scratch = try broken()
    let result = try Command.run(
      ["inspect", Command.samples + "/mixed/breathing.avi", Command.samples + "/mixed/chest.jpg", "--json"],
      environment: ["LD_LIBRARY_PATH": scratch.path])
    #expect(result.status == 2 && result.isPlain, "\(result.errors)")
    #expect(result.output.contains("\"unsupported\"") && result.output.contains("libavutil"))
    #expect(result.output.contains("Install libavformat"))
    #expect(result.output.contains("\"jpeg\""))
  }
}
