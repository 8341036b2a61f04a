import Alignment
import Bundles
import Foundation
import Layers
import Testing
import Training

/// Several adapters of one base: each answers at its side as the bundle that it was trained in, and they are merged
/// one after the other.
@Suite struct AdapterSideBySideTests {
  private static func train(_ toy: TrainedToy, _ lora: String, seed: UInt64, _ out: String) throws
    -> ModelBundle
  {
    var options = AlignJob.Options(manifest: toy.manifest, out: out, threads: 2)
    (options.from, options.lora) = ([toy.bundlePath], try LowRankAdaptation(lora))
    (options.epochs, options.seed) = (2, seed)
    return try AlignJob(options) { _, _, _ in }.run().bundle
  }

  private static func values(_ bundle: ModelBundle) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: bundle.model.parameters("").map { ($0.name, $0.tensor.floats()) })
  }

  private static func answers(_ bundle: ModelBundle, _ toy: TrainedToy) throws -> Evaluation {
    try bundle.evaluate(toy.samples(), split: "test", on: ReplicaTeam(1))
  }

  @Test func eachAnswersAsTheBundleThatItWasTrainedIn() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let base = try ModelBundle(path: toy.bundlePath)
      let one = try Self.train(toy, "r=4,alpha=64,targets=fc1,fc2", seed: 3, scratch + "/one.braid")
      let two = try Self.train(toy, "r=2,alpha=64,targets=fc1", seed: 8, scratch + "/two.braid")
      #expect(Self.values(one) != Self.values(two))
      for trained in [one, two] {
        let side = try base.applying(adapter: trained.path + "/adapter")
        // Pairs, heads, maps into the space, and all that makes answers of them.
        #expect(Self.values(side) == Self.values(trained))
        #expect(try Self.answers(side, toy) == Self.answers(trained, toy))
        #expect(side.description.calibrations == trained.description.calibrations)
        #expect(side.ensemble.tensors().map(\.name) == trained.ensemble.tensors().map(\.name))
      }
      // The base is as it was.
      #expect(Self.values(base) == Self.values(try ModelBundle(path: toy.bundlePath)))
      // What stands beside the pairs is small: the encoders are the base's.
      let file = try SafetensorsFile(path: one.path + "/adapter/weights.safetensors")
      #expect(
        file.names.contains { $0.hasPrefix("heads.") } && !file.names.contains { $0.hasPrefix("text.") })
    }
  }

  @Test func mergedOneAfterTheOther() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let one = try Self.train(toy, "r=4,alpha=64,targets=fc1,fc2", seed: 3, scratch + "/one.braid")
      let two = try Self.train(toy, "r=2,alpha=64,targets=fc1", seed: 8, scratch + "/two.braid")
      let first = try AdapterTests.merge(one.path + "/adapter", toy.bundlePath, scratch + "/first.braid")
      #expect(Self.values(first) == Self.values(one))
      let both = try AdapterTests.merge(two.path + "/adapter", first.path, scratch + "/both.braid")
      #expect(both.description.adapters?.map(\.name) == ["one", "two"])
      let (base, a, b) = (
        Self.values(try ModelBundle(path: toy.bundlePath)), Self.values(one), Self.values(two)
      )
      var moved = 0
      for (name, found) in Self.values(both) {
        guard name.hasSuffix("expand.weight"), !name.hasPrefix("heads."), let start = base[name] else {
          continue
        }
        // Both changes, each rounded as it was stored.
        let (x, y) = (a[name] ?? [], b[name] ?? [])
        for index in found.indices {
          let wanted = x[index] + y[index] - start[index]
          #expect(abs(found[index] - wanted) <= 0.02 * max(0.05, abs(wanted)), "\(name)")
          if x[index] != start[index], y[index] != start[index] { moved += 1 }
        }
      }
      #expect(moved > 0)
      // Heads are those of the last.
      for (name, values) in b where name.hasPrefix("heads.") { #expect(Self.values(both)[name] == values) }
      #expect(both.description.training.evaluations.isEmpty)
    }
  }

  @Test func anAdapterAloneIsNoBundle() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let one = try Self.train(toy, "r=2,targets=fc1", seed: 3, scratch + "/one.braid")
      let error = #expect(throws: BundleError.self) { try ModelBundle(path: one.path + "/adapter") }
      #expect(error?.remedy.contains("--adapter") == true)
      let foreign = try AdapterTests.base(scratch)
      let other = #expect(throws: BundleError.self) { try foreign.applying(adapter: one.path + "/adapter") }
      #expect(other?.reason.contains("SHA-256") == true)
    }
  }
}
