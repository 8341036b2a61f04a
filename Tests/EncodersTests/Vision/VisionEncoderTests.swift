import Encoders
import Layers
import Tensors
import Testing

@Suite("Vision encoder")
struct VisionEncoderTests {
  private func encoder(_ stem: VisionConfiguration.Stem, heads: HeadRule = .fixed(4), depth: Int = 1)
    -> VisionEncoder
  {
    var rng = SeededGenerator(seed: 5)
    return VisionEncoder(
      VisionConfiguration(
        channels: 1, side: 16, stem: stem, width: 16, depth: depth, hidden: 24, heads: heads, dropout: 0,
        frames: 4),
      using: &rng)
  }

  private func noise(_ shape: [Int]) -> Tensor {
    var rng = SeededGenerator(seed: 6)
    return Tensor((0..<shape.reduce(1, *)).map { _ in rng.normal() }, shape: shape)
  }

  private func images(_ encoder: VisionEncoder, _ x: Tensor) -> Encoded {
    var rng = SeededGenerator(seed: 7)
    return encoder.images(x, on: Tape(.inference), using: &rng)
  }

  private func clips(_ encoder: VisionEncoder, _ x: Tensor) -> Encoded {
    var rng = SeededGenerator(seed: 7)
    return encoder.clips(x, on: Tape(.inference), using: &rng)
  }

  private func views(_ encoder: VisionEncoder, _ x: Tensor) -> Encoded {
    var rng = SeededGenerator(seed: 7)
    return encoder.views(x, on: Tape(.inference), using: &rng)
  }

  private static func foreign() -> VisionEncoder {
    var rng = SeededGenerator(seed: 5)
    return VisionEncoder(
      VisionConfiguration(
        channels: 1, side: 16, stem: .patches(size: 4), width: 16, depth: 1, hidden: 24, dropout: 0,
        frames: 4,
        transformer: .init(epsilon: 1e-6, activation: .gelu, pooling: .first)),
      using: &rng)
  }

