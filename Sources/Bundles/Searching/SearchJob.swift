import Alignment
import Decoders
import Foundation
import Training

/// Finds the inputs that lie nearest to a text, an image or a series: everything that `braid search` does.
public struct SearchJob: Sendable {
  /// What is looked for.
  public enum Query: Sendable {
    /// Words, for bundles with a text encoder.
    case text(String)
    /// An image, clip or series.
    case file(String)
  }

  /// An input that was found.
  public struct Hit: Sendable, Encodable {
    /// 1 for the nearest.
    public var rank: Int
    /// The file.
    public var path: String
    /// Modality.
    public var kind: SampleInput.Kind
    /// Cosine of the angle to the query, at most 1.
    public var similarity: Float
    /// First and last data row of a recording's window that lies nearest; nil for scans.
    public var rows: [Int]?
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// The nearest inputs, in order.
    public var hits: [Hit]
    /// Files that could not be read.
    public var refused: [Decoders.DecodingError]
    /// Inputs that were compared.
    public var compared: Int
  }

  /// What is looked for.
  public var query: Query
  /// Searched with everything below them.
  public var folders: [String]
  /// Inputs to name, at most.
  public var top: Int
  /// The trained whole that answers.
  public var bundle: ModelBundle
  /// Threads that share the work.
  public var threads: Int
  /// Told how far it is: done, of how many.
  public var progress: @Sendable (Int, Int) -> Void

  /// - Parameter top: inputs to name, at most.
  public init(
    query: Query, folders: [String], top: Int, bundle: ModelBundle, threads: Int,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    (self.query, self.folders, self.top, self.bundle) = (query, folders, top, bundle)
    (self.threads, self.progress) = (threads, progress)
  }

  /// - Throws: `DecodingError` when the query's file cannot be read, `BundleError` where nothing can be compared.
  public func run() throws -> Outcome {
    let embedder = Embedder(bundle)
    let wanted: [Float]
    switch query {
    case .text(let text): wanted = try embedder.place(text: text)
    case .file(let path): wanted = try embedder.place(path).embedding
    }
    let walk = FileWalk(folders), files = walk.files, total = files.count
    let counter = DoneCounter()
    let team = ReplicaTeam(min(threads, max(1, total)))
    let found = try team.map(total) { index -> Result<Hit, Decoders.DecodingError> in
      defer { progress(counter.next(), total) }
      do throws(Decoders.DecodingError) {
        let places = try embedder.places(files[index].path)
        let scored = places.map { place in
          (place, zip(place.embedding, wanted).reduce(Float(0)) { $0 + $1.0 * $1.1 })
        }
        guard let best = scored.max(by: { $0.1 < $1.1 }) else {
          throw Decoders.DecodingError(
            .malformed, file: files[index].path, reason: "It holds nothing.", remedy: "Export it again.")
        }
        return .success(
          Hit(
            rank: 0, path: best.0.path, kind: best.0.kind, similarity: best.1,
            rows: best.0.rows.map { [$0.lowerBound, $0.upperBound] }))
      } catch {
        return .failure(error)
      }
    }
    var hits = found.compactMap { try? $0.get() }
    let refused =
      walk.refused
      + found.indices.compactMap { index -> Decoders.DecodingError? in
        guard case .failure(let error) = found[index] else { return nil }
        return FileWalk.isNoInput(error, isNamed: files[index].isNamed) ? nil : error
      }
    guard !hits.isEmpty else {
      throw BundleError(
        path: folders.joined(separator: ", "),
        reason: "Nothing was found that the bundle \(bundle.description.name) can read."
          + refused.prefix(3).map { " \($0)" }.joined(),
        remedy: "Check the folder, or name another bundle with --bundle.")
    }
    hits.sort { ($0.similarity, $1.path) > ($1.similarity, $0.path) }
    let compared = hits.count
    hits = Array(hits.prefix(top))
    for index in hits.indices { hits[index].rank = index + 1 }
    return Outcome(hits: hits, refused: refused, compared: compared)
  }
}
