import Foundation
import Layers
import Tensors
import Testing
import Training

/// The optimiser's part of Tests/Fixtures/Core/layers.json, which Scripts/reference/make-layer-values writes.
private struct OptimiserValues: Decodable {
  struct Values: Decodable {
    var shape: [Int]
    var values: [Float]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }
  struct Run: Decodable {
    var epsilon: Float
    var after: [[String: Values]]
  }
  var start: [String: Values]
  var gradients: [[String: Values]]
  var optimisers: [Run]

  static func read() throws -> OptimiserValues {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      OptimiserValues.self, from: Data(contentsOf: folder.appending(path: "Fixtures/Core/layers.json")))
  }
}

private func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count
    ? zip(a, b).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) } : .infinity
}

@Suite("AdamW")
struct AdamWTests {
  private let names = ["matrix", "vector"]

  @Test("Five steps as torch.optim.AdamW makes them, matrices alone decayed", arguments: [0, 1])
  func torch(_ index: Int) throws {
    let values = try OptimiserValues.read()
    let run = values.optimisers[index]
    var optimiser = AdamW(weightDecay: 0.3, epsilon: run.epsilon)
    var parameters = names.compactMap { values.start[$0]?.tensor }
    for (gradients, after) in zip(values.gradients, run.after) {
      parameters = optimiser.update(
        parameters, gradients: names.map { gradients[$0]?.tensor }, learningRate: 0.02)
      for (name, parameter) in zip(names, parameters) {
        #expect(distance(parameter.floats(), after[name]?.values ?? []) < 2e-6, "\(name)")
      }
    }
    #expect(optimiser.step == 5)
  }

  @Test("Without a gradient's pull a step takes away decay times rate; of vectors where that is asked for")
  func decay() {
    for all in [false, true] {
      var optimiser = AdamW(weightDecay: 0.5, decaysVectors: all)
      let start = [Tensor([2, -4], shape: [1, 2]), Tensor([2, -4], shape: [2]), Tensor.scalar(2)]
      let after = optimiser.update(
        start, gradients: start.map { Tensor(zeros: $0.shape) }, learningRate: 0.1)
      #expect(distance(after[0].floats(), [1.9, -3.8]) < 1e-6)
      #expect(distance(after[1].floats(), all ? [1.9, -3.8] : [2, -4]) < 1e-6)
      #expect(distance(after[2].floats(), [all ? 1.9 : 2]) < 1e-6)
    }
  }

  @Test("A factor on the gradients is that of smaller gradients; none leaves a parameter as it is")
  func scale() throws {
    let values = try OptimiserValues.read()
    let start = names.compactMap { values.start[$0]?.tensor }
    let gradients = names.map { values.gradients[0][$0]?.tensor }
    let halves = gradients.map { $0.map { Tensor($0.floats().map { $0 / 2 }, shape: $0.shape) } }
    // With a large epsilon the size of a gradient shows.
    var a = AdamW(epsilon: 0.1), b = AdamW(epsilon: 0.1), c = AdamW(epsilon: 0.1)
    let scaled = a.update(start, gradients: gradients, learningRate: 0.1, scale: 0.5)
    let small = b.update(start, gradients: halves, learningRate: 0.1)
    #expect(distance(scaled[0].floats(), small[0].floats()) < 1e-7)
    let half = c.update(start, gradients: [gradients[0], nil], learningRate: 0.1)
    #expect(half[1].floats() == start[1].floats() && half[0].floats() != start[0].floats())
  }

  @Test(
    "In place it does what it does to new tensors, with the replicas' sum, and copies keep their values",
    arguments: [1, 2, 3])
  func inPlace(_ threads: Int) throws {
    var rng = SeededGenerator(seed: 3)
    var layer = Linear(6, to: 4, using: &rng)
    let copy = layer
    let replicas: [[Tensor?]] = (0..<2).map { _ in
      [
        Tensor((0..<24).map { _ in rng.normal() }, shape: [4, 6]),
        Tensor((0..<4).map { _ in rng.normal() }, shape: [4]),
      ]
    }
    let team = ReplicaTeam(threads)
    var a = AdamW(), b = AdamW()
    var parameters = layer.parameters("").map(\.tensor)
    for _ in 0..<3 {
      var lists = replicas
      let sum = try Gradients.sum(&lists, on: team)
      try a.update(&layer, gradients: sum.sums, learningRate: 0.05, on: team)
      parameters = b.update(parameters, gradients: Gradients.sum(replicas), learningRate: 0.05)
    }
    // To the bit: whoever shares the work.
    for ((_, found), wanted) in zip(layer.parameters(""), parameters) {
      #expect(found.floats() == wanted.floats())
    }
    #expect(a.moments.first == b.moments.first && a.moments.second == b.moments.second)
    #expect(a.step == 3 && copy.weight.floats() != layer.weight.floats())
    var unmoved = copy
    var c = AdamW()
    try c.update(&unmoved, gradients: [replicas[0][0], nil], learningRate: 0.05, on: team)
    #expect(unmoved.bias?.floats() == copy.bias?.floats() && unmoved.weight.floats() != copy.weight.floats())
  }

