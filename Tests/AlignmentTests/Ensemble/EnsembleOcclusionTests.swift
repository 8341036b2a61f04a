import Alignment
import Decoders
import Encoders
import Foundation
import Layers
import Testing
import Training

/// Answers without each channel, found together, against answers of such windows one by one.
@Suite("An ensemble without one channel at a time") struct EnsembleOcclusionTests {
  private let set = ChannelSet(
    channels: ["a", "b", "c"].map { Channel(name: $0) },
    statistics: [ChannelSet.Statistics](repeating: .init(mean: 0, deviation: 1, low: -3, high: 3), count: 3),
    rows: 40, stride: 40)

  private func samples(_ count: Int, task: Int) -> [Sample] {
    var rng = SeededGenerator(seed: 4)
    return (0..<count).map { row in
      let speed: Float = row % 2 == 0 ? 0.9 : 0.35, level = rng.uniform()
      let values = (0..<40).flatMap { place -> [Float] in
        [sinf(speed * Float(place)) + level + 0.3 * rng.normal(), rng.normal(), level + rng.normal()]
      }
      return Sample(
        id: "\(row)", group: nil, input: .series(SeriesWindow(values: values, channels: 3, set: 0)),
        task: task,
        labels: task == 0 ? [row % 2 == 0 ? 1 : 0, Float(row % 2)] : nil, target: task == 1 ? level : nil,
        texts: [], inputKey: "\(row)")
    }
  }

  @Test("The same bits, for labels and for numbers, of every kind of learner", arguments: [0, 1])
  func bits(task: Int) throws {
    let configuration = SeriesConfiguration(sets: [set], points: 8, bands: 4)
    let tasks = [
      LabelTask(name: "wave", labels: ["fast", "slow"], exclusive: true),
      LabelTask(
        name: "life", labels: [], exclusive: true, target: .init(mean: 0.4, deviation: 0.2, low: 0, high: 1)),
    ]
    let samples = samples(24, task: task)
    let ensemble = try EnsembleFitter(
      configuration, tasks: tasks, kinds: EnsembleMember.Kind.allCases, seed: 9
    )
    .fit(samples, on: ReplicaTeam(2))
    let record = try #require(ensemble.records.first)
    #expect(record.voices.count > 1)
    guard case .series(var window) = samples[5].input else { return }
    window.features = SeriesFeatures.compute(window, set: set, configuration: configuration)
    window = ensemble.expand(window, task: task, configuration: configuration)
    let expanded = try #require(window.expanded), features = try #require(window.features)
    let versions =
      [window]
      + (0..<3).map { channel in
        var copy = window
        let own = features.count / 3, wide = expanded.count / 3
        for place in channel * own..<(channel + 1) * own - 1 { copy.features?[place] = 0 }
        for place in channel * wide..<(channel + 1) * wide { copy.expanded?[place] = .nan }
        return copy
      }
    let network = (0..<4).map {
      Prediction(
        logits: task == 0 ? [0.3, Float($0)] : [], value: task == 1 ? Float($0) : nil, embedding: [])
    }
    let together = ensemble.answers(window, task: task, network: network, configuration: configuration)
    for (version, window) in versions.enumerated() {
      let alone = ensemble.answer(window, task: task, network: network[version], configuration: configuration)
      #expect(together[version].logits == alone.logits && together[version].value == alone.value)
    }
    #expect(Set(together.map { "\($0.logits) \($0.value ?? 0)" }).count == 4, "every channel counts")
  }
}
