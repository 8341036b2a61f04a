import Alignment
import Encoders
import Foundation
import Layers
import Tensors
import Testing

/// Pictures as training sees them, with one change at a time.
@Suite("Changes of pictures in training")
struct AugmentationTests {
  private static let still: Augmentation = {
    var none = Augmentation()
    none.images.shift = 0
    (none.images.rotation, none.images.zoom, none.images.brightness) = (0, 0, 0)
    (none.images.contrast, none.images.gamma, none.images.noise) = (0, 0, 0)
    (none.images.blur, none.images.erase) = (0, 0)
    (none.images.shading, none.images.coarse, none.images.border) = (0, 0, 0)
    return none
  }()

  /// `[row][column]` in 0...1, of a picture with those bytes, changed as `change` says.
  private func shown(
    _ bytes: [UInt8], side: Int, seed: UInt64 = 1, _ change: (inout Augmentation.Images) -> Void
  ) -> [[Float]] {
    var augmentation = AugmentationTests.still
    change(&augmentation.images)
    let vision = VisionConfiguration(channels: 1, side: side, stem: .patches(size: 2), width: 8, depth: 0)
    let builder = BatchBuilder(vision: vision, series: nil, augmentation: augmentation)
    var rng = SeededGenerator(seed: seed)
    let inputs = [SampleInput.image(Picture(side: side, channels: 1, pixels: bytes))]
    guard case .images(let batch) = builder.build(inputs, augmenting: true, using: &rng) else { return [] }
    let values = batch.floats().map { $0 * 0.25 + 0.5 }
    return (0..<side).map { Array(values[$0 * side..<($0 + 1) * side]) }
  }

  private let ramp = (0..<256).map { UInt8($0) }

  @Test("Without any change a picture stays as it is")
  func still() {
    let values = shown(ramp, side: 16) { _ in }.flatMap { $0 }
    #expect(zip(values, ramp).allSatisfy { abs($0 - Float($1) / 255) < 1e-5 })
  }

  @Test("A step sees one frame of each part of a clip, all of them in scoring", arguments: 1...5)
  func frames(_ seed: UInt64) {
    var augmentation = AugmentationTests.still
    augmentation.images.frames = 0.4
    let vision = VisionConfiguration(channels: 1, side: 4, stem: .patches(size: 2), width: 8, depth: 0)
    let builder = BatchBuilder(vision: vision, series: nil, augmentation: augmentation)
    let clip = SampleInput.clip(
      (0..<7).map { Picture(side: 4, channels: 1, pixels: [UInt8](repeating: UInt8($0 * 30), count: 16)) })
    func shown(_ augmenting: Bool) -> [[Int]] {
      var rng = SeededGenerator(seed: seed)
      guard case .clips(let batch) = builder.build([clip, clip], augmenting: augmenting, using: &rng) else {
        return []
      }
      #expect(batch.shape[1] == (augmenting ? 3 : 7))
      let frames = batch.shape[1]
      let values = batch.floats()
      return (0..<2).map { row in
        (0..<frames).map { Int(((values[(row * frames + $0) * 16] * 0.25 + 0.5) * 255 / 30).rounded()) }
      }
    }
    #expect(shown(false) == [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]])
    for row in shown(true) {
      #expect((0..<2).contains(row[0]) && (2..<4).contains(row[1]) && (4..<7).contains(row[2]))
    }
  }

  @Test("Shading is even, up to its size at the edges, and leaves the centre", arguments: 1...5)
  func shading(_ seed: UInt64) {
    let values = shown([UInt8](repeating: 128, count: 225), side: 15, seed: seed) { $0.shading = 0.3 }
    let whole = Float(128) / 255
    #expect(abs(values[7][7] - whole) < 1e-4)
    let across = values[7][14] / whole - 1, down = values[14][7] / whole - 1
    #expect(abs(across) <= 0.3001 && abs(down) <= 0.3001 && abs(across) > 1e-3 && abs(down) > 1e-3)
    for (row, column) in [(0, 0), (3, 11), (14, 0)] {
      let wanted = whole * (1 + across * (Float(column) / 7 - 1) + down * (Float(row) / 7 - 1))
      #expect(abs(values[row][column] - wanted) < 1e-4)
    }
  }

