import Foundation
import Layers
import Testing

/// Hand-made bytes that must be refused with a code, and never crash.
struct SafetensorsRefusalTests {
  static func opening(_ bytes: Data) throws -> SafetensorsFile {
    let path = NSTemporaryDirectory() + "safetensors-\(UUID().uuidString)"
    try bytes.write(to: URL(filePath: path))
    defer { unlink(path) }
    return try SafetensorsFile(path: path)
  }

  static func file(_ header: String, data: Int, claim: UInt64? = nil) -> Data {
    var bytes = Data()
    withUnsafeBytes(of: (claim ?? UInt64(header.utf8.count)).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    bytes.append(Data(repeating: 1, count: data))
    return bytes
  }

  static let whole = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

  @Test func theWholeFileOpens() throws {
    #expect(try Self.opening(Self.file(Self.whole, data: 8)).shape("a") == [2])
    #expect(try Self.opening(Self.file("{}", data: 0)).names.isEmpty)
    #expect(try Self.opening(Self.file(Self.whole + "    ", data: 8)).names == ["a"])
  }

  @Test(arguments: [
    (whole, 7, nil, SafetensorsError.Code.truncated),
    (whole, 9, nil, .malformed),
    (whole, 0, 1 << 20, .truncated),
    (whole, 8, 100_000_001, .tooLarge),
    (whole, 8, UInt64.max, .tooLarge),
    (whole, 8, 0, .malformed),
    (whole, 8, 20, .malformed),
    ("[]", 0, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, 8, nil, .malformed),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, nil, .malformed),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
      12, nil, .malformed
    ),
    (#"{"__metadata__":{"a":1}}"#, 0, nil, .malformed),
  ])
  func refuses(header: String, data: Int, claim: UInt64?, code: SafetensorsError.Code) {
    #expect {
      try Self.opening(Self.file(header, data: data, claim: claim))
    } throws: {
      guard let error = $0 as? SafetensorsError else { return false }
      return error.code == code && !error.reason.isEmpty && !error.remedy.isEmpty
    }
  }

  @Test func deepNestingIsRefused() {
    let bomb = "{\"a\":" + String(repeating: "[", count: 100_000)
    #expect { try Self.opening(Self.file(bomb, data: 0)) } throws: {
      ($0 as? SafetensorsError)?.code == .malformed
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    #expect { try SafetensorsFile(path: "/nowhere/a") } throws: {
      ($0 as? SafetensorsError)?.code == .notFound
    }
    #expect { try SafetensorsFile(path: "/tmp") } throws: { ($0 as? SafetensorsError)?.code == .unreadable }
    #expect { try Self.opening(Data([1, 2, 3])) } throws: { ($0 as? SafetensorsError)?.code == .truncated }
  }

  @Test func aFileCutAfterOpeningIsAnError() throws {
    let path = NSTemporaryDirectory() + "safetensors-\(UUID().uuidString)"
    try Self.file(Self.whole, data: 8).write(to: URL(filePath: path))
    defer { unlink(path) }
    let file = try SafetensorsFile(path: path)
    truncate(path, off_t(Self.whole.utf8.count + 10))
    #expect { try file.floats("a") } throws: { ($0 as? SafetensorsError)?.code == .truncated }
  }

  /// Every prefix and every single flipped byte of a small file either opens or is refused.
  @Test func neverCrashes() throws {
    let bytes = Self.file(Self.whole, data: 8)
    for length in 0..<bytes.count {
      #expect(throws: SafetensorsError.self) { try Self.opening(bytes.prefix(length)) }
    }
    for position in 0..<bytes.count {
      var changed = bytes
      changed[position] ^= 0x5
      do { _ = try Self.opening(changed).floats("a") } catch { #expect(error is SafetensorsError) }
    }
  }
}
