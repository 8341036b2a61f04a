import Alignment
import Encoders
import Layers
import Tensors
import Testing
import Training

@Suite("Pictures at half their side")
struct ProgressiveTests {
  private static let task = LabelTask(name: "scans", labels: ["a", "b"], exclusive: true)

  private static func pictures(_ count: Int) -> [Picture] {
    var rng = SeededGenerator(seed: 2)
    return (0..<count).map { row in
      let pixels = (0..<256).map { _ in UInt8((row % 2 == 0 ? 150 : 60) + rng.below(50)) }
      return Picture(side: 16, channels: 1, pixels: pixels)
    }
  }

  private func train(_ pictures: [Picture], halfSide: Float) throws -> [[UInt32]] {
    let vision = VisionConfiguration(
      channels: 1, side: 16, stem: .patches(size: 4), width: 8, depth: 1, heads: .fixed(2), dropout: 0)
    var recipe = Recipe()
    recipe.vision = vision
    (recipe.epochs, recipe.batch, recipe.halfSide, recipe.contrast) = (2, 4, halfSide, .infoNCE)
    let samples = pictures.enumerated().map { row, picture in
      Sample(
        id: "\(row)", group: nil, input: .image(picture), task: 0, labels: row % 2 == 0 ? [1, 0] : [0, 1],
        target: nil, texts: [], inputKey: "\(row)")
    }
    let data = Dataset(
      tasks: [ProgressiveTests.task], kinds: [[.image]], descriptions: [[["bright"], ["dark"]]],
      channelSets: [], train: samples, validation: [], test: [])
    var rng = SeededGenerator(seed: 1)
    let model = AlignedModel(
      vision: vision, series: nil, text: nil, embedding: 8,
      heads: TaskHead(ProgressiveTests.task, width: 8, dropout: 0, using: &rng), using: &rng)
    let trainer = Trainer<TaskHead>(
      recipe: recipe, data: data,
      builder: BatchBuilder(vision: vision, series: nil, augmentation: recipe.augmentation),
      tokens: { _ in [] }, sentences: nil, checkpoint: nil, fingerprint: "", validate: { _, _ in nil },
      progress: { _, _, _ in })
    return try trainer.train(model, on: ReplicaTeam(1)).model.parameters("")
      .map { $0.tensor.floats().map(\.bitPattern) }
  }

  @Test("Half the side is the means of two by two pixels")
  func halved() {
    let picture = Picture(
      side: 5, channels: 2, pixels: (0..<50).map { UInt8($0 * 5) })
    let half = picture.halved
    #expect(half.side == 2 && half.channels == 2)
    func at(_ y: Int, _ x: Int, _ channel: Int) -> Int { Int(picture.pixels[(y * 5 + x) * 2 + channel]) }
    for y in 0..<2 {
      for x in 0..<2 {
        for channel in 0..<2 {
          let sum =
            at(2 * y, 2 * x, channel) + at(2 * y, 2 * x + 1, channel) + at(2 * y + 1, 2 * x, channel)
            + at(2 * y + 1, 2 * x + 1, channel)
          #expect(Int(half.pixels[(y * 2 + x) * 2 + channel]) == (sum + 2) / 4)
        }
      }
    }
  }

  @Test("All steps at half the side are those of a training on halved pictures; some are not")
  func steps() throws {
    let whole = ProgressiveTests.pictures(8), half = whole.map(\.halved)
    let small = try train(half, halfSide: 0)
    #expect(try train(whole, halfSide: 1) == small)
    let mixed = try train(whole, halfSide: 0.5), large = try train(whole, halfSide: 0)
    #expect(mixed != small && mixed != large)
  }

  @Test("Only Braid's own encoder, of a side that stays whole, takes half the side")
  func refused() {
    var recipe = Recipe()
    recipe.halfSide = 0.5
    recipe.vision = VisionConfiguration(channels: 1, side: 28, stem: .patches(size: 4), width: 8, depth: 0)
    #expect(recipe.problems.contains { $0.hasPrefix("halfSide") })
    recipe.vision?.side = 32
    #expect(recipe.problems.isEmpty)
    recipe.vision?.transformer = .init(epsilon: 1e-6, activation: .gelu, pooling: .first)
    #expect(recipe.problems.contains { $0.hasPrefix("halfSide") })
  }
}
