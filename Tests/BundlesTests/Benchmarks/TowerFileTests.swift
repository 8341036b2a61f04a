import Bundles
import Foundation
import Layers
import Testing

/// Files that the towers cannot be run on.
@Suite("Refused weights and inputs of the towers")
struct TowerFileTests {
  private typealias Entries = [String: SafetensorsWriter.Entry]

  /// The weights, changed, in a new file.
  private func weights(_ folder: TemporaryFolder, _ change: (inout Entries) -> Void) throws -> String {
    let file = try SafetensorsFile(path: SmallTowers.weights)
    var entries: Entries = [:]
    for name in file.names {
      entries[name] = .init(name: name, shape: file.shape(name) ?? [], values: try file.floats(name))
    }
    change(&entries)
    return try write(SafetensorsWriter.encode(entries: Array(entries.values)), folder)
  }

  private func write(_ data: Data, _ folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/changed.safetensors"
    try data.write(to: URL(filePath: path))
    return path
  }

  /// A file with the given tensors: type, shape and bytes.
  private func input(
    _ folder: TemporaryFolder, images: [Int], value: Float = 0.5, tokens: (type: String, ids: [Int64])?
  ) throws -> String {
    var body = Data()
    let count = images.reduce(1, *)
    [Float](repeating: value, count: count).withUnsafeBytes { body.append(contentsOf: $0) }
    var fields = [#""images":{"dtype":"F32","shape":\#(images),"data_offsets":[0,\#(4 * count)]}"#]
    if let tokens {
      tokens.ids.withUnsafeBytes { body.append(contentsOf: $0) }
      fields.append(
        #""tokens":{"dtype":"\#(tokens.type)","shape":[\#(tokens.ids.count / 5),5],"data_offsets":[\#(4 * count),\#(body.count)]}"#
      )
    }
    let header = Data("{\(fields.joined(separator: ","))}".utf8)
    return try write(
      withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + body, folder)
  }

  private func refusal(weights: String = SmallTowers.weights, input: String = SmallTowers.input) -> String {
    var benchmark = SmallTowers.align()
    (benchmark.weights, benchmark.input) = (weights, input)
    do {
      _ = try benchmark.run { _, _ in }
      return "taken"
    } catch { return "\(error)" }
  }

  @Test("Weights: cut off, of other names, of another shape, not finite, not there")
  func weights() throws {
    let folder = try TemporaryFolder()
    #expect(refusal() == "taken")
    #expect(refusal(weights: "/no/such.safetensors").contains("No such file"))
    let whole = try Data(contentsOf: URL(filePath: SmallTowers.weights))
    #expect(
      refusal(weights: try write(whole.prefix(whole.count - 7), folder)).contains("changed.safetensors"))
    let name = "towers.vision.norm.bias"
    let missing = refusal(weights: try weights(folder) { $0[name] = nil })
    #expect(missing.contains("\(name) is not in") && missing.contains("--save-weights"))
    let foreign = refusal(
      weights: try weights(folder) { $0["x"] = .init(name: "x", shape: [1], values: [0]) })
    #expect(foreign.contains("x of the checkpoint has no place"))
    let shaped = refusal(weights: try weights(folder) { $0[name]?.shape = [4, 6] })
    #expect(shaped.contains("\(name) has shape [4, 6]") && shaped.contains("[24]"))
    let broken = refusal(weights: try weights(folder) { $0[name]?.values[3] = .nan })
    #expect(broken.contains("tensor \(name)") && broken.contains("Value 3"))
    let many = refusal(weights: SmallTowers.input)
    #expect(many.contains("more") && many.count < 1000)
  }

  @Test("Inputs: other sizes, too few, tokens that are missing, too many, outside or no whole numbers")
  func inputs() throws {
    let folder = try TemporaryFolder(), ids = (0..<20).map { Int64($0 % 11) }, images = [4, 8, 8, 3]
    func told(_ images: [Int], value: Float = 0.5, _ tokens: (String, [Int64])?) throws -> String {
      refusal(input: try input(folder, images: images, value: value, tokens: tokens))
    }
    #expect(try told(images, ("I64", ids)) == "taken")
    #expect(try told([4, 3, 8, 8], ("I64", ids)).contains("[count, 8, 8, 3]"))
    #expect(try told(images, value: .infinity, ("I64", ids)).contains("Value 0"))
    #expect(try told([3, 8, 8, 3], ("I64", Array(ids.prefix(15)))).contains("It holds 3 images"))
    #expect(try told(images, nil).contains("tensor tokens"))
    #expect(try told(images, ("I64", ids + ids)).contains("[4, 5]"))
    #expect(try told(images, ("F64", ids)).contains("whole numbers"))
    for outside: Int64 in [-1, 11] {
      var changed = ids
      changed[13] = outside
      let reason = try told(images, ("I64", changed))
      #expect(reason.contains("text 2, token 3") && reason.contains("\(outside)"))
    }
  }

  @Test("Inference needs no tokens, but as many images as a batch has")
  func inference() throws {
    let folder = try TemporaryFolder()
    var benchmark = SmallTowers.encode(.f32)
    benchmark.input = try input(folder, images: [2, 8, 8, 3], tokens: nil)
    #expect(throws: Never.self) { try benchmark.run { _, _ in } }
    benchmark.batch = 3
    #expect(throws: BundleError.self) { try benchmark.run { _, _ in } }
  }
}
