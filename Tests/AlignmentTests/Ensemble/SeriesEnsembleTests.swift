import Alignment
import Decoders
import Encoders
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Two sensors over 40 rows: `slow` and `fast` waves on the first, noise on the second.
private struct Waves {
  let set = ChannelSet(
    channels: [Channel(name: "a"), Channel(name: "b")],
    statistics: [ChannelSet.Statistics](repeating: .init(mean: 0, deviation: 1, low: -3, high: 3), count: 2),
    rows: 40, stride: 40)
  let task = LabelTask(name: "wave", labels: ["fast", "slow"], exclusive: true)
  let life = LabelTask(
    name: "life", labels: [], exclusive: true, target: .init(mean: 0.4, deviation: 0.2, low: 0, high: 1))
  var configuration: SeriesConfiguration { SeriesConfiguration(sets: [set], points: 8, bands: 4) }

  func samples(_ count: Int, seed: UInt64, task: Int = 0, target: Bool = false) -> [Sample] {
    var rng = SeededGenerator(seed: seed)
    return (0..<count).map { row in
      let label = row % 2, level = rng.uniform()
      let phase = 6 * rng.uniform(), speed: Float = label == 0 ? 0.9 : 0.35
      let values = (0..<40).flatMap { place -> [Float] in
        [sinf(phase + speed * Float(place)) + (target ? 3 * level : 0) + 0.3 * rng.normal(), rng.normal()]
      }
      return Sample(
        id: "\(row)", group: nil, input: .series(SeriesWindow(values: values, channels: 2, set: 0)),
        task: task,
        labels: target ? nil : [label == 0 ? 1 : 0, Float(label)], target: target ? level : nil, texts: [],
        inputKey: "\(seed) \(row)")
    }
  }

  func fitter(_ kinds: [EnsembleMember.Kind] = EnsembleMember.Kind.allCases) -> EnsembleFitter {
    EnsembleFitter(configuration, tasks: [task, life], kinds: kinds, seed: 9)
  }

  func answer(_ ensemble: SeriesEnsemble, _ sample: Sample, _ network: Prediction) -> Prediction {
    guard case .series(let window) = sample.input else { return network }
    return ensemble.answer(window, task: sample.task, network: network, configuration: configuration)
  }

  /// Says the first label, whatever it sees.
  let stubborn = Prediction(logits: [4, -4], value: nil, embedding: [])
}

