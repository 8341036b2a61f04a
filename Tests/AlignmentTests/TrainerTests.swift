import Alignment
import Encoders
import Foundation
import Layers
import Synchronization
import Tensors
import Testing
import Training

@Suite("Training loop")
struct TrainerTests {
  @Test("Losses fall, and the labels are learned")
  func learns() throws {
    var toy = ToyTraining(rows: 30)
    toy.recipe.epochs = 12
    let outcome = try toy.train(threads: 2)
    let first = try #require(outcome.history.first), last = try #require(outcome.history.last)
    #expect(outcome.history.count == 12 && outcome.bestEpoch == 12)
    for name in ["labels", "contrast"] {
      #expect(last.losses[name] ?? 9 < (first.losses[name] ?? 0) / 2, "\(name)")
    }
    let predictions = try Predictor(
      model: outcome.model, builder: BatchBuilder(vision: nil, series: toy.series, augmentation: .init())
    ).predict(toy.data.train, on: ReplicaTeam(2))
    let right = zip(predictions, toy.data.train).count { prediction, sample in
      let best = prediction.logits.indices.max { prediction.logits[$0] < prediction.logits[$1] }
      return best.map { sample.labels?[$0] == 1 } == true
    }
    #expect(right == 30)
  }

  @Test("Validation waits for its epochs, and the last is always scored") func validatesSometimes() throws {
    var toy = ToyTraining(rows: 30)
    (toy.recipe.epochs, toy.recipe.validateEvery, toy.recipe.patience) = (8, 3, 8)
    toy.validate = { _, _ in 0.5 }
    let outcome = try toy.train(threads: 1)
    #expect(outcome.history.filter { $0.validation != nil }.map(\.epoch) == [3, 6, 8])
    #expect(outcome.bestEpoch == 8, "of equals the last")
  }

