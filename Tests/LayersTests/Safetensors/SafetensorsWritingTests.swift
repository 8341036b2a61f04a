import Foundation
import Layers
import Testing

struct SafetensorsWritingTests {
  static let entries = [
    SafetensorsWriter.Entry(name: "z", shape: [2], values: [1, -2.5]),
    SafetensorsWriter.Entry(name: "a.half", shape: [3], type: .bf16, values: [1, 2, 3]),
    SafetensorsWriter.Entry(name: "b \"é\n", shape: [], values: [7]),
    SafetensorsWriter.Entry(name: "none", shape: [0, 4], type: .bf16, values: []),
  ]

  /// The bytes that the format's description asks for, written out by hand.
  @Test func bytesOfTheFormat() throws {
    let data = SafetensorsWriter.encode(entries: Self.entries, metadata: ["k": "v", "a": "\\"])
    let header =
      #"{"__metadata__":{"a":"\\","k":"v"},"b \"é\u000a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"#
      + #""z":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"#
      + #""a.half":{"dtype":"BF16","shape":[3],"data_offsets":[12,18]},"#
      + #""none":{"dtype":"BF16","shape":[0,4],"data_offsets":[18,18]}}"#
    let length = Int(data[0]) + Int(data[1]) << 8
    #expect(length % 8 == 0 && length - header.utf8.count < 8)
    #expect(
      String(decoding: data[8..<8 + length], as: UTF8.self).trimmingCharacters(in: .whitespaces) == header)
    #expect(
      Array(data[(8 + length)...]) == [
        0, 0, 0xE0, 0x40, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0x80, 0x3F, 0, 0x40, 0x40, 0x40,
      ])
  }

  @Test func theOrderOfEntriesDoesNotMatter() {
    #expect(
      SafetensorsWriter.encode(entries: Self.entries)
        == SafetensorsWriter.encode(entries: Self.entries.reversed()))
  }

  @Test func roundsToBFloat16AsTorch() throws {
    let cases = try SafetensorsReadingTests.expected().bfloat16
    let values = cases.from.map { Float(bitPattern: $0) } + [Float(bitPattern: 0x7F80_0001)]
    let data = SafetensorsWriter.encode(
      entries: [.init(name: "x", shape: [values.count], type: .bf16, values: values)])
    let file = try SafetensorsRefusalTests.opening(data)
    let read = try file.floats("x")
    #expect(read.dropLast().map { UInt16($0.bitPattern >> 16) } == cases.to)
    #expect(read.last?.isNaN == true)
  }

  /// More than one piece of reading.
  @Test func largeTensorsComeBack() throws {
    let values = (0..<700_001).map { Float($0) * 0.37 }
    let data = SafetensorsWriter.encode(
      entries: [
        .init(name: "big", shape: [700_001], values: values), .init(name: "a", shape: [1], values: [4]),
      ])
    let path = NSTemporaryDirectory() + "safetensors-\(UUID().uuidString)"
    try data.write(to: URL(filePath: path))
    defer { unlink(path) }
    let file = try SafetensorsFile(path: path)
    #expect(try file.floats("big") == values)
    #expect(try file.floats("a") == [4])
  }
}