@Suite("Learners beside the network") struct SeriesEnsembleTests {
  private func shares(_ logits: [Float]) -> [Float] {
    let powers = logits.map { expf($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  @Test("A network that sees nothing is left out, and the others are right", arguments: [1, 3])
  func weighed(threads: Int) throws {
    let waves = Waves(), team = ReplicaTeam(threads)
    let fitted = try waves.fitter().fit(waves.samples(60, seed: 1), on: team)
    let held = waves.samples(30, seed: 2)
    let weighed = try waves.fitter().weigh(
      fitted, held, network: held.map { _ in waves.stubborn }, on: team)
    let voices = try #require(weighed.records.first).voices
    #expect(
      voices.map(\.member) == [nil, .trees, .kernels, .competing, .words],
      "40 rows are too few for an envelope")
    #expect(voices[0].weight == 0 && voices[0].validation == 0.5)
    #expect(voices[2].weight > 0 && voices[3].weight > 0)
    #expect(voices[4].validation ?? 0 > 0.8, "words tell slow from fast")
    let near = try waves.fitter().weigh(
      fitted, held, network: held.map { _ in waves.stubborn }, areApart: false, on: team)
    let kept = try #require(near.records.first).voices
    #expect(kept.map(\.weight) == fitted.records.first?.voices.map(\.weight) && kept[0].validation == 0.5)
    #expect(kept.allSatisfy { $0.temperature == nil }, "who has learned by heart seems calibrated")
    let right = waves.samples(80, seed: 3).count { sample in
      let said = waves.answer(weighed, sample, waves.stubborn).logits
      return (said[0] > said[1]) == ((sample.labels ?? [])[0] > 0.5)
    }
    #expect(right >= 76)
  }

  @Test("Probabilities are weighted means") func mean() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    let fitted = try waves.fitter([.trees, .kernels]).fit(waves.samples(60, seed: 1), on: team)
    let weights = try #require(fitted.records.first).voices.map(\.weight)
    #expect(abs(weights[0] - 60 / 560) < 1e-6, "a network that has seen 60 windows has little to say")
    // Half fast, half slow, so that nobody is sure and the members differ.
    let pair = waves.samples(2, seed: 5).map { sample -> [Float] in
      if case .series(let window) = sample.input { window.values } else { [] }
    }
    var sample = waves.samples(1, seed: 5)[0]
    sample.input = .series(
      SeriesWindow(values: zip(pair[0], pair[1]).map { ($0 + $1) / 2 }, channels: 2, set: 0))
    let other = Prediction(logits: [0, 1], value: nil, embedding: [])
    let first = shares(waves.answer(fitted, sample, waves.stubborn).logits)
    let second = shares(waves.answer(fitted, sample, other).logits)
    let part = weights[0] / weights.reduce(0, +)
    // What the members say is the same in both, so only the network's share moves.
    #expect(abs((first[0] - second[0]) - part * (shares([4, -4])[0] - shares([0, 1])[0])) < 1e-4)
    // The same members with weights of our own: what each says alone, and all together.
    let tensors = Dictionary(uniqueKeysWithValues: fitted.tensors().map { ($0.name, $0.tensor) })
    func share(_ given: [Float]) throws -> Float {
      var records = fitted.records
      for place in given.indices { records[0].voices[place].weight = given[place] }
      let ensemble = try SeriesEnsemble(
        records, tensors: tensors, tasks: [waves.task, waves.life], configuration: waves.configuration)
      return shares(waves.answer(ensemble, sample, waves.stubborn).logits)[0]
    }
    let (trees, kernels) = (try share([0, 1, 0]), try share([0, 0, 1]))
    let wanted = (0.2 * shares([4, -4])[0] + 0.5 * trees + 0.3 * kernels)
    #expect(abs(trees - kernels) > 1e-3, "otherwise their weights would not matter")
    #expect(try abs(share([0.4, 1, 0.6]) - wanted) < 1e-4)
  }

  @Test("Who is too sure is made less sure before the mean") func softened() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    let fitted = try waves.fitter([.trees]).fit(waves.samples(60, seed: 1), on: team)
    let held = waves.samples(60, seed: 2)
    // Right in fourteen of fifteen rows, and sure in all.
    let network = held.enumerated().map { row, sample in
      let first = ((sample.labels ?? [])[0] > 0.5) == (row % 15 > 0)
      return Prediction(logits: first ? [6, -6] : [-6, 6], value: nil, embedding: [])
    }
    let weighed = try waves.fitter([.trees]).weigh(fitted, held, network: network, on: team)
    let voices = try #require(weighed.records.first).voices
    // The best temperature brings 12 / T to the logarithm of 14.
    #expect(abs(try #require(voices[0].temperature) - 12 / log(14)) < 1e-3)
    #expect(try #require(voices[1].temperature) >= 1 && voices[0].weight > 0 && voices[1].weight > 0)
    #expect(abs(voices[0].weight + voices[1].weight - 1) < 1e-5)
    let stored = try JSONDecoder().decode(
      [SeriesEnsemble.Record].self, from: JSONEncoder().encode(weighed.records))
    let tensors = Dictionary(uniqueKeysWithValues: weighed.tensors().map { ($0.name, $0.tensor) })
    func share(_ given: [Float]?) throws -> Float {
      var records = stored
      for place in given?.indices ?? 0..<0 { records[0].voices[place].weight = given?[place] ?? 0 }
      let ensemble = try SeriesEnsemble(
        records, tensors: tensors, tasks: [waves.task, waves.life], configuration: waves.configuration)
      let sure = Prediction(logits: [6, -6], value: nil, embedding: [])
      return shares(waves.answer(ensemble, waves.samples(2, seed: 5)[1], sure).logits)[0]
    }
    let wanted = try voices[0].weight * 14 / 15 + voices[1].weight * share([0, 1])
    #expect(try abs(share(nil) - wanted) < 1e-4)
  }

