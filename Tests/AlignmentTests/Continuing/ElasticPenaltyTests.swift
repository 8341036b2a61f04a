import Alignment
import Encoders
import Foundation
import Layers
import Tensors
import Testing
import Training

@Suite("Elastic weight consolidation")
struct ElasticPenaltyTests {
  private func builder(_ toy: ToyTraining) -> BatchBuilder {
    BatchBuilder(vision: nil, series: toy.series, augmentation: .init())
  }

  private func fisher(_ toy: ToyTraining, threads: Int = 1) throws -> FisherInformation {
    try FisherInformation(
      of: toy.model, toy.data.train, tasks: [toy.task], builder: builder(toy), on: ReplicaTeam(threads))
  }

  private func shares(_ model: ToyTraining.Model, _ toy: ToyTraining) -> [[Double]] {
    let predictor = Predictor(model: model, builder: builder(toy))
    return toy.data.train.map { sample in
      let logits = predictor.predict([sample.input], task: 0)[0].logits.map(Double.init)
      let parts = logits.map { toy.task.exclusive ? exp($0) : 1 / (1 + exp(-$0)) }
      return toy.task.exclusive ? parts.map { $0 / parts.reduce(0, +) } : parts
    }
  }

  @Test(
    "Of a bias it is the mean of p (1 - p), worked out by hand; of a number's bias 1",
    arguments: [true, false])
  func byHand(_ isExclusive: Bool) throws {
    var toy = ToyTraining(rows: 8, target: true)
    toy.task.exclusive = isExclusive
    let found = try fisher(toy), said = shares(toy.model, toy)
    let bias = try #require(found.diagonal["heads.labels.bias"]?.floats())
    for label in 0..<3 {
      let wanted = said.reduce(0) { $0 + $1[label] * (1 - $1[label]) } / Double(said.count)
      #expect(abs(Double(bias[label]) - wanted) < 1e-4, "\(bias[label]) for \(wanted)")
    }
    #expect(abs((found.diagonal["heads.values.bias"]?.floats()[0] ?? 0) - 1) < 1e-5)
    #expect(found.diagonal.allSatisfy { $0.value.floats().allSatisfy { $0 >= 0 } })
  }

  @Test("Of weights deep in the encoder it is what finite differences of log p give")
  func differences() throws {
    let toy = ToyTraining(rows: 5)
    let found = try fisher(toy), model = toy.model, base = shares(model, toy)
    for name in ["series.wideNorm.weight", "series.describe.weight", "heads.labels.weight"] {
      let known = try #require(found.diagonal[name]?.floats())
      // The largest, so that rounding is small beside it.
      let place = try #require(known.indices.max { known[$0] < known[$1] })
      let step: Float = 5e-3
      let up = shares(moved(model, name, place, by: step), toy)
      let down = shares(moved(model, name, place, by: -step), toy)
      var wanted = 0.0
      for row in base.indices {
        for label in base[row].indices {
          let slope = (log(up[row][label]) - log(down[row][label])) / Double(2 * step)
          wanted += base[row][label] * slope * slope / Double(base.count)
        }
      }
      #expect(abs(Double(known[place]) / wanted - 1) < 0.02, "\(name): \(known[place]) for \(wanted)")
    }
    #expect(found.diagonal["text.tokens.weight"]?.floats().allSatisfy { $0 == 0 } ?? true)
  }

  @Test("Rows shared out over threads give the same but for rounding") func threads() throws {
    let toy = ToyTraining(rows: 7)
    let (one, three) = (try fisher(toy), try fisher(toy, threads: 3))
    for (name, tensor) in one.diagonal {
      let other = three.diagonal[name]?.floats() ?? []
      #expect(zip(tensor.floats(), other).allSatisfy { abs($0 - $1) <= 1e-4 * max(1e-3, $0) }, "\(name)")
    }
  }

  @Test("The penalty's gradient is that of its value, and rows that a head has grown by are free")
  func gradient() throws {
    let toy = ToyTraining(rows: 6), old = toy.model
    let penalty = ElasticPenalty(try fisher(toy), at: old, weight: 300)
    var grown = toy
    grown.task.labels.append("new")
    var rng = SeededGenerator(seed: 21)
    let model = grown.model.growing(from: old)
    let names = model.parameters("").map(\.name)
    let now = model.parameters("").map { parameter in
      Tensor(parameter.tensor.floats().map { $0 + 0.3 * rng.normal() }, shape: parameter.tensor.shape)
    }
    var gradients: [Tensor?] = now.map { Tensor(repeating: 2, shape: $0.shape) }
    penalty.add(to: &gradients, now, names: names)
    for name in ["heads.labels.weight", "heads.labels.bias", "series.wideNorm.weight"] {
      let index = try #require(names.firstIndex(of: name))
      let slopes = try #require(gradients[index]?.floats())
      for place in stride(from: 0, to: slopes.count, by: max(1, slopes.count / 7)) {
        func value(_ step: Float) -> Double {
          var moved = now
          var values = now[index].floats()
          values[place] += step
          moved[index] = Tensor(values, shape: now[index].shape)
          return Double(penalty.value(moved, names: names))
        }
        let wanted = (value(0.05) - value(-0.05)) / 0.1 + 2
        #expect(abs(Double(slopes[place]) - wanted) < 0.02 * max(1, abs(wanted)), "\(name) \(place)")
      }
    }
    let bias = try #require(names.firstIndex(of: "heads.labels.bias"))
    #expect(gradients[bias]?.floats().last == 2, "the new label's")
    #expect(penalty.value(old.parameters("").map(\.tensor), names: names) == 0)
  }

  @Test("A head that grows keeps the rows of the labels it knew") func grows() throws {
    let toy = ToyTraining(rows: 3), old = toy.model
    var grown = toy
    grown.task.labels += ["new"]
    grown.recipe.seed = 99
    let fresh = grown.model, model = fresh.growing(from: old)
    func values(_ model: ToyTraining.Model, _ name: String) -> [Float] {
      model.parameters("").first { $0.name == name }?.tensor.floats() ?? []
    }
    let name = "heads.labels.weight", known = values(old, name)
    #expect(values(model, name).prefix(known.count) == known[...])
    #expect(values(model, name).suffix(16) == values(fresh, name).suffix(16))
    #expect(values(model, "series.wideNorm.weight") == values(fresh, "series.wideNorm.weight"))
  }

  @Test("In training it stands among the losses and holds the weights")
  func holds() throws {
    var toy = ToyTraining(rows: 18)
    toy.recipe.epochs = 4
    let old = toy.model
    let free = try toy.train()
    toy.elastic = ElasticPenalty(try fisher(toy), at: old, weight: 1e5)
    let held = try toy.train()
    #expect(free.history[0].losses["elastic"] == nil && held.history[1].losses["elastic"] ?? 0 > 0)
    func moved(_ model: ToyTraining.Model) -> Float {
      zip(old.parameters(""), model.parameters("")).filter { $0.0.name == "heads.labels.bias" }
        .flatMap { zip($0.tensor.floats(), $1.tensor.floats()) }.reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    #expect(moved(held.model) < moved(free.model) / 3, "\(moved(held.model)), \(moved(free.model))")
  }

  private func moved(
    _ model: ToyTraining.Model, _ name: String, _ place: Int, by step: Float
  ) -> ToyTraining.Model {
    model.replacing(
      with: model.parameters("").map { parameter in
        guard parameter.name == name else { return parameter.tensor }
        var values = parameter.tensor.floats()
        values[place] += step
        return Tensor(values, shape: parameter.tensor.shape)
      })
  }
}
