import Decoders
import Encoders
import Foundation
import Layers
import Training

/// Turns the rows of a manifest into decoded samples with tasks, several files at a time.
public struct DatasetBuilder: Sendable {
  /// A row that could not be used, and why.
  public struct Refusal: Sendable, Codable, Hashable {
    /// Of the row, as the manifest writes it.
    public var id: String
    /// Place, reason and remedy, in sentences.
    public var reason: String
  }

  /// What a bundle that is used again says of its data.
  public typealias Known = (
    tasks: [LabelTask], kinds: [Set<SampleInput.Kind>], descriptions: [[[String]]], sets: [ChannelSet]
  )

  /// The data set and what was left out of it.
  public struct Result: Sendable {
    /// The decoded samples by split.
    public var data: Dataset
    /// Rows that could not be used.
    public var refused: [Refusal]
    /// Columns of recordings that were left out, and why.
    public var exclusions: [LeakAudit.ColumnExclusion]
  }

  /// Where the rows come from.
  public var manifest: Manifest
  /// What pictures become; nil to leave them out.
  public var vision: VisionConfiguration?
  /// What recordings become; nil to leave them out.
  public var series: SeriesConfiguration?
  /// Tasks, their kinds of inputs and channel sets of a bundle that is used again; nil to take them from the
  /// manifest.
  public var known: Known?
  /// Of what is drawn where features are measured.
  public var seed: UInt64 = 0
  /// Told how far it is: rows done, of how many.
  public var progress: @Sendable (Int, Int) -> Void

  /// - Parameter known: tasks, kinds and channel sets of a bundle that is used again.
  public init(
    manifest: Manifest, vision: VisionConfiguration?, series: SeriesConfiguration?,
    known: Known? = nil,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    (self.manifest, self.vision, self.series) = (manifest, vision, series)
    (self.known, self.progress) = (known, progress)
  }

  /// - Parameter rows: the manifest's, or a labelled subset of them.
  public func build(_ rows: [ManifestRow], on team: ReplicaTeam) throws -> Result {
    let library = try SeriesLibrary(rows)
    let catalogue = TaskCatalogue(rows, manifest: manifest, library: library, known: known)
    let texts = Dictionary(grouping: rows.filter { $0.text != nil }) { $0.inputKey ?? $0.id }
      .mapValues { Array(Set($0.compactMap(\.text))).sorted() }
    let decoded = try team.map(rows.count) { index in
      defer { progress(index + 1, rows.count) }
      return samples(of: rows[index], library, catalogue, texts)
    }
    var data = Dataset(
      tasks: catalogue.tasks, kinds: catalogue.kinds, descriptions: catalogue.descriptions,
      channelSets: known?.sets ?? library.sets, train: [], validation: [], test: [])
    var refused: [Refusal] = []
    for (row, result) in zip(rows, decoded) {
      for part in result {
        switch part {
        case .failure(let reason): refused.append(Refusal(id: row.id, reason: reason.description))
        case .success(let sample):
          switch row.split {
          case .train: data.train.append(sample)
          case .val: data.validation.append(sample)
          case .test: data.test.append(sample)
          }
        }
      }
    }
    data.measureTargets()
    if var series, known == nil { try data.measureFeatures(&series, seed: seed, on: team) }
    if let series, known != nil { try data.computeFeatures(series, on: team) }
    return Result(data: data, refused: refused, exclusions: library.exclusions)
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }

  private func samples(
    of row: ManifestRow, _ library: SeriesLibrary, _ catalogue: TaskCatalogue, _ texts: [String: [String]]
  ) -> [Swift.Result<Sample, Failure>] {
    var inputs: [Swift.Result<SampleInput, Failure>] = []
    func load(_ body: () throws -> SampleInput) {
      do { inputs.append(.success(try body())) } catch {
        inputs.append(.failure(Failure(description: "\(error)")))
      }
    }
    if let vision {
      let loader = InputLoader(vision: vision)
      if row.moreViews.isEmpty, let image = row.image { load { .image(try loader.image(image)) } }
      if !row.moreViews.isEmpty { load { .views(try row.images.map(loader.image)) } }
      if let clip = row.clip { load { .clip(try loader.clip(clip)) } }
    }
    if row.series != nil, series != nil || known == nil {
      load {
        if let error = row.series.flatMap({ library.refused[$0] }) { throw error }
        guard let window = try catalogue.window(row, library) else {
          throw Failure(
            description:
              "\(row.series ?? ""): The rows \(row.start ?? 1) to \(row.end.map(String.init) ?? "the end") "
              + "cannot be read. Check start and end in the manifest.")
        }
        return .series(window)
      }
    }
    return inputs.map { input in
      input.flatMap { input in
        guard let task = catalogue.task(of: row, input: input) else {
          return .failure(
            Failure(description: "No task of the bundle takes an input of kind \(input.kind.rawValue)."))
        }
        return .success(
          Sample(
            id: row.id, group: row.group, input: input, task: task,
            labels: catalogue.labels(row, task: task), target: row.target.map(Float.init),
            texts: texts[row.inputKey ?? row.id] ?? [], inputKey: row.inputKey ?? row.id))
      }
    }
  }
}