  @Test("Parameters with rates of their own move as each would alone at that rate")
  func rates() throws {
    var rng = SeededGenerator(seed: 5)
    func drawn() -> Tensor { Tensor([3, 4], drawnFrom: &rng) { $0.normal() } }
    let (start, team) = ([drawn(), drawn(), drawn()], ReplicaTeam(2))
    let steps = (0..<3).map { _ in [drawn(), drawn(), drawn()] }
    var (together, all) = (start, AdamW())
    for gradients in steps {
      try all.update(
        &together, gradients: gradients, learningRate: 0.1, rates: [1, 0.25, 0], scale: 0.5, on: team)
    }
    for (index, rate) in [0.1, 0.025, 0].enumerated() {
      var (alone, one) = ([start[index]], AdamW())
      for gradients in steps {
        alone = one.update(alone, gradients: [gradients[index]], learningRate: Float(rate), scale: 0.5)
      }
      #expect(zip(alone[0].floats(), together[index].floats()).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    #expect(together[2].floats() == start[2].floats())
  }

  @Test("What no one else holds changes in its own memory: weights, gradients and averages")
  func ownMemory() throws {
    func place(_ tensor: Tensor) -> Int { tensor.withUnsafeFloats { Int(bitPattern: $0.baseAddress) } }
    func fresh(_ value: Float) -> Tensor { Tensor(repeating: value, shape: [300, 100]) }
    let team = ReplicaTeam(2)
    var optimiser = AdamW(), parameters = [fresh(1), fresh(2)]
    var average = WeightAverage(parameters, decay: 0.5)
    var lists: [[Tensor?]] = [[fresh(3), nil], [fresh(4), fresh(5)]]
    let first = lists[0][0].map(place)
    let (sums, norm) = try Gradients.sum(&lists, on: team)
    #expect(lists.isEmpty && sums[0].map(place) == first && sums[0]?.floats().allSatisfy { $0 == 7 } == true)
    #expect(abs(norm - (30_000 * (49 + 25) as Float).squareRoot()) < 0.1)
    // The average still shares the first weights: both get memory of their own in the first step.
    try optimiser.update(&parameters, gradients: sums, learningRate: 0.1, on: team)
    try average.update(parameters, on: team)
    let weights = parameters.map(place), averages = average.values.map(place)
    try optimiser.update(&parameters, gradients: sums, learningRate: 0.1, on: team)
    try average.update(parameters, on: team)
    #expect(parameters.map(place) == weights && average.values.map(place) == averages)
  }

  @Test("Goes on from saved moments as if it had never stopped")
  func restore() throws {
    let values = try OptimiserValues.read()
    var whole = AdamW()
    var parameters = names.compactMap { values.start[$0]?.tensor }
    func gradients(_ step: Int) -> [Tensor?] { names.map { values.gradients[step][$0]?.tensor } }
    for step in 0..<3 {
      parameters = whole.update(parameters, gradients: gradients(step), learningRate: 0.02)
    }
    var resumed = AdamW()
    resumed.restore(step: whole.step, first: whole.moments.first, second: whole.moments.second)
    let a = whole.update(parameters, gradients: gradients(3), learningRate: 0.02)
    let b = resumed.update(parameters, gradients: gradients(3), learningRate: 0.02)
    #expect(zip(a, b).allSatisfy { $0.floats() == $1.floats() })
  }
}

@Suite("Sums, norms and averages")
struct GradientsTests {
  @Test("The norm is that of all gradients together")
  func norm() {
    let gradients: [Tensor?] = [Tensor([3, 0], shape: [2]), nil, Tensor([0, 4, 12], shape: [3, 1])]
    #expect(abs(Gradients.norm(gradients) - 13) < 1e-5)
    #expect(Gradients.norm([nil]) == 0)
    #expect(!Gradients.norm([Tensor([.nan], shape: [1])]).isFinite)
  }

  @Test("Replicas are added in their order, and a missing gradient counts as zero")
  func sum() {
    // In f32 the sum of these depends on the order: 1e8 + 1 is 1e8.
    let parts: [Float] = [1e8, 1, -1e8, 1]
    let sum = Gradients.sum(parts.map { [Tensor([$0], shape: [1]), nil] })
    #expect(sum[0]?.floats() == [parts.dropFirst().reduce(parts[0], +)])
    #expect(sum[1] == nil)
    let late = Gradients.sum([[nil, Tensor([1], shape: [1])], [Tensor([2], shape: [1]), nil]])
    #expect(late[0]?.floats() == [2] && late[1]?.floats() == [1])
    #expect(Gradients.sum([]).isEmpty)
  }

  @Test("The average moves fast at first and then at its own pace")
  func average() throws {
    let team = ReplicaTeam(2)
    var average = WeightAverage([Tensor([0], shape: [1])], decay: 0.5)
    var expected: Float = 0
    for step in 1...12 {
      try average.update([Tensor([Float(step)], shape: [1])], on: team)
      let keep = min(0.5, Float(1 + step) / Float(10 + step))
      expected = keep * expected + (1 - keep) * Float(step)
      #expect(abs(average.values[0].item - expected) < 1e-5)
    }
    #expect(average.count == 12)
    // The first value is forgotten: after one step of eleven parts only two are left of it.
    var first = WeightAverage([Tensor([11], shape: [1])], decay: 0.999)
    try first.update([Tensor([0], shape: [1])], on: team)
    #expect(abs(first.values[0].item - 2) < 1e-5)
  }
}
