import Alignment
import Decoders
import Encoders
import Layers
import Tensors
import Testing

@Suite("Hidden parts of inputs")
struct MaskingTests {
  private func hider(_ share: Float = 0.5, cell: Int = 2) -> PartHider {
    PartHider(share: share, cell: cell, rng: SeededGenerator(seed: 3))
  }

  @Test("Squares of images are hidden, and what stood there is kept in order")
  func images() throws {
    let shape = [3, 4, 6, 2], values = (1...144).map(Float.init)
    var hider = hider()
    guard case .images(let shown) = hider.hide(.images(Tensor(values, shape: shape))) else {
      return #expect(Bool(false), "no images")
    }
    let left = shown.floats()
    #expect(shown.shape == shape && hider.truth.count == 144 && hider.weights.count == 144)
    for row in 0..<3 {
      for place in 0..<6 {
        for index in 0..<8 {
          let (y, x) = (place / 3 * 2 + index / 4, place % 3 * 2 + index / 2 % 2)
          let pixel = ((row * 4 + y) * 6 + x) * 2 + index % 2
          let kept = (row * 6 + place) * 8 + index
          #expect(hider.truth[kept] == values[pixel])
          #expect(left[pixel] == (hider.weights[kept] == 1 ? 0 : values[pixel]))
        }
      }
      // Three of six places, of eight values each.
      #expect(hider.weights[row * 48..<(row + 1) * 48].reduce(0, +) == 24)
    }
    let rows = (0..<3).map { Array(hider.weights[$0 * 48..<($0 + 1) * 48]) }
    #expect(Set(rows).count > 1)
  }

  @Test("Of views the same squares are hidden in each, and their pixels are asked for")
  func views() throws {
    let shape = [2, 3, 4, 4, 1], values = (1...96).map(Float.init)
    var hider = hider()
    guard case .views(let shown) = hider.hide(.views(Tensor(values, shape: shape))) else {
      return #expect(Bool(false), "no views")
    }
    #expect(shown.shape == shape && hider.truth.count == 96 && hider.weights.count == 96)
    for view in 0..<6 {
      let own = Array(hider.weights[view * 16..<(view + 1) * 16])
      #expect(own.reduce(0, +) == 8 && own == Array(hider.weights[view / 3 * 48..<view / 3 * 48 + 16]))
    }
    #expect(shown.floats().count { $0 == 0 } == 48)
  }

  @Test("Rows by themselves are hidden as they are together")
  func parts() {
    let values = (1...144).map(Float.init)
    var together = hider(), alone = hider()
    _ = together.hide(.images(Tensor(values, shape: [3, 4, 6, 2])))
    for row in 0..<3 {
      _ = alone.hide(.images(Tensor(Array(values[row * 48..<(row + 1) * 48]), shape: [1, 4, 6, 2])))
    }
    #expect(alone.truth == together.truth && alone.weights == together.weights)
  }

  @Test("Frames of a clip hide the same places and keep their brightness")
  func clips() throws {
    let values = (0..<96).map(Float.init)
    var hider = hider(0.25)
    guard case .clips(let shown) = hider.hide(.clips(Tensor(values, shape: [1, 3, 4, 4, 2]))) else {
      return #expect(Bool(false), "no clips")
    }
    #expect(hider.truth.count == 12 && hider.weights.reduce(0, +) == 3)
    let frames = (0..<3).map { Array(hider.weights[$0 * 4..<($0 + 1) * 4]) }
    #expect(frames[0] == frames[1] && frames[1] == frames[2])
    // The first place of the first frame: the values 0 to 3 of its first line, 8 to 11 of its second.
    #expect(hider.truth[0] == 5.5)
    #expect(zip(shown.floats(), values).count { $0 != $1 } == 24 - (frames[0][0] == 1 ? 1 : 0))
  }

  @Test("Channels that are there are hidden whole, and stay marked as there")
  func channels() throws {
    // Four channels of five features; the third is missing.
    var values = (1...20).map(Float.init)
    for channel in 0..<4 { values[channel * 5 + 4] = channel == 2 ? 0 : 1 }
    for feature in 10..<15 { values[feature] = 0 }
    var hider = hider(0.4)
    guard case .series(let shown, 7) = hider.hide(.series(Tensor(values, shape: [1, 4, 5]), set: 7)) else {
      return #expect(Bool(false), "no series")
    }
    let left = shown.floats()
    #expect(hider.truth == values && hider.weights.reduce(0, +) == 4)
    for channel in 0..<4 {
      let flags = Set(hider.weights[channel * 5..<channel * 5 + 4])
      #expect(flags.count == 1 && hider.weights[channel * 5 + 4] == 0)
      #expect(left[channel * 5 + 4] == values[channel * 5 + 4])
      if flags == [1] { #expect(channel != 2 && left[channel * 5..<channel * 5 + 4].allSatisfy { $0 == 0 }) }
    }
  }

  @Test("Of a single channel some features are hidden")
  func oneChannel() {
    var hider = hider(0.5)
    _ = hider.hide(.series(Tensor([3, 4, 5, 6, 1], shape: [1, 1, 5]), set: 0))
    #expect(hider.weights.reduce(0, +) == 2 && hider.weights[4] == 0)
  }

  @Test("Sides that the places do not divide are left whole")
  func uneven() {
    var hider = hider(cell: 4)
    _ = hider.hide(.images(Tensor((0..<36).map(Float.init), shape: [1, 6, 6, 1])))
    #expect(hider.truth.isEmpty && hider.weights.isEmpty)
  }

  @Test("The loss counts what was hidden and nothing else")
  func term() throws {
    var rng = SeededGenerator(seed: 1)
    let vision = VisionConfiguration(channels: 1, side: 4, stem: .patches(size: 2), width: 3, depth: 0)
    let head = MaskedPrediction(vision: vision, series: nil, using: &rng)
    var hider = hider()
    _ = hider.hide(.images(Tensor((0..<32).map { Float($0) / 8 }, shape: [2, 4, 4, 1])))
    let tokens = Tensor((0..<24).map { _ in rng.normal() }, shape: [2, 4, 3])
    let encoded = Encoded(tokens: tokens, summary: Tensor(zeros: [2, 3]))
    let stream = Sample.Stream(task: 0, kind: .image, set: 0)
    let tape = Tape(.inference)
    let term = try #require(head.term(encoded, stream, hider, on: tape))
    let weight = try #require(head.parameters("").first { $0.name == ".image.weight" }).tensor.floats()
    let said = (0..<8).flatMap { place in
      (0..<4).map { pixel in
        (0..<3).reduce(Float(0)) { $0 + tokens.floats()[place * 3 + $1] * weight[pixel * 3 + $1] }
      }
    }
    let sum = said.indices.reduce(Float(0)) { sum, index in
      let off = abs(said[index] - hider.truth[index])
      return sum + hider.weights[index] * (off < 1 ? off * off / 2 : off - 0.5)
    }
    #expect(term.name == "masked" && term.count == 16 && abs(term.sum.item - sum) < 1e-4)
  }
}

extension Sample.Stream {
  fileprivate init(task: Int, kind: SampleInput.Kind, set: Int) {
    let input: SampleInput =
      switch kind {
      case .image: .image(Picture(side: 1, channels: 1, pixels: [0]))
      case .views: .views([])
      case .clip: .clip([])
      case .series: .series(SeriesWindow(values: [], channels: 0, set: set))
      }
    self =
      Sample(
        id: "", group: nil, input: input, task: task, labels: nil, target: nil, texts: [], inputKey: ""
      ).stream
  }
}
