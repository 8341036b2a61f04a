import Encoders
import Tensors
import Training

/// Pictures and frames of later splits that an earlier split holds too, perhaps encoded again; see `PictureTrace`.
struct PictureTwins {
  private(set) var findings: [SplitFinding] = []
  /// Pictures and frames that were compared.
  private(set) var count = 0

  private struct Item: Sendable {
    var id: String, split: Split
    var trace: PictureTrace
  }

  /// Rows of the table of products that are held at once.
  private static let tile = 512

  init(_ parts: [(split: Split, samples: [Sample])], on team: ReplicaTeam) throws {
    var pictures: [(id: String, split: Split, picture: Picture)] = []
    for (split, samples) in parts {
      for sample in samples {
        switch sample.input {
        case .image(let picture): pictures.append((sample.id, split, picture))
        case .views(let frames), .clip(let frames):
          for frame in Set(frames).sorted(by: { $0.pixels.lexicographicallyPrecedes($1.pixels) }) {
            pictures.append((sample.id, split, frame))
          }
        case .series: break
        }
      }
    }
    count = pictures.count
    guard parts.count(where: { part in pictures.contains { $0.split == part.split } }) > 1 else { return }
    let all = pictures
    let items = try team.map(all.count) { index -> Item? in
      PictureTrace(all[index].picture).map { Item(id: all[index].id, split: all[index].split, trace: $0) }
    }.compactMap { $0 }
    for split in Split.allCases.dropFirst() {
      let later = items.filter { $0.split == split }
      let earlier = items.filter { item in Split.allCases.prefix { $0 != split }.contains(item.split) }
      guard !later.isEmpty, !earlier.isEmpty else { continue }
      findings += try PictureTwins.compare(later, earlier, on: team)
    }
  }

  private static func compare(_ later: [Item], _ earlier: [Item], on team: ReplicaTeam) throws
    -> [SplitFinding]
  {
    let width = earlier[0].trace.coarse.count
    let known = Tensor(earlier.flatMap(\.trace.coarse), shape: [earlier.count, width])
    let tiles = Array(stride(from: 0, to: later.count, by: tile))
    let found = try team.map(tiles.count) { index -> [SplitFinding] in
      let rows = later[tiles[index]..<min(later.count, tiles[index] + tile)]
      let asked = Tensor(rows.flatMap(\.trace.coarse), shape: [rows.count, width])
      let products = Tape(.inference).matmul(asked, known, transposeB: true)
      return products.withUnsafeFloats { products in
        zip(rows, 0...).compactMap { item, row in
          var best: (twin: Item, likeness: Float)?
          for column in 0..<earlier.count
          where products[row * earlier.count + column] >= PictureTrace.worthALook {
            guard let likeness = item.trace.likeness(to: earlier[column].trace) else { continue }
            if likeness > best?.likeness ?? -1 { best = (earlier[column], likeness) }
          }
          return best.map {
            SplitFinding(
              kind: .picture, id: item.id, split: item.split, twin: $0.twin.id, twinSplit: $0.twin.split,
              likeness: $0.likeness)
          }
        }
      }
    }
    return found.flatMap { $0 }
  }
}