  @Test("A coarser detector keeps brightness and loses what is fine", arguments: 1...5)
  func coarse(_ seed: UInt64) {
    let checks = (0..<256).map { UInt8(($0 / 16 + $0) % 2 == 0 ? 200 : 50) }
    let values = shown(checks, side: 16, seed: seed) { $0.coarse = 1 }.flatMap { $0 }
    let mean = values.reduce(0, +) / 256, spread = values.map { abs($0 - mean) }.reduce(0, +) / 256
    #expect(abs(mean - 125 / 255) < 0.03 && spread < 0.9 * 75 / 255)
    let soft = shown(ramp, side: 16, seed: seed) { $0.coarse = 1 }
    // What changes slowly stays, but for the edges.
    #expect((4..<12).allSatisfy { abs(soft[$0][8] - Float(ramp[$0 * 16 + 8]) / 255) < 0.12 })
  }

  @Test("Borders are black, at most a tenth of the side, and the rest stays", arguments: 1...5)
  func border(_ seed: UInt64) {
    let values = shown([UInt8](repeating: 255, count: 1600), side: 40, seed: seed) { $0.border = 1 }
    for row in 0..<40 {
      for column in 0..<40 where (4..<36).contains(row) && (4..<36).contains(column) {
        #expect(values[row][column] == 1)
      }
    }
    #expect(values.flatMap { $0 }.allSatisfy { $0 == 0 || $0 == 1 })
    let black = values.flatMap { $0 }.count { $0 == 0 }
    #expect(black > 0 && black <= 1600 - 32 * 32)
  }

  @Test("Gamma and contrast follow their formulas", arguments: 1...5)
  func exposure(_ seed: UInt64) throws {
    let values = shown(ramp, side: 16, seed: seed) { $0.gamma = 0.5 }.flatMap { $0 }
    // One exponent for all values: found from one of them, it fits the others.
    let gamma = log(values[128]) / log(Float(128) / 255)
    #expect(abs(log(gamma)) <= 0.5001 && abs(gamma - 1) > 0.01)
    #expect([40, 90, 200, 250].allSatisfy { abs(values[$0] - pow(Float($0) / 255, gamma)) < 2e-3 })
    let firm = shown(ramp, side: 16, seed: seed) { $0.contrast = 0.4 }.flatMap { $0 }
    let slope = (firm[150] - firm[110]) * 255 / 40
    #expect(abs(slope - 1) <= 0.4001 && abs(slope - 1) > 0.01)
    #expect(abs(firm[100] - ((Float(100) / 255 - 0.5) * slope + 0.5)) < 2e-3)
  }

  @Test("Noise has no more than its deviation, and no side", arguments: 1...5)
  func noise(_ seed: UInt64) {
    let values = shown([UInt8](repeating: 128, count: 4096), side: 64, seed: seed) { $0.noise = 0.1 }
      .flatMap { $0 }
    let mean = values.reduce(0, +) / 4096
    let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4096).squareRoot()
    #expect(abs(mean - 128 / 255) < 0.006 && deviation > 0 && deviation < 0.104)
    // Of a normal distribution 68 % lie within one deviation.
    let near = Float(values.count { abs($0 - mean) < deviation }) / 4096
    #expect(abs(near - 0.68) < 0.03)
  }

  @Test("One seed gives the same picture, another gives another")
  func seeds() {
    let change: (inout Augmentation.Images) -> Void = { $0 = Augmentation.Images() }
    #expect(shown(ramp, side: 16, seed: 3, change) == shown(ramp, side: 16, seed: 3, change))
    #expect(shown(ramp, side: 16, seed: 3, change) != shown(ramp, side: 16, seed: 4, change))
  }
}
