import Decoders
import Foundation
import Testing

@Suite struct FrameTests {
  @Test(
    "Every frame comes out, in order, with ffmpeg's times and levels",
    arguments: try Fixture.values().keys.sorted())
  func agreesWithFFmpeg(name: String) throws {
    let expected = try #require(try Fixture.values()[name])
    let decoder = try VideoDecoder(path: Fixture.path(name), options: DecodeOptions())
    let frames = try Fixture.frames(decoder)
    #expect(frames.count == expected.means.count)
    if let count = decoder.header.frameCount { #expect(count == expected.means.count) }
    #expect(decoder.header.metadata["codec"] == .string(expected.codec))
    #expect([decoder.header.width, decoder.header.height] == expected.size)
    let quarters = Fixture.quarters(try #require(frames.first))
    #expect(zip(quarters, expected.quarters).allSatisfy { abs($0 - $1) < 1.5 }, "\(quarters)")
    for (i, (frame, means)) in zip(frames, expected.means).enumerated() {
      let index = frame.index
      #expect(index == i)
      if let time = expected.times[i] {
        let shown = frame.time
        let own = try #require(shown)
        #expect(abs(own - time) < 0.0011, "frame \(i): \(own) instead of \(time)")
      }
      for (own, mean) in zip(Fixture.means(frame), means) {
        #expect(abs(own - mean) < 0.6, "frame \(i): \(own) instead of \(mean)")
      }
    }
  }

  @Test("Frames show their own index", arguments: Fixture.numbered)
  func showsIndex(name: String, count: Int) throws {
    let frames = try Fixture.frames(VideoDecoder(path: Fixture.path(name), options: DecodeOptions()))
    #expect(frames.map(Fixture.index) == Array(0..<count))
  }

  @Test("Evenly spaced frames are those shown at (i + 0.5) / N of the duration", arguments: Fixture.numbered)
  func evenlySpaced(name: String, count: Int) throws {
    guard name != "variable.mp4" else { return }  // its own test
    for frames in [1, 2, 3, 5, 16, count, count + 7] {
      let decoder = try VideoDecoder(path: Fixture.path(name), options: DecodeOptions(frames: frames))
      let shown = try Fixture.frames(decoder)
      let expected = (0..<frames).map { (2 * $0 + 1) * count / (2 * frames) }
      #expect(shown.map(Fixture.index) == expected, "\(frames) frames")
      #expect(shown.map(\.index) == expected)
      #expect(decoder.header.frameCount == frames)
    }
  }

  @Test("Evenly spaced frames of a variable rate go by time, not by number")
  func variableRate() throws {
    // 10 frames of 40 ms, then 20 of 120 ms, the last of which is written as 40 ms (ffprobe: 2.72 s).
    let starts = (0..<30).map { $0 < 10 ? $0 * 40 : 400 + ($0 - 10) * 120 }
    for frames in [1, 4, 7, 16, 100] {
      let decoder = try VideoDecoder(
        path: Fixture.path("variable.mp4"), options: DecodeOptions(frames: frames))
      let expected = (0..<frames).map { i in
        (starts.firstIndex { $0 * 2 * frames > (2 * i + 1) * 2720 } ?? 30) - 1
      }
      #expect(try Fixture.frames(decoder).map(Fixture.index) == expected)
    }
  }

  @Test("Clips too large to keep in memory give the same frames", arguments: Fixture.numbered, [1, 2, 4, 16])
  func readsFromFile(clip: (name: String, count: Int), frames: Int) throws {
    let path = Fixture.path(clip.name), options = DecodeOptions(frames: frames)
    let kept = try Fixture.frames(VideoDecoder(path: path, options: options))
    let read = try Fixture.frames(VideoDecoder(path: path, options: options, threads: 1, keptBytes: 0))
    let same = kept.map(\.raster) == read.map(\.raster)
    #expect(same)
    #expect(kept.map(\.time) == read.map(\.time))
    let all = try Fixture.frames(VideoDecoder(path: path, options: DecodeOptions(), threads: 1, keptBytes: 0))
    #expect(all.map(Fixture.index) == Array(0..<clip.count))
  }

  @Test(
    "Chosen frames are bit for bit those of the whole clip, with any number of threads",
    arguments: Fixture.numbered)
  func chosenAreTheSame(name: String, count: Int) throws {
    let all = try Fixture.frames(VideoDecoder(path: Fixture.path(name), options: DecodeOptions()))
    for (threads, frames) in [(1, 3), (1, 10), (2, 3), (2, 10)] {
      let decoder = try VideoDecoder(
        path: Fixture.path(name), options: DecodeOptions(frames: frames), threads: threads)
      for frame in try Fixture.frames(decoder) {
        let (same, time, expected) = (
          frame.raster == all[frame.index].raster, frame.time, all[frame.index].time
        )
        #expect(same, "frame \(frame.index), \(threads) threads")
        #expect(time == expected || expected == nil)
      }
    }
  }

  @Test("A recording cut at its start shows what can be decoded")
  func cutStart() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("h264-opengop.ts")))
    let scratch = try Scratch()
    // Tables stay, the first ten packets of pictures go.
    let path = try scratch.write(whole.prefix(3 * 188) + whole.dropFirst(13 * 188), "cut.ts")
    let all = try Fixture.frames(VideoDecoder(path: path, options: DecodeOptions()))
    let indices = all.map(Fixture.index)
    #expect(indices.last == 47 && indices.count > 20 && indices.count < 48)
    #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 + 1 == $1 })
    let five = try Fixture.frames(VideoDecoder(path: path, options: DecodeOptions(frames: 5)))
    #expect(five.map(Fixture.index) == (0..<5).map { indices[(2 * $0 + 1) * indices.count / 10] })
  }
}