  @Test("Rows of a group are one witness, and who tells nothing is silent") func witnesses() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    let fitted = try waves.fitter([.trees]).fit(waves.samples(60, seed: 1), on: team)
    var held = waves.samples(60, seed: 2)
    // Wrong in a quarter of the rows, all of two of eight recordings.
    for row in held.indices { held[row].group = "\(row % 2)\(row / 15)" }
    let network = held.map { sample in
      let first = ((sample.labels ?? [])[0] > 0.5) == (sample.group?.hasSuffix("3") == false)
      return Prediction(logits: first ? [1, -1] : [-1, 1], value: nil, embedding: [])
    }
    func voices(_ rows: [Sample], _ said: [Prediction]) throws -> [SeriesEnsemble.Record.Voice] {
      try #require(
        waves.fitter([.trees]).weigh(fitted, rows, network: said, on: team).records.first
      ).voices
    }
    let grouped = try voices(held, network)
    #expect(grouped[0].weight > 0 && grouped[0].validation == 0.75)
    let alone = try voices(
      held.map { row in
        var row = row
        row.group = nil
        return row
      }, network)
    #expect(alone[0].weight == 0, "sixty rows of their own are certain enough")
    // Of few rows that a flat answer would suit best, nothing is learned.
    let few = Array(held.prefix(4))
    let contrary = try voices(
      few,
      few.map { row in
        Prediction(
          logits: (row.labels ?? [])[0] > 0.5 ? [-1, 1] : [1, -1], value: nil, embedding: [])
      })
    #expect(contrary[0].temperature == 20 && contrary[0].weight == 0 && contrary[1].weight > 0)
  }

  @Test("Of vibration the envelope has the first word") func vibration() throws {
    var set = ChannelSet(
      channels: [Channel(name: "a")],
      statistics: [.init(mean: 0, deviation: 1, low: -3, high: 3)], rows: 1100, stride: 1100)
    var rng = SeededGenerator(seed: 4)
    let samples = (0..<12).map { row in
      Sample(
        id: "\(row)", group: nil,
        input: .series(
          SeriesWindow(values: (0..<1100).map { _ in rng.normal() }, channels: 1, set: 0)), task: 0,
        labels: row % 2 == 0 ? [1, 0] : [0, 1], target: nil, texts: [], inputKey: "\(row)")
    }
    func weights(_ interval: Double?) throws -> [String: Float] {
      set.interval = interval
      let fitter = EnsembleFitter(
        SeriesConfiguration(sets: [set], points: 8, bands: 4),
        tasks: [LabelTask(name: "t", labels: ["x", "y"], exclusive: true)],
        kinds: EnsembleMember.Kind.allCases, seed: 1)
      let voices = try #require(fitter.fit(samples, on: ReplicaTeam(2)).records.first).voices
      return Dictionary(
        uniqueKeysWithValues: voices.map { ($0.member?.rawValue ?? "network", $0.weight) })
    }
    let fast = try weights(1.0 / 12_000), slow = try weights(1), unknown = try weights(nil)
    #expect(Set(fast.keys) == ["network", "trees", "kernels", "envelope"])
    #expect(slow == unknown && slow.keys.contains("competing") && slow.keys.contains("words"))
    #expect(fast["envelope"] == 1 && slow["envelope"] == 1)
    for voice in ["network", "trees", "kernels"] {
      let (low, high) = (try #require(fast[voice]), try #require(slow[voice]))
      #expect(abs(low - 0.2 * high) < 1e-6 && high > 0, "\(voice)")
    }
  }

  @Test("Numbers get the shares with the least error") func numbers() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    let fitted = try waves.fitter().fit(waves.samples(200, seed: 1, task: 1, target: true), on: team)
    let held = waves.samples(60, seed: 2, task: 1, target: true)
    let blind = Prediction(logits: [], value: 0, embedding: [])
    let weighed = try waves.fitter().weigh(fitted, held, network: held.map { _ in blind }, on: team)
    let voices = try #require(weighed.records.first).voices
    #expect(voices.map(\.member) == [nil, .trees])
    #expect(voices[1].weight > 0.8 && abs(voices[0].weight + voices[1].weight - 1) < 1e-6)
    let wanted = held.map { $0.target ?? 0 }
    let spread = (wanted.reduce(0) { $0 + ($1 - 0.4) * ($1 - 0.4) } / 60).squareRoot()
    #expect(
      abs(try #require(voices[0].validation) - Double(spread)) < 1e-3, "the error of always saying the mean")
    #expect(try #require(voices[1].validation) < Double(spread) / 2)
  }

  @Test("A task with labels and numbers has both answered, each by members of its own") func both() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    var task = waves.task
    task.target = waves.life.target
    func samples(_ count: Int, _ seed: UInt64) -> [Sample] {
      // Every third row tells no number.
      zip(waves.samples(count, seed: seed, target: true), 0..<count).map { sample, row in
        var sample = sample
        sample.labels = row % 2 == 0 ? [1, 0] : [0, 1]
        if row % 3 == 0 { sample.target = nil }
        return sample
      }
    }
    let fitter = EnsembleFitter(waves.configuration, tasks: [task], kinds: [.trees, .kernels], seed: 9)
    let fitted = try fitter.fit(samples(150, 1), on: team)
    let held = samples(60, 2), blind = Prediction(logits: [0, 0], value: 0, embedding: [])
    let weighed = try fitter.weigh(fitted, held, network: held.map { _ in blind }, on: team)
    #expect(weighed.records.map(\.key.question) == [.labels, .number])
    let number = try #require(weighed.records.last).voices
    #expect(number.map(\.member) == [nil, .trees] && number[1].weight > 0.7)
    let scale = try #require(task.target)
    var right = 0, square: Float = 0, count: Float = 0
    let fresh = samples(60, 3)
    for sample in fresh {
      let said = waves.answer(weighed, sample, blind)
      right += (said.logits[0] > said.logits[1]) == ((sample.labels ?? [])[0] > 0.5) ? 1 : 0
      guard let target = sample.target, let value = said.value else { continue }
      square += powf(value * scale.deviation + scale.mean - target, 2)
      count += 1
    }
    #expect(right >= 56)
    #expect(count == 40 && (square / count).squareRoot() < 0.15, "the mean alone errs by about 0.29")
    let tensors = Dictionary(uniqueKeysWithValues: weighed.tensors().map { ($0.name, $0.tensor) })
    let again = try SeriesEnsemble(
      weighed.records, tensors: tensors, tasks: [task], configuration: waves.configuration)
    let (a, b) = (waves.answer(weighed, fresh[1], blind), waves.answer(again, fresh[1], blind))
    #expect(a.logits == b.logits && a.value == b.value)
    #expect(throws: TrainingError.self) {
      try SeriesEnsemble(
        weighed.records, tensors: tensors, tasks: [waves.task], configuration: waves.configuration)
    }
  }

  @Test("Each name is given to its surest rows, as many as its share of the labels allows")
  func surest() {
    // Seven rows are named 0, one is named 1; a quarter of the labels are 1.
    let sure: [Float] = [0.6, 0.9, 0.7, 0.95, 0.55, 0.8, 0.65]
    let said = sure.map { [$0, 1 - $0] } + [[0.3, 0.7]]
    let half = EnsembleFitter.surest(said, labels: [0, 0, 0, 1], classes: 2, share: 0.5)
    // Of eight rows four may be taken: three named 0, one named 1.
    #expect(half.rows == [3, 1, 5, 7] && half.labels == [0, 0, 0, 1])
    let all = EnsembleFitter.surest(said, labels: [0, 0, 0, 1], classes: 2, share: 1)
    #expect(all.rows == [3, 1, 5, 2, 6, 0, 7] && all.labels == [0, 0, 0, 0, 0, 0, 1])
  }

  @Test("Trees learn from windows without labels, the surest first") func pseudo() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    // Speeds drift from what is labelled (0.9 and 0.35) towards each other.
    func drifted(_ count: Int, seed: UInt64, drift: Float, labelled: Bool) -> [Sample] {
      var rng = SeededGenerator(seed: seed)
      return (0..<count).map { row in
        let label = row % 2, phase = 6 * rng.uniform(), own = drift * rng.uniform()
        let speed: Float = label == 0 ? 0.9 + 1.2 * own : 0.35 - 0.1 * own
        let level: Float = (label == 0 ? 1.2 : -1.2) * own
        let values = (0..<40).flatMap { place -> [Float] in
          [sinf(phase + speed * Float(place)) + 0.3 * rng.normal(), level + 0.3 * rng.normal()]
        }
        return Sample(
          id: "\(row)", group: nil, input: .series(SeriesWindow(values: values, channels: 2, set: 0)),
          task: 0, labels: labelled ? [label == 0 ? 1 : 0, Float(label)] : nil, target: nil, texts: [],
          inputKey: "\(seed) \(row)")
      }
    }
    let train =
      drifted(8, seed: 1, drift: 0, labelled: true) + drifted(160, seed: 2, drift: 1, labelled: false)
    func confidence(_ share: Float) throws -> (right: Int, sure: Float) {
      var fitter = waves.fitter([.trees])
      fitter.pseudoLabels = share
      var ensemble = try fitter.fit(train, on: team)
      let tensors = Dictionary(uniqueKeysWithValues: ensemble.tensors().map { ($0.name, $0.tensor) })
      var records = ensemble.records
      records[0].voices[0].weight = 0
      ensemble = try SeriesEnsemble(
        records, tensors: tensors, tasks: [waves.task, waves.life], configuration: waves.configuration)
      let fresh = drifted(100, seed: 3, drift: 1, labelled: true)
      return fresh.reduce(into: (0, 0)) { sum, sample in
        let said = shares(waves.answer(ensemble, sample, waves.stubborn).logits)
        let own = zip(said, sample.labels ?? []).reduce(0) { $0 + $1.0 * $1.1 }
        sum.0 += own > 0.5 ? 1 : 0
        sum.1 += own
      }
    }
    let without = try confidence(0), with = try confidence(0.8)
    #expect(with.right >= without.right && with.sure > without.sure + 5)
    #expect(try confidence(0.8) == with, "the same rows, seed and threads give the same trees")
  }

  @Test("Stored and read again it answers the same; what does not fit is refused") func storage() throws {
    let waves = Waves()
    let fitted = try waves.fitter().fit(waves.samples(60, seed: 1), on: ReplicaTeam(2))
    var tensors = Dictionary(uniqueKeysWithValues: fitted.tensors().map { ($0.name, $0.tensor) })
    let records = try JSONDecoder().decode(
      [SeriesEnsemble.Record].self, from: JSONEncoder().encode(fitted.records))
    func read(_ tensors: [String: Tensor], tasks: [LabelTask]? = nil) throws -> SeriesEnsemble {
      try SeriesEnsemble(
        records, tensors: tensors, tasks: tasks ?? [waves.task, waves.life],
        configuration: waves.configuration)
    }
    let again = try read(tensors)
    for sample in waves.samples(6, seed: 4) {
      #expect(
        waves.answer(again, sample, waves.stubborn).logits
          == waves.answer(fitted, sample, waves.stubborn).logits)
    }
    #expect(throws: TrainingError.self) { try read(tensors, tasks: []) }
    let three = LabelTask(name: "wave", labels: ["a", "b", "c"], exclusive: true)
    #expect(throws: TrainingError.self) { try read(tensors, tasks: [three, waves.life]) }
    let name = "ensemble.0.0.labels.thresholds"
    tensors[name] = try Tensor(
      Array(#require(tensors[name]).floats().dropLast()), shape: [#require(tensors[name]).count - 1])
    #expect(throws: TrainingError.self) { try read(tensors) }
  }

  @Test("Fitted again on more rows it keeps its weights") func refitted() throws {
    let waves = Waves(), team = ReplicaTeam(2)
    let held = waves.samples(30, seed: 2)
    let weighed = try waves.fitter([.trees]).weigh(
      try waves.fitter([.trees]).fit(waves.samples(40, seed: 1), on: team), held,
      network: held.map { _ in waves.stubborn }, on: team)
    let again = try waves.fitter([.trees]).refit(weighed, waves.samples(40, seed: 1) + held, on: team)
    #expect(again.records.first?.voices == weighed.records.first?.voices)
    #expect(again.tensors().map { $0.tensor.floats() } != weighed.tensors().map { $0.tensor.floats() })
  }

  @Test("Groups that are alike are held out together") func likeness() {
    let waves = Waves()
    var rng = SeededGenerator(seed: 1)
    // Three bearings a label, each recorded twice or once; the levels of one bearing are alike.
    let levels: [(String, Int, Float)] = [
      ("p1", 0, 0), ("p2", 0, 0.1), ("p3", 0, 5), ("q1", 1, 9), ("q2", 1, 20), ("q3", 1, 20.2),
    ]
    func dataset(_ levels: [(String, Int, Float)]) -> Dataset {
      let samples = levels.flatMap { group, label, level in
        (0..<4).map { row -> Sample in
          var window = SeriesWindow(values: [0, 0], channels: 2, set: 0)
          window.features = [level + 0.01 * rng.normal(), 1]
          return Sample(
            id: "\(group)\(row)", group: group, input: .series(window), task: 0,
            labels: [label == 0 ? 1 : 0, Float(label)], target: nil, texts: [], inputKey: "\(group)\(row)")
        }
      }
      return Dataset(
        tasks: [waves.task], kinds: [[.series]], descriptions: [[[], []]], channelSets: [waves.set],
        train: Array(samples.dropLast(3)), validation: samples.suffix(3), test: [])
    }
    var data = dataset(levels)
    let isDone = data.holdOutByLikeness()
    #expect(isDone)
    #expect(Set(data.validation.map(\.group)) == ["p3", "q1"])
    #expect(data.train.count == 16)
    var few = dataset(levels.filter { $0.0 != "q3" })
    let isTooFew = !few.holdOutByLikeness()
    #expect(isTooFew && few.validation.count == 3, "two groups of a label cannot be told apart")
  }
}
