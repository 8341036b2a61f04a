import Decoders
import Foundation
import Testing

/// Files that are no clips, or only part of one.
@Suite struct RefusalTests {
  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path(name))))
  }

  static func refusal(_ path: String, _ options: DecodeOptions = DecodeOptions()) -> DecodingError? {
    do throws(DecodingError) {
      var decoder = try VideoDecoder(path: path, options: options)
      while try decoder.next() != nil {}
      return nil
    } catch { return error }
  }

  @Test("What is no clip is refused with its reason")
  func refuses() throws {
    let scratch = try Scratch()
    #expect(Self.refusal(scratch.url.path + "/none.mp4")?.code == .notFound)
    #expect(Self.refusal(scratch.url.path)?.code == .notFound)
    #expect(Self.refusal(Fixture.path("sound.mp4"))?.code == .unsupported)
    #expect(Self.refusal(try scratch.write([], "empty.mp4"))?.code == .truncated)
    #expect(
      Self.refusal(try scratch.write(Array("Notes of a day.\n".utf8), "notes.txt"))?.code == .unknownFormat)
    #expect(
      Self.refusal(try scratch.write(Array(repeating: UInt8(0), count: 5000), "zeros.avi"))?.code
        == .unknownFormat)
    // A playlist would make libavformat open other files.
    let playlist =
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(Fixture.path("h264-opengop.ts"))\n#EXT-X-ENDLIST\n"
    #expect(Self.refusal(try scratch.write(Array(playlist.utf8), "list.m3u8"))?.code == .unknownFormat)
    let list = "ffconcat version 1.0\nfile '\(Fixture.path("h264.mp4"))'\n"
    #expect(Self.refusal(try scratch.write(Array(list.utf8), "list.mp4"))?.code == .unknownFormat)
  }

  @Test("Names that look like addresses are plain files")
  func plainNames() throws {
    let scratch = try Scratch()
    for name in ["http:x.mp4", "concat:a|b.mp4", "%03d.mp4", "Löwe 🫁.mp4"] {
      let path = try scratch.write(try Self.bytes("h264.mp4"), name)
      #expect(try Fixture.frames(VideoDecoder(path: path, options: DecodeOptions(frames: 2))).count == 2)
    }
  }

  @Test("More pixels than allowed are refused before they are decoded")
  func tooLarge() {
    var options = DecodeOptions()
    options.maximumPixels = 64 * 48 - 1
    #expect(Self.refusal(Fixture.path("h264.mp4"), options)?.code == .tooLarge)
    options.maximumPixels += 1
    #expect(Self.refusal(Fixture.path("h264.mp4"), options) == nil)
  }

  @Test(
    "A cut clip gives its frames up to the cut and then says so",
    arguments: [
      ("h264-faststart.mp4", 0.6), ("h264-faststart.mp4", 0.8), ("h264-faststart.mp4", 0.99),
      ("mpeg4.avi", 0.75),
      ("bars.gif", 0.3), ("bars.gif", 0.6), ("bars.gif", 0.99), ("piped.mkv", 0.6), ("piped.mkv", 0.85),
      ("mpeg2.mpeg", 0.6), ("vp9.webm", 0.7),
    ])
  func cut(name: String, part: Double) throws {
    let whole = try Self.bytes(name), scratch = try Scratch()
    let all = try Fixture.frames(VideoDecoder(path: Fixture.path(name), options: DecodeOptions()))
    let path = try scratch.write(whole.prefix(Int(Double(whole.count) * part)), "cut-" + name)
    var frames: [Frame] = []
    var refusal: DecodingError?
    do throws(DecodingError) {
      var decoder = try VideoDecoder(path: path, options: DecodeOptions())
      while let frame = try decoder.next() { frames.append(frame) }
      let after = try decoder.next() == nil
      #expect(after)
    } catch { refusal = error }
    let error = try #require(refusal)
    #expect(error.code == .truncated || error.code == .malformed)
    #expect(frames.count > 0 && frames.count < all.count)
    #expect(error.place == .frame(frames.count))
    let wrong = zip(frames, all).filter { $0.raster != $1.raster }.map(\.0.index)
    #expect(wrong.isEmpty, "of \(frames.count) frames")
  }

  @Test("Evenly spaced frames of a cut clip are those of the whole one, as far as they go")
  func cutEvenly() throws {
    let whole = try Self.bytes("h264-faststart.mp4"), scratch = try Scratch()
    let path = try scratch.write(whole.prefix(whole.count * 7 / 10), "cut.mp4")
    let full = try Fixture.frames(
      VideoDecoder(path: Fixture.path("h264-faststart.mp4"), options: DecodeOptions(frames: 16)))
    var indices: [Int] = [], refusal: DecodingError?
    do throws(DecodingError) {
      var decoder = try VideoDecoder(path: path, options: DecodeOptions(frames: 16))
      while let frame = try decoder.next() { indices.append(Fixture.index(frame)) }
    } catch { refusal = error }
    #expect(indices.count > 4 && indices.count < 16)
    #expect(indices == Array(full.map(Fixture.index).prefix(indices.count)))
    #expect(refusal?.code == .truncated)
  }

  @Test("An MP4 without its index is refused as cut")
  func noIndex() throws {
    let whole = try Self.bytes("h264.mp4"), scratch = try Scratch()
    let path = try scratch.write(whole.prefix(whole.count / 2), "cut.mp4")
    #expect(Self.refusal(path)?.code == .truncated)
  }

  @Test("Cancelling ends decoding")
  func cancels() async throws {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return Self.refusal(Fixture.path("h264.mp4"))?.code
    }
    task.cancel()
    #expect(await task.value == .cancelled)
  }

  @Test("Flipped bytes never crash or hang", arguments: try Fixture.values().keys.sorted())
  func survivesFlips(name: String) throws {
    let whole = try Self.bytes(name), scratch = try Scratch()
    var random = Numbers(state: UInt64(whole.count))
    for round in 0..<40 {
      var bytes = whole
      for _ in 0..<(1 + round % 8) {
        // Headers are hit as often as the rest.
        let span = random.next() % 2 == 0 ? min(512, bytes.count) : bytes.count
        bytes[Int(random.next() % UInt64(span))] = UInt8(truncatingIfNeeded: random.next())
      }
      let path = try scratch.write(bytes, "flipped-" + name)
      for frames in [nil, 3] as [Int?] {
        var options = DecodeOptions(frames: frames)
        options.maximumPixels = 1 << 20
        var count = 0
        do throws(DecodingError) {
          var decoder = try VideoDecoder(path: path, options: options)
          while let frame = try decoder.next(), count < 2000 {
            let shape = frame.raster.shape
            #expect(shape[0] == decoder.header.height && shape[1] == decoder.header.width)
            count += 1
          }
          #expect(frames == nil || count == frames)
        } catch {
          #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
        }
      }
    }
  }
}

/// The same numbers on every run (SplitMix64: Steele, Lea, Flood, 2014).
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