  @Test("Replicas share the work without changing it", arguments: [ContrastiveLoss.infoNCE, .sigmoid])
  func replicas(_ contrast: ContrastiveLoss) throws {
    var toy = ToyTraining()
    toy.recipe.contrast = contrast == .infoNCE ? .infoNCE : .sigmoid
    // Some rows without label, so that views are compared too, and a rest that three do not divide.
    for row in [1, 5, 9, 20] { toy.data.train[row].labels = nil }
    (toy.recipe.unlabelled.consistency, toy.recipe.unlabelled.confidence) = (0.5, 0)
    (toy.recipe.unlabelled.captions, toy.recipe.unlabelled.masked) = (0.5, 0.5)
    let one = try toy.train(threads: 1)
    let names: Set = ["labels", "contrast", "views", "captions", "masked", "consistency labels"]
    for threads in [2, 3] {
      let several = try toy.train(threads: threads)
      for (a, b) in zip(one.history, several.history) {
        #expect(Set(a.losses.keys) == names && a.losses.keys == b.losses.keys)
        for (name, loss) in a.losses {
          #expect(abs(loss - (b.losses[name] ?? .infinity)) < 1e-4, "\(name) on \(threads)")
        }
      }
      // What is added to all keys alike changes nothing: its gradient is rounding, which AdamW makes large.
      let pairs = zip(one.model.parameters(""), several.model.parameters("")).filter {
        !$0.0.name.hasSuffix("key.bias")
      }
      for (a, b) in pairs {
        let worst = zip(a.tensor.floats(), b.tensor.floats()).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 2e-3, "\(a.name)")
      }
    }
  }

  @Test("How many samples go through a tower together changes nothing but rounding", arguments: [1, 2])
  func parts(_ threads: Int) throws {
    var toy = ToyTraining()
    toy.recipe.epochs = 1
    // What drops falls on the same places of the same samples.
    toy.dropout = 0.2
    (toy.series.dropout, toy.series.inputDropout) = (0.2, 0.2)
    toy.data.train[1].labels = nil
    toy.recipe.unlabelled.masked = 0.5
    toy.tokensAtOnce = 10_000
    let whole = try toy.train(threads: threads)
    for tokens in [1, 5, 40] {
      toy.tokensAtOnce = tokens
      let several = try toy.train(threads: threads)
      for (name, loss) in whole.history[0].losses {
        #expect(abs(loss - (several.history[0].losses[name] ?? .infinity)) < 1e-4, "\(name) of \(tokens)")
      }
    }
  }

  @Test("Same seed and threads, same bits; another seed, others", arguments: [1, 2])
  func deterministic(_ threads: Int) throws {
    var toy = ToyTraining()
    let a = try toy.train(threads: threads).model
    let again = try toy.train(threads: threads).model
    #expect(identical(a, again))
    toy.recipe.seed = 5
    let other = try toy.train(threads: threads).model
    #expect(!identical(a, other))
  }

  struct PowerCut: Error {}

  @Test("Resumed after two epochs it ends as if it had never stopped, bit for bit")
  func resume() throws {
    let folder = try ScratchFolder()
    var toy = ToyTraining()
    toy.recipe.epochs = 5
    let scores: @Sendable (Int) -> Float = { [0.1, 0.4, 0.3, 0.5, 0.2][$0] }
    let calls = Mutex(0)
    toy.validate = { _, _ in
      calls.withLock {
        $0 += 1; return scores($0 - 1)
      }
    }
    let whole = try toy.train(threads: 2)
    #expect(whole.bestEpoch == 4)
    toy.checkpoint = folder.path + "/checkpoint.safetensors"
    let again = Mutex(0)
    toy.validate = { _, _ in
      try again.withLock {
        $0 += 1
        if $0 == 3 { throw PowerCut() }
        return scores($0 - 1)
      }
    }
    #expect(throws: PowerCut.self) { try toy.train(threads: 2) }
    let rest = Mutex(2)
    toy.validate = { _, _ in
      rest.withLock {
        $0 += 1; return scores($0 - 1)
      }
    }
    let resumed = try toy.train(threads: 2, resume: true)
    #expect(rest.withLock { $0 } == 5)
    #expect(identical(whole.model, resumed.model))
    #expect(resumed.bestEpoch == 4 && resumed.history.map(\.losses) == whole.history.map(\.losses))
  }

  @Test("A training that ended early stays ended when it is resumed")
  func patience() throws {
    let folder = try ScratchFolder()
    var toy = ToyTraining(rows: 9)
    toy.recipe.epochs = 9
    toy.recipe.patience = 2
    toy.checkpoint = folder.path + "/checkpoint.safetensors"
    let calls = Mutex(0)
    toy.validate = { _, _ in
      calls.withLock {
        $0 += 1; return 1 / Float($0)
      }
    }
    let ended = try toy.train()
    #expect(ended.history.count == 3 && ended.bestEpoch == 1)
    let again = try toy.train(resume: true)
    #expect(calls.withLock { $0 } == 3 && again.history.count == 3 && identical(ended.model, again.model))
  }

  @Test("Patience begins after the epochs on halved pictures")
  func patienceAfterHalves() throws {
    var toy = ToyTraining(rows: 9)
    (toy.recipe.epochs, toy.recipe.patience, toy.recipe.halfSide) = (9, 2, 0.5)
    let calls = Mutex(0)
    toy.validate = { _, _ in
      calls.withLock {
        $0 += 1; return 1 / Float($0)
      }
    }
    // Five of nine epochs, then two.
    #expect(try toy.train().history.count == 7)
  }

  @Test("A checkpoint of another training, or a file that is none, is refused")
  func foreignCheckpoint() throws {
    let folder = try ScratchFolder()
    var toy = ToyTraining(rows: 6)
    toy.recipe.epochs = 1
    toy.checkpoint = folder.path + "/checkpoint.safetensors"
    _ = try toy.train()
    let other = Trainer<TaskHead>(
      recipe: toy.recipe, data: toy.data,
      builder: BatchBuilder(vision: nil, series: toy.series, augmentation: .init()), tokens: { _ in [1] },
      sentences: nil, checkpoint: toy.checkpoint, fingerprint: "other", validate: { _, _ in nil },
      progress: { _, _, _ in })
    let error = #expect(throws: TrainingError.self) {
      try other.train(toy.model, on: ReplicaTeam(1), resume: true)
    }
    #expect(error?.reason.contains("another") == true)
    try folder.write("nonsense", to: "checkpoint.safetensors")
    #expect(throws: TrainingError.self) { try toy.train(resume: true) }
  }

  @Test("A loss that is no number stops the training and names rows")
  func noNumber() throws {
    var toy = ToyTraining(rows: 8, target: true)
    toy.data.train[3].target = .nan
    let error = #expect(throws: TrainingError.self) { try toy.train(threads: 2) }
    let text = try #require(error).description
    #expect(text.contains("epoch 1, step 1") && text.contains("no longer a number"))
    let place = try #require(error).place
    for row in 0..<8 { #expect(place.contains("row\(row)")) }
    #expect(text.contains("values that are none: row3."))
  }

  @Test("A checkpoint that was cut off, changed or is too short for the model is refused as damaged")
  func damagedCheckpoint() throws {
    let folder = try ScratchFolder(), path = folder.path + "/checkpoint.safetensors"
    var toy = ToyTraining(rows: 6)
    toy.recipe.epochs = 1
    toy.checkpoint = path
    _ = try toy.train()
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    var flipped = sound
    flipped[sound.count - 1000] ^= 0x10
    let cut = sound.prefix(sound.count / 2)
    for (bytes, why) in [(cut, "byte"), (flipped, "not those that were written")] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: TrainingError.self) { try toy.train(resume: true) }
      #expect(error?.place == path && error?.reason.hasPrefix("The checkpoint is damaged: ") == true)
      #expect(why.isEmpty || error?.reason.contains(why) == true)
      #expect(error?.remedy.contains("without --resume") == true)
      // Nothing is taken away: who has a copy puts it back.
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
    }
    try sound.write(to: URL(fileURLWithPath: path))
    #expect(try toy.train(resume: true).history.count == 1)
  }

  @Test("A loss that becomes no number later keeps the checkpoint, which goes on")
  func noNumberLater() throws {
    let folder = try ScratchFolder(), path = folder.path + "/checkpoint.safetensors"
    var toy = ToyTraining()
    toy.checkpoint = path
    toy.recipe.epochs = 2
    _ = try toy.train()
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    toy.recipe.epochs = 4
    toy.recipe.learningRate = 1e30
    let error = #expect(throws: TrainingError.self) { try toy.train(resume: true) }
    #expect(error?.place.hasPrefix("epoch 3, step ") == true)
    #expect(error?.remedy.contains("The checkpoint of epoch 2 is kept") == true, "\(error?.remedy ?? "")")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["checkpoint.safetensors"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == sound)
    toy.recipe.learningRate = 1e-4
    #expect(try toy.train(resume: true).history.map(\.epoch) == [1, 2, 3, 4])
  }

  @Test("Equal captions are never negatives of each other")
  func equalCaptions() throws {
    var toy = ToyTraining(rows: 16)
    toy.recipe.epochs = 40
    toy.recipe.batch = 16
    toy.recipe.headWeight = 0
    toy.recipe.contrastWeight = 1
    for row in 0..<16 {
      // High and low alone, each with one caption for eight rows.
      let isHigh = row % 2 == 0
      var rng = SeededGenerator(seed: UInt64(row))
      toy.data.train[row].input = .series(
        SeriesWindow(
          values: (0..<24).map { _ in (isHigh ? 2 : -2) + 0.3 * rng.normal() }, channels: 2, set: 0))
      toy.data.train[row].labels = nil
      toy.data.train[row].texts = [isHigh ? "up" : "down"]
    }
    let loss = try #require(try toy.train().history.last?.losses["contrast"])
    // With each caption once, text to input is shared out over eight rows (log 8), input to text is sure (0). If
    // the other seven were negatives, both sides would stay at log 8.
    #expect(abs(loss - Float(8).logarithm / 2) < 0.3)
  }

  @Test("Without any text or label only views are left to learn from")
  func unlabelled() throws {
    var toy = ToyTraining(rows: 8)
    for row in 0..<8 { toy.data.train[row].labels = nil }
    #expect(try toy.train().history.last.map { Set($0.losses.keys) } == ["views"])
  }
}

extension Float {
  fileprivate var logarithm: Float { Foundation.log(self) }
}
