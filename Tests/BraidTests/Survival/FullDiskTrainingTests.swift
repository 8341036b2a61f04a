import Foundation
import Testing

/// A disk that fills up between two checkpoints: the one before stays and goes on.
@Suite(.serialized, .enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct FullDiskTrainingTests {
  @Test(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted only by root"))
  func theLastGoodCheckpointStays() throws {
    let training = try SmallTraining(), probe = training.path("probe.braid")
    #expect(try training.killed(probe) { SmallTraining.isThere(SmallTraining.checkpoint(probe)) })
    let size = try SmallTraining.bytes(SmallTraining.checkpoint(probe)).count
    // Room for one checkpoint, and not for the next beside it.
    let disk = try SmallDisk(kilobytes: size * 3 / 2 / 1024), out = disk.path + "/a.braid"
    let full = try training.run(out)
    #expect(full.status == 1 && full.isPlain && full.errors.contains("No space left"), "\(full.errors)")
    #expect(full.errors.contains(SmallTraining.checkpoint(out)) && full.errors.contains("Free some space"))
    #expect(full.errors.contains("The checkpoint of epoch 1 is kept; --resume goes on from it."))
    #expect(
      try disk.scratch.names() == [
        "a.braid.training", "a.braid.training/checkpoint.safetensors", "a.braid.training/recipe.yaml",
      ])
    #expect(disk.grow(kilobytes: 100_000))
    let result = try training.run(out, ["--resume"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try SmallTraining.bytes(out + "/weights.safetensors") == SmallTraining.whole.get())
    #expect(try !disk.scratch.names().contains { $0.contains(".partial") || $0.contains(".training") })
  }
}
