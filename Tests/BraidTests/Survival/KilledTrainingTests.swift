import Foundation
import Testing

/// A training that is killed leaves nothing half-written, and goes on to the result of one that was not.
@Suite(.serialized, .enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct KilledTrainingTests {
  private func expectWhole(_ out: String, _ training: SmallTraining) throws {
    #expect(try SmallTraining.bytes(out + "/weights.safetensors") == SmallTraining.whole.get())
    let beside = try FileManager.default.contentsOfDirectory(atPath: training.scratch.path)
    #expect(!beside.contains { $0.contains(".partial") || $0.contains(".training") }, "\(beside)")
  }

  @Test("Killed at any moment", arguments: ["the first epoch", "a later one", "the bundle"])
  func killed(during moment: String) throws {
    let training = try SmallTraining(), out = training.path("a.braid")
    let wasRunning = try training.killed(out) {
      switch moment {
      case "the first epoch": SmallTraining.isThere(out + ".training")
      case "a later one": SmallTraining.isThere(SmallTraining.checkpoint(out))
      default:
        ((try? FileManager.default.contentsOfDirectory(atPath: training.scratch.path)) ?? [])
          .contains { $0.contains(".partial-") }
      }
    }
    // The bundle is written so fast that it may be there before the signal is.
    #expect(wasRunning || moment == "the bundle")
    if wasRunning && !SmallTraining.isThere(out) {
      let result = try training.run(out, ["--resume"])
      #expect(result.status == 0, "\(result.errors)")
    }
    try expectWhole(out, training)
  }

  @Test("What killed writers left is cleared away, and an old bundle that was on its way out is put back")
  func leftovers() throws {
    let training = try SmallTraining(), out = training.path("a.braid")
    #expect(try training.killed(out) { SmallTraining.isThere(SmallTraining.checkpoint(out)) })
    // No process has such a number.
    try training.scratch.write("a.braid.partial-2000000000/bundle.json", "{".utf8)
    try training.scratch.write("a.braid.training/checkpoint.safetensors.partial-2000000000", "half".utf8)
    #expect(try training.run(out, ["--resume"]).status == 0)
    try expectWhole(out, training)
    try FileManager.default.moveItem(atPath: out, toPath: out + ".partial-2000000000.old")
    let again = try training.run(out)
    #expect(again.status == 1 && again.errors.contains("There is something already"), "\(again.errors)")
    try expectWhole(out, training)
  }

  @Test("Killed after the bundle was written and before its checkpoints were cleared away, it ends well")
  func afterTheBundle() throws {
    let training = try SmallTraining(), out = training.path("a.braid")
    #expect(try training.killed(out) { SmallTraining.isThere(SmallTraining.checkpoint(out)) })
    let kept = training.path("kept")
    try FileManager.default.copyItem(atPath: out + ".training", toPath: kept)
    #expect(try training.run(out, ["--resume"]).status == 0)
    try FileManager.default.moveItem(atPath: kept, toPath: out + ".training")
    let result = try training.run(out, ["--resume"])
    #expect(result.status == 0, "\(result.errors)")
    try expectWhole(out, training)
  }

  @Test("A damaged checkpoint is refused with its path, the reason and what to do; training anew then works")
  func damaged() throws {
    let training = try SmallTraining(), out = training.path("a.braid")
    #expect(try training.killed(out) { SmallTraining.isThere(SmallTraining.checkpoint(out)) })
    let file = SmallTraining.checkpoint(out)
    var bytes = try SmallTraining.bytes(file)
    bytes[bytes.count - 500] ^= 0x20
    try bytes.write(to: URL(fileURLWithPath: file))
    let refused = try training.run(out, ["--resume"])
    #expect(refused.status == 1 && refused.isPlain && !SmallTraining.isThere(out))
    #expect(refused.errors.contains(file) && refused.errors.contains("damaged"), "\(refused.errors)")
    #expect(refused.errors.contains("without --resume"))
    #expect(try training.run(out).status == 0)
    try expectWhole(out, training)
  }

  @Test("A learning rate that was too high is named, and a lower one goes on from the checkpoint")
  func noNumber() throws {
    let training = try SmallTraining(), out = training.path("a.braid"), recipe = out + ".training/recipe.yaml"
    // So many epochs that the signal comes before the last.
    let long = ["--epochs", "60"]
    #expect(try training.killed(out, long) { SmallTraining.isThere(SmallTraining.checkpoint(out)) })
    let text = try String(contentsOfFile: recipe, encoding: .utf8)
    func write(_ rate: String) throws -> String {
      try training.scratch.write(
        "rate.yaml", text.replacing(#/(?m)^learningRate: .*$/#, with: "learningRate: \(rate)").utf8)
    }
    let sound = try SmallTraining.bytes(SmallTraining.checkpoint(out))
    let failed = try training.run(out, long + ["--resume", "--recipe", write("1e30")])
    #expect(failed.status == 1 && failed.isPlain && !SmallTraining.isThere(out), "\(failed.errors)")
    #expect(
      failed.errors.contains("no longer a number") && failed.errors.contains("rows w"), "\(failed.errors)")
    #expect(failed.errors.contains("is kept, and --resume goes on from it"))
    #expect(try SmallTraining.bytes(SmallTraining.checkpoint(out)) == sound)
    let lower = try training.run(out, long + ["--resume", "--recipe", write("1e-4")])
    #expect(lower.status == 0, "\(lower.errors)")
    #expect(SmallTraining.isThere(out + "/weights.safetensors"))
  }
}
