import Foundation
import Testing

/// Bundles that are missing, damaged or of a newer format.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct BadBundleTests {
  private static let recording = Command.samples + "/sensors/plant.csv"

  /// A copy of the shipped bundle with one file changed; nil takes it away.
  private func copy(_ scratch: Scratch, _ file: String, _ change: (Data) -> Data?) throws -> String {
    let path = scratch.path + "/broken.braid", place = URL(fileURLWithPath: path + "/" + file)
    try FileManager.default.copyItem(atPath: Command.base, toPath: path)
    let data = try Data(contentsOf: place)
    try FileManager.default.removeItem(at: place)
    try change(data)?.write(to: place)
    return path
  }

  @Test(arguments: [
    ("bundle.json", "half"), ("bundle.json", "none"), ("bundle.json", "nothing"), ("bundle.json", "newer"),
    ("weights.safetensors", "half"), ("weights.safetensors", "none"), ("weights.safetensors", "nothing"),
    ("weights.safetensors", "noise"), ("tokenizer.json", "half"), ("tokenizer.json", "none"),
    ("recipe.yaml", "none"),
  ])
  func aDamagedBundleIsRefused(file: String, how: String) throws {
    let scratch = try Scratch()
    let path = try copy(scratch, file) { data in
      switch how {
      case "half": data.prefix(data.count / 2)
      case "nothing": Data()
      case "noise": Data(repeating: 0xFF, count: 3000)
      case "newer":
        Data(
          String(decoding: data, as: UTF8.self).replacing(
            /"formatVersion"\s*:\s*\d+/, with: "\"formatVersion\" : 99"
          ).utf8)
      default: nil
      }
    }
    for verb in [
      ["predict", Self.recording],
      ["report", Command.samples + "/scans/01-png", "--out", scratch.path + "/r"],
    ] {
      let result = try Command.run(verb + ["--bundle", path])
      #expect(result.status == 1 && result.isPlain && result.output.isEmpty)
      #expect(result.errors.contains(path), "\(result.errors)")
      if how == "newer" { #expect(result.errors.contains("99")) }
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/r"))
  }

  @Test func theShelfIsLookedUpAndNothingIsTakenInPlaceOfAnother() throws {
    let shelf = try Scratch()
    try FileManager.default.copyItem(atPath: Command.base, toPath: shelf.path + "/mine")
    func run(_ bundle: [String], shelf: String) throws -> Command.Result {
      try Command.run(
        ["predict", Self.recording, "--quiet"] + bundle, environment: ["BRAID_ENCODERS": shelf],
        in: shelf.isEmpty ? nil : "/")
    }
    let usual = try Command.run(["predict", Self.recording, "--quiet", "--bundle", Command.base])
    #expect(usual.status == 0 && !usual.output.isEmpty)
    for (bundle, place) in [
      (["--bundle", "mine"], shelf.path), ([], shelf.path + "/mine"), ([], ""), ([], "/no/such"),
      (["--bundle", "Encoders/base"], shelf.path),
    ] {
      #expect(try run(bundle, shelf: place).output == usual.output, "\(bundle) \(place)")
    }
    for (bundle, place) in [
      ("yours", shelf.path), ("yours", shelf.path + "/mine"), ("/no/such/mine", shelf.path),
      ("./mine", shelf.path),
    ] {
      let result = try run(["--bundle", bundle], shelf: place)
      #expect(result.status == 1 && result.errors.contains(bundle), "\(bundle) \(place)")
    }
    // A bundle on the shelf comes before the one that ships.
    try FileManager.default.moveItem(atPath: shelf.path + "/mine", toPath: shelf.path + "/base")
    try FileManager.default.removeItem(atPath: shelf.path + "/base/weights.safetensors")
    let result = try run([], shelf: shelf.path)
    #expect(result.status == 1 && result.errors.contains(shelf.path + "/base"))
  }
}
