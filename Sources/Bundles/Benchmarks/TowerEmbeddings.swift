import Foundation
import Tensors
import Training

/// What a replica brings to the meeting of a step: embeddings of its images and of its texts, `[rows, width]`.
struct TowerEmbeddings: Sendable {
  var images: Tensor
  var texts: Tensor
}

extension [TowerEmbeddings] {
  /// What the replicas of all processes brought, for what those of this one did: rows as f32, all images of a process
  /// and then all its texts, which go by the same shares.
  func exchanged(in group: ProcessGroup, batch: Int, width: Int) throws -> [TowerEmbeddings] {
    let own = flatMap { $0.images.floats() } + flatMap { $0.texts.floats() }
    let all = try group.gather(own.withUnsafeBytes { Data($0) })
    let (local, total, type) = (count, count * group.size, first?.images.type ?? .f32)
    return all.enumerated().flatMap { rank, bytes -> [TowerEmbeddings] in
      if rank == group.rank { return self }
      var rest = bytes.withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }[...]
      func take(_ replica: Int) -> Tensor {
        let rows = batch * (replica + 1) / total - batch * replica / total
        defer { rest = rest.dropFirst(rows * width) }
        return Tensor([Float](rest.prefix(rows * width)), shape: [rows, width]).converted(to: type)
      }
      let replicas = rank * local..<(rank + 1) * local
      let images = replicas.map(take), texts = replicas.map(take)
      return zip(images, texts).map { TowerEmbeddings(images: $0, texts: $1) }
    }
  }
}
