import Layers
import Selector
import Testing

private func evidence(
  contrast: Float = 0.5, missing: Float = 0, blur: Float = 0.2, strangeness: Float = 0.8,
  uncertainty: Float = 0.2
) -> Evidence {
  var quality = Quality()
  (quality.contrast, quality.missing, quality.blur, quality.entropy) = (contrast, missing, blur, 0.7)
  return Evidence(quality: quality, strangeness: strangeness, uncertainty: uncertainty)
}

private func candidate(_ kind: String, _ evidence: Evidence, cost: Float = 1) -> Candidate {
  Candidate(
    kind: kind, task: "t", head: kind == "series" ? .fault : .report, evidence: evidence, cost: cost)
}

@Suite("How familiar an input is")
struct FamiliarityTests {
  @Test("Mean cosine distance to the three nearest, in units of what is usual")
  func distance() {
    let known = Familiarity(
      prototypes: [[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1]], ids: ["a", "b", "c", "d"], usual: 0.1)
    #expect(abs(known.distance([1, 0]) - (0 + 0.2 + 0.4) / 3) < 1e-6)
    #expect(abs(known.strangeness([1, 0]) - 2) < 1e-5)
    #expect(known.nearest([0, 1], 2).map(\.id) == ["d", "c"])
    #expect(known.distance([-1, 0]) > known.distance([0, 1]))
  }

  private func circle(_ count: Int, from: Float, to: Float) -> [[Float]] {
    (0..<count).map { index in
      let angle = from + (to - from) * Float(index) / Float(max(1, count - 1))
      return [1 - 2 * sine(angle / 2) * sine(angle / 2), sine(angle)]
    }
  }

  private func sine(_ x: Float) -> Float { x - x * x * x / 6 + x * x * x * x * x / 120 }

  @Test("Usual is what 95 of 100 held-out rows stay below, and prototypes are thinned out evenly")
  func usual() {
    let train = circle(300, from: 0, to: 1), held = circle(101, from: 0, to: 1.5)
    let known = Familiarity(embeddings: train, ids: (0..<300).map { "\($0)" }, heldOut: held, limit: 128)
    #expect(known.prototypes.count == 100 && known.ids[1] == "3")
    let strange = held.map { known.strangeness($0) }
    #expect(strange.count { $0 > 1 } == 5)
  }

  @Test("A small set without held-out rows is measured against itself")
  func small() {
    let train = circle(20, from: 0, to: 0.4)
    let known = Familiarity(embeddings: train, ids: (0..<20).map { "\($0)" }, heldOut: [])
    #expect(known.usual < 0.05)
    #expect(known.strangeness([0, 1]) > 5 && known.strangeness(train[7]) <= 1)
    #expect(Familiarity(embeddings: [], ids: [], heldOut: []).distance([1, 0]) == 2)
  }
}

@Suite("Evidence")
struct EvidenceTests {
  @Test("Entropy over its maximum")
  func entropy() {
    #expect(abs(Evidence.entropy([0.25, 0.25, 0.25, 0.25], exclusive: true) - 1) < 1e-6)
    #expect(Evidence.entropy([1, 0, 0], exclusive: true) == 0)
    #expect(Evidence.entropy([1], exclusive: true) == 0 && Evidence.entropy([], exclusive: false) == 0)
    #expect(abs(Evidence.entropy([0.5, 1], exclusive: false) - 0.5) < 1e-6)
  }
}

@Suite("Choice of inputs")
struct ModalitySelectorTests {
  /// Right where the picture is sharp and familiar, wrong where it is blurred or strange.
  private func examples(_ count: Int, seed: UInt64) -> [(evidence: Evidence, right: Float)] {
    var rng = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let isGood = index % 2 == 0
      return (
        evidence(
          blur: isGood ? rng.uniform(0, 0.4) : rng.uniform(0.6, 1),
          strangeness: isGood ? rng.uniform(0, 1) : rng.uniform(1.5, 4),
          uncertainty: rng.uniform()), isGood ? 1 : 0
      )
    }
  }

  @Test("The network learns when a head is right")
  func learns() {
    let network = TrustNetwork.trained(on: examples(200, seed: 1), seed: 3)
    for (evidence, right) in examples(100, seed: 2) {
      #expect((network.trust(evidence) > 0.5) == (right == 1))
    }
    let again = TrustNetwork.trained(on: examples(200, seed: 1), seed: 3)
    #expect(again.trust(evidence()) == network.trust(evidence()))
  }

  @Test("A broken input is left out, the weights of the others add up to 1, and the reasons are sentences")
  func choice() {
    let selector = ModalitySelector(networks: [
      "image": TrustNetwork.trained(on: examples(200, seed: 1), seed: 3)
    ])
    let choices = selector.choose([
      candidate("image", evidence()), candidate("series", evidence()),
      candidate("clip", evidence(contrast: 0.001)),
      candidate("image", evidence(blur: 0.95, strangeness: 3.5)),
    ])
    #expect(choices.map(\.used) == [true, true, false, false])
    #expect(choices[2].trust == 0 && choices[2].weight == 0 && choices[3].weight == 0)
    #expect(abs(choices.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
    #expect(choices[1].head == .fault && choices[1].kind == "series")
    for reason in choices.flatMap(\.reasons) {
      #expect(reason.hasSuffix(".") && reason.first?.isUppercase == true && reason.contains(" "))
    }
    #expect(choices[0].reasons[0].hasPrefix("Used") && choices[2].reasons[0].hasPrefix("Left out"))
    #expect(choices[2].reasons.contains { $0.contains("blank") })
    #expect(choices[3].reasons.contains { $0.contains("3.5 times as far") })
  }

  @Test("All are left out when none can be trusted")
  func none() {
    let selector = ModalitySelector(networks: [:])
    let choices = selector.choose([
      candidate("image", evidence(contrast: 0)), candidate("series", evidence(missing: 1)),
      candidate("clip", evidence(strangeness: 4)),
    ])
    #expect(choices.allSatisfy { !$0.used && $0.weight == 0 })
    #expect(selector.choose([]).isEmpty)
  }

  @Test("What costs more must be trusted more")
  func cost() {
    let selector = ModalitySelector(networks: [:], threshold: 0.5, price: 0.1)
    let choices = selector.choose([candidate("image", evidence()), candidate("clip", evidence(), cost: 8)])
    #expect(choices.map(\.used) == [true, false])
  }

  @Test("Evidence that is no number earns no trust")
  func noNumber() {
    let network = TrustNetwork.trained(on: examples(60, seed: 1), seed: 3)
    let selector = ModalitySelector(networks: ["image": network])
    let choices = selector.choose([candidate("image", evidence(uncertainty: .nan))])
    #expect(choices[0].trust == 0 && !choices[0].used)
  }
}
