import Bundles
import Decoders
import Foundation
import Testing

@Suite("Inspecting any input")
struct InspectionTests {
  private func inspect(_ path: String, _ change: (inout Inspector) -> Void = { _ in }) throws -> [String: Any]
  {
    var inspector = Inspector()
    change(&inspector)
    let found = try inspector.inspect(path, name: (path as NSString).lastPathComponent)
    return try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(found)) as? [String: Any])
  }

  @Test("Images, clips and series have numpy's shapes")
  func shapes() throws {
    let image = try inspect(Package.samples + "/scans/01-png/frontal.png")
    #expect(image["kind"] as? String == "image" && image["dtype"] as? String == "uint16")
    #expect((image["shape"] as? [Int])?.count == 2)
    let clip = try inspect(Package.samples + "/scans/05-clip/breathing.avi")
    #expect(clip["kind"] as? String == "clip" && clip["dtype"] as? String == "uint8")
    let shape = try #require(clip["shape"] as? [Int])
    #expect(shape.count == 4 && shape[0] == 20)
    let part = try inspect(Package.samples + "/scans/05-clip/breathing.avi") { $0.frames = 5 }
    #expect((part["shape"] as? [Int])?.first == 5)
    let series = try inspect(Package.samples + "/sensors/plant.csv")
    #expect(series["kind"] as? String == "series" && series["dtype"] as? String == "float32")
    let text = try String(contentsOfFile: Package.samples + "/sensors/plant.csv", encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).count - 1
    #expect((series["shape"] as? [Int])?.first == rows)
    for found in [image, clip, series] {
      let (low, high) = (try #require(found["min"] as? Double), try #require(found["max"] as? Double))
      let mean = try #require(found["mean"] as? Double)
      #expect(low <= mean && mean <= high && found["metadata"] is [String: Any])
    }
  }

  @Test("Least, greatest and mean pass over NaN")
  func summary() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pump.csv"
    try "time,a,b\n0,1,NaN\n1,,4\n2,-5,8\n".write(toFile: path, atomically: true, encoding: .utf8)
    let found = try inspect(path)
    #expect(found["shape"] as? [Int] == [3, 2])
    #expect(found["min"] as? Double == -5 && found["max"] as? Double == 8 && found["mean"] as? Double == 2)
  }

  @Test("An array is written as numpy stores it")
  func npy() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/grey.png"
    try GreyPNG.write(side: 5, level: 77, to: path)
    let found = try inspect(path) { $0.npy = folder.path + "/arrays" }
    #expect(found["npy"] as? String == folder.path + "/arrays/grey.png.npy")
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: folder.path + "/arrays/grey.png.npy")))
    #expect(bytes.starts(with: [0x93] + Array("NUMPY".utf8)))
    #expect(String(decoding: bytes[10..<80], as: UTF8.self).contains("'shape': (5, 5)"))
    #expect(bytes.suffix(25).allSatisfy { $0 == 77 } && bytes.count == 128 + 25)
  }

  @Test("What cannot be read gives code, reason and remedy and nothing else")
  func refusals() throws {
    let folder = try TemporaryFolder()
    try "A letter.\n".write(toFile: folder.path + "/letter.txt", atomically: true, encoding: .utf8)
    try Data().write(to: URL(filePath: folder.path + "/empty.png"))
    let wanted = [
      (Package.samples + "/scans/10-broken-file/broken.png", "truncated"),
      (folder.path + "/none.png", "notFound"),
      (folder.path + "/letter.txt", "unknownFormat"), (folder.path + "/empty.png", "truncated"),
    ]
    for (path, code) in wanted {
      let found = try inspect(path)
      #expect(Set(found.keys) == ["path", "error"])
      let error = try #require(found["error"] as? [String: String])
      #expect(error["code"] == code, "\(path)")
      #expect(error["reason"]?.isEmpty == false && error["remedy"]?.isEmpty == false)
    }
  }

  @Test("A patient's name stays inside unless asked for")
  func identity() throws {
    let path = Package.samples + "/scans/03-dicom/IM0001.dcm"
    #expect(!"\(try inspect(path))".contains("Phantom^One"))
    #expect("\(try inspect(path) { $0.identified = true })".contains("Phantom^One"))
  }
}
