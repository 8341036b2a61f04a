import Alignment
import Encoders
import Foundation
import Layers
import Synchronization
import Tensors
import Testing
import Training

@Suite("Training low-rank pairs")
struct AdaptingTests {
  private static func toy(_ targets: [String] = ["q_proj", "v_proj"], dropout: Float = 0.1) -> ToyTraining {
    var toy = ToyTraining()
    var lora = LowRankAdaptation()
    (lora.r, lora.alpha, lora.targets, lora.dropout) = (4, 8, targets, dropout)
    toy.recipe.lora = lora
    toy.recipe.learningRate = 2e-2
    return toy
  }

  @Test("Frozen weights keep every bit; pairs, heads and projections move", arguments: [1, 2])
  func frozen(_ threads: Int) throws {
    let toy = Self.toy()
    let (before, frozen) = toy.start
    let after = try toy.train(threads: threads).model
    // Two blocks, of the series and of the text encoder, with two pairs each.
    #expect(before.lowRankPairs.count == 4)
    #expect(
      frozen.contains("series.transformer.0.attention.query.weight") && frozen.contains("text.tokens.weight"))
    #expect(!frozen.contains("series.wide.0.weight") && !frozen.contains("projection.series.weight"))
    #expect(!frozen.contains("contrast.logScale") && !frozen.contains { $0.hasPrefix("heads") })
    for (old, new) in zip(before.parameters(""), after.parameters("")) {
      let same = old.tensor.floats().map(\.bitPattern) == new.tensor.floats().map(\.bitPattern)
      // The bias of InfoNCE takes no part.
      if old.name != "contrast.bias" { #expect(same == frozen.contains(old.name), "\(old.name)") }
    }
  }

  @Test("Losses fall with pairs alone in the encoders")
  func learns() throws {
    var toy = Self.toy(["fc1", "fc2", "q_proj", "k_proj", "v_proj", "o_proj"])
    toy.recipe.epochs = 12
    let outcome = try toy.train(threads: 2)
    let first = try #require(outcome.history.first), last = try #require(outcome.history.last)
    #expect(last.losses["labels"] ?? 9 < (first.losses["labels"] ?? 0) / 2)
  }

  @Test("Names of the field are Braid's maps", arguments: LowRankAdaptation.names.map { ($0.key, $0.value) })
  func targets(_ target: String, _ own: String) {
    var lora = LowRankAdaptation()
    lora.targets = [target]
    let model = ToyTraining().model
    var rng = SeededGenerator(seed: 1)
    let known = Set(model.parameters("").map(\.name))
    let found = model.adapted(by: lora, known: known, using: &rng).model.lowRankPairs.map(\.name)
    #expect(
      !found.isEmpty
        && found
          == model.linearMaps.map(\.name).filter { name in
            name.hasSuffix(".\(own)") && !name.hasPrefix("heads")
          }
    )
  }

  @Test("An encoder that is new is trained whole and carries no pair")
  func newEncoder() {
    let model = ToyTraining().model
    var rng = SeededGenerator(seed: 1)
    let known = Set(model.parameters("").map(\.name).filter { !$0.hasPrefix("text.") })
    let (adapted, frozen) = model.adapted(by: LowRankAdaptation(), known: known, using: &rng)
    #expect(adapted.lowRankPairs.allSatisfy { $0.name.hasPrefix("series.") } && !adapted.lowRankPairs.isEmpty)
    #expect(!frozen.contains { $0.hasPrefix("text.") })
  }

  @Test("How many samples go through a tower together changes nothing but rounding")
  func parts() throws {
    var toy = Self.toy(dropout: 0.4)
    toy.recipe.epochs = 1
    toy.tokensAtOnce = 10_000
    let whole = try toy.train(threads: 2)
    toy.tokensAtOnce = 5
    let several = try toy.train(threads: 2)
    for (name, loss) in whole.history[0].losses {
      #expect(abs(loss - (several.history[0].losses[name] ?? .infinity)) < 1e-4, "\(name)")
    }
  }

  struct PowerCut: Error {}

  @Test("Resumed it ends as if it had never stopped; the checkpoint holds trained parameters only")
  func resume() throws {
    let folder = try ScratchFolder()
    var toy = Self.toy()
    toy.recipe.epochs = 4
    toy.validate = { _, _ in 0.5 }
    let whole = try toy.train(threads: 2)
    toy.checkpoint = folder.path + "/checkpoint.safetensors"
    let calls = Mutex(0)
    toy.validate = { _, _ in
      try calls.withLock {
        $0 += 1
        if $0 == 3 { throw PowerCut() }
        return 0.5
      }
    }
    #expect(throws: PowerCut.self) { try toy.train(threads: 2) }
    let names = try SafetensorsFile(path: folder.path + "/checkpoint.safetensors").names
    let (start, frozen) = toy.start
    let trained = start.parameters("").map(\.name).filter { !frozen.contains($0) }
    let kinds = ["model", "average", "best", "first", "second"]
    #expect(Set(names) == Set(kinds.flatMap { kind in trained.map { "\(kind).\($0)" } }))
    toy.validate = { _, _ in 0.5 }
    let resumed = try toy.train(threads: 2, resume: true)
    #expect(identical(whole.model, resumed.model))
  }

  @Test("A text on the command line: what it leaves out keeps its usual value")
  func text() throws {
    let all = try LowRankAdaptation("r=8,alpha=12.5,dropout=0,targets=q_proj,fc1,down_proj")
    #expect(
      all.r == 8 && all.alpha == 12.5 && all.dropout == 0 && all.targets == ["q_proj", "fc1", "down_proj"])
    #expect(all.scale == 12.5 / 8)
    let few = try LowRankAdaptation("targets=k_proj,v_proj,r=2")
    #expect(few.r == 2 && few.alpha == 32 && few.dropout == 0.1 && few.targets == ["k_proj", "v_proj"])
  }

  @Test(
    "Values that make no sense are refused in words",
    arguments: [
      ("r=0", "lora.r is 1 to 4096, not 0"), ("r=x", "r is a number, not “x”"),
      ("alpha=-1", "lora.alpha is above 0"),
      ("alpha=nan", "lora.alpha is above 0"), ("dropout=1", "below 1, not 1.0"), ("targets=", "names no map"),
      ("targets=q_proj,qkv", "holds qkv; known are q_proj, k_proj, v_proj"), ("rank=3", "“rank” is no key"),
      ("8", "“8” says nothing"), ("r=1,r=2", "r is given twice"), ("", "says nothing"),
    ])
  func refused(_ text: String, _ words: String) {
    let error = #expect(throws: RecipeTextError.self) { try LowRankAdaptation(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
