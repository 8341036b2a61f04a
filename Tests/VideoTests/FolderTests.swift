import Decoders
import Foundation
import Testing

@Suite struct FolderTests {
  /// A picture of one pixel whose level is the number in the file.
  struct Dot: FrameDecoder {
    let header = ScanHeader(format: .png, kind: .image, frameCount: 1, width: 1, height: 1)
    var value: UInt8?
    var shape = [1, 1]

    init(path: String, options: DecodeOptions) throws(DecodingError) {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8), let value = UInt8(text) else {
        throw DecodingError(.malformed, file: path, reason: "No number.", remedy: "Write one.")
      }
      self.value = value
      if value == 99 { shape = [1, 1, 1] }
    }

    mutating func next() throws(DecodingError) -> Frame? {
      defer { value = nil }
      return value.map { Frame(raster: Raster(shape: shape, samples: .uint8([$0]))) }
    }
  }

  static func open(_ path: String, _ options: DecodeOptions) throws(DecodingError) -> any FrameDecoder {
    try Dot(path: path, options: options)
  }

  static func values(_ folder: FrameFolder) throws -> [UInt8] {
    var folder = folder, values: [UInt8] = []
    while let frame = try folder.next() {
      if case .uint8(let samples) = frame.raster.samples { values += samples }
    }
    return values
  }

  @Test("Pictures come in the order of their numbers, evenly spaced where asked")
  func order() throws {
    let scratch = try Scratch()
    for i in 0..<12 { _ = try scratch.write(Array("\(i)".utf8), "frame\(i).PNG") }
    _ = try scratch.write(Array("77".utf8), ".hidden.png")
    _ = try scratch.write(Array("78".utf8), "notes.txt")
    let all = try FrameFolder(path: scratch.url.path, options: DecodeOptions(), opener: Self.open)
    #expect(all.header.kind == .clip && all.header.frameCount == 12)
    #expect(try Self.values(all) == Array(0..<12))
    let some = try FrameFolder(path: scratch.url.path, options: DecodeOptions(frames: 5), opener: Self.open)
    #expect(try Self.values(some) == [1, 3, 6, 8, 10])
    let many = try FrameFolder(path: scratch.url.path, options: DecodeOptions(frames: 24), opener: Self.open)
    #expect(try Self.values(many) == (0..<24).map { $0 / 2 })
  }

  @Test("Empty folders, missing ones and pictures of another size are refused")
  func refuses() throws {
    let scratch = try Scratch()
    let path = scratch.url.path
    #expect { try FrameFolder(path: path, options: DecodeOptions(), opener: Self.open) } throws: {
      ($0 as? DecodingError)?.code == .unsupported
    }
    #expect { try FrameFolder(path: path + "/none", options: DecodeOptions(), opener: Self.open) } throws: {
      ($0 as? DecodingError)?.code == .notFound
    }
    _ = try scratch.write(Array("1".utf8), "1.png")
    _ = try scratch.write(Array("99".utf8), "2.png")
    let odd = try FrameFolder(path: path, options: DecodeOptions(), opener: Self.open)
    #expect { try Self.values(odd) } throws: { ($0 as? DecodingError)?.place == .frame(1) }
  }
}
