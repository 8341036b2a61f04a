import Alignment
import Foundation
import Layers
import Testing

@Suite("Parts that are taken over")
struct FrozenTextsTests {
  private func texts(_ toy: ToyTraining) -> Set<String> {
    Set(toy.model.parameters("").map(\.name).filter { $0.hasPrefix("text.") })
  }

  @Test("Texts that are encoded once teach what texts that are encoded at every step do", arguments: [1, 2])
  func once(_ threads: Int) throws {
    var (frozen, slow) = (ToyTraining(), ToyTraining())
    // Clipping would see gradients of texts in one of the two.
    (frozen.recipe.clip, slow.recipe.clip) = (1e9, 1e9)
    frozen.frozen = texts(frozen)
    // The same training, but through the encoder: it is trained at a rate of nothing.
    slow.rates = Dictionary(uniqueKeysWithValues: texts(slow).map { ($0, 0) })
    let (a, b) = (try frozen.train(threads: threads), try slow.train(threads: threads))
    for (x, y) in zip(a.history, b.history) {
      for (name, loss) in x.losses {
        #expect(abs(loss - (y.losses[name] ?? 9)) < 1e-3 * max(1, abs(loss)), "\(name)")
      }
    }
    let start = Dictionary(
      uniqueKeysWithValues: frozen.model.parameters("").map { ($0.name, $0.tensor.floats()) })
    for (name, tensor) in a.model.parameters("") where name.hasPrefix("text.") {
      #expect(tensor.floats() == start[name], "\(name)")
    }
    #expect(a.model.seriesProjection?.weight.floats() != start["projection.series.weight"])
  }
}