  @Test(
    "One view is an image; of several the tokens stand behind each other, and their order changes no summary")
  func manyViews() {
    for encoder in [encoder(.patches(size: 4)), Self.foreign()] {
      let first = noise([1, 16, 16, 1]).floats(), second = first.map { 0.5 - $0 * $0 }
      let alone = images(encoder, Tensor(first, shape: [1, 16, 16, 1]))
      let one = views(encoder, Tensor(first, shape: [1, 1, 16, 16, 1]))
      #expect(one.tokens.floats() == alone.tokens.floats() && one.summary.floats() == alone.summary.floats())
      let both = views(encoder, Tensor(first + second, shape: [1, 2, 16, 16, 1]))
      let turned = views(encoder, Tensor(second + first, shape: [1, 2, 16, 16, 1]))
      #expect(both.tokens.shape == [1, 32, 16] && both.summary.shape == [1, 16])
      #expect(Array(both.tokens.floats().prefix(256)) == alone.tokens.floats())
      #expect(zip(both.summary.floats(), turned.summary.floats()).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(zip(both.summary.floats(), alone.summary.floats()).contains { abs($0 - $1) > 1e-3 })
      // Rows of a batch keep to themselves.
      let two = views(encoder, Tensor(first + second + second + second, shape: [2, 2, 16, 16, 1]))
      #expect(zip(two.summary.floats(), both.summary.floats()).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("Any size of image goes in", arguments: [(16, 16), (24, 40), (8, 8)])
  func sizes(_ height: Int, _ width: Int) {
    for (stem, size) in [
      (VisionConfiguration.Stem.patches(size: 4), 4), (.convolution(widths: [6, 12], blocks: [1, 1]), 4),
    ] {
      let found = images(encoder(stem), noise([2, height, width, 1]))
      #expect(found.tokens.shape == [2, height / size * (width / size), 16])
      #expect(found.summary.shape == [2, 16])
      #expect(found.summary.floats().allSatisfy { $0.isFinite })
    }
  }

  @Test("How bright a plain image is reaches its tokens")
  func brightness() {
    let encoder = encoder(.convolution(widths: [6, 12], blocks: [1, 1]), depth: 0)
    let grey = [Float(0.3), 1.5].map {
      images(encoder, Tensor(repeating: $0, shape: [1, 32, 32, 1])).tokens.floats()
    }
    // A place in the middle, far from the border's padding.
    let place = (4 * 8 + 4) * 16
    #expect(distance(Array(grey[0][place..<place + 16]), Array(grey[1][place..<place + 16])) > 0.1)
  }

  @Test("Where something stands in an image matters")
  func places() {
    let encoder = encoder(.patches(size: 4))
    var left = [Float](repeating: 0, count: 256), right = left
    for y in 4..<8 { for x in 0..<4 { left[y * 16 + x] = 1 } }
    for y in 4..<8 { for x in 12..<16 { right[y * 16 + x] = 1 } }
    let a = images(encoder, Tensor(left, shape: [1, 16, 16, 1])).summary.floats()
    let b = images(encoder, Tensor(right, shape: [1, 16, 16, 1])).summary.floats()
    #expect(distance(a, b) > 1e-4)
  }

  @Test("The order of a clip's frames matters, which a mean over frames would not see")
  func order() {
    let encoder = encoder(.patches(size: 4))
    let forth = noise([1, 4, 16, 16, 1])
    let values = forth.floats()
    let back = Tensor(
      (0..<4).reversed().flatMap { Array(values[$0 * 256..<$0 * 256 + 256]) }, shape: forth.shape)
    let a = clips(encoder, forth), b = clips(encoder, back)
    #expect(a.tokens.shape == [1, 4, 16] && a.summary.shape == [1, 16])
    #expect(distance(a.summary.floats(), b.summary.floats()) > 1e-3)
  }

  @Test("Encoders made for pictures see a clip as its pictures and their mean", arguments: [true, false])
  func stills(isTransformer: Bool) {
    var rng = SeededGenerator(seed: 5)
    let encoder = VisionEncoder(
      VisionConfiguration(
        channels: 1, side: 16, stem: .patches(size: 4), width: 16, depth: 1, hidden: 24, dropout: 0,
        frames: 4,
        transformer: isTransformer ? .init(epsilon: 1e-6, activation: .gelu, pooling: .mean) : nil,
        inverted: isTransformer
          ? nil
          : .init(stem: 8, stages: [.init(repeats: 1, kernel: 3, stride: 1, expansion: 1, width: 8)])),
      using: &rng)
    let x = noise([2, 3, 16, 16, 1])
    let seen = clips(encoder, x)
    let alone = (0..<6).map { picture in
      images(encoder, Tensor(Array(x.floats()[picture * 256..<(picture + 1) * 256]), shape: [1, 16, 16, 1]))
        .summary.floats()
    }
    #expect(seen.tokens.shape == [2, 3, 16])
    #expect(distance(seen.tokens.floats(), alone.flatMap { $0 }) < 1e-5)
    let means = [0, 3].flatMap { first -> [Float] in
      (0..<16).map { place -> Float in
        let sum = alone[first][place] + alone[first + 1][place] + alone[first + 2][place]
        return sum / 3
      }
    }
    #expect(distance(seen.summary.floats(), means) < 1e-5)
  }

  @Test("Clips of one batch do not touch each other")
  func independent() {
    let encoder = encoder(.patches(size: 4))
    let both = noise([2, 4, 16, 16, 1])
    let second = Tensor(Array(both.floats()[1024...]), shape: [1, 4, 16, 16, 1])
    let a = clips(encoder, both).summary.floats(), b = clips(encoder, second).summary.floats()
    #expect(distance(Array(a[16...]), b) < 1e-5)
  }

  @Test("Fixed and dynamic heads have the same weights; with few tokens dynamic means two")
  func heads() throws {
    let dynamic = encoder(.patches(size: 2), heads: .dynamic),
      two = encoder(.patches(size: 2), heads: .fixed(2))
    let four = encoder(.patches(size: 2), heads: .fixed(4))
    let values = Dictionary(uniqueKeysWithValues: four.parameters("v").map { ($0.name, $0.tensor) })
    let x = noise([1, 16, 16, 1]), large = noise([1, 32, 32, 1])
    let a = images(try dynamic.loading(values, prefix: "v"), x).summary.floats()
    #expect(distance(a, images(try two.loading(values, prefix: "v"), x).summary.floats()) < 1e-6)
    #expect(distance(a, images(four, x).summary.floats()) > 1e-5)
    // 256 tokens: four heads.
    let b = images(try dynamic.loading(values, prefix: "v"), large).summary.floats()
    #expect(distance(b, images(four, large).summary.floats()) < 1e-6)
  }

  @Test("Evidence adds up to 1 over the places")
  func evidence() {
    let shares = encoder(.patches(size: 4)).evidence(noise([2, 16, 16, 1]), on: Tape(.inference))
    #expect(shares.shape == [2, 16])
    for row in 0..<2 { #expect(abs(shares.floats()[row * 16..<row * 16 + 16].reduce(0, +) - 1) < 1e-5) }
  }

  @Test("Every parameter has a name of its own")
  func names() {
    let names = encoder(.convolution(widths: [6, 12], blocks: [2, 1]), depth: 2).parameters("vision").map(
      \.name)
    #expect(Set(names).count == names.count)
  }
}
