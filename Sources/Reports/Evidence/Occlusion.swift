import Encoders
import Foundation

/// Finds the places of a picture that an answer rests on, by covering them one after the other and watching the
/// answer fall (Zeiler, Fergus 2014, "Visualizing and understanding convolutional networks").
public struct Occlusion: Sendable {
  /// A rectangle as shares of the picture's sides.
  public struct Region: Sendable, Hashable {
    /// Upper left corner and size, each 0 to 1.
    public var x: Double, y: Double, width: Double, height: Double
    /// The fall of the answer (log odds) when the region is covered.
    public var strength: Double

    /// - Parameters:
    ///   - x: of the upper left corner; like the others a share of the picture's side.
    ///   - strength: the fall of the answer (log odds) when the region is covered.
    public init(x: Double, y: Double, width: Double, height: Double, strength: Double) {
      (self.x, self.y, self.width, self.height, self.strength) = (x, y, width, height, strength)
    }

    /// `[x, y, w, h]` in pixels of a picture of this size, cut at its borders.
    public func pixels(width imageWidth: Int, height imageHeight: Int) -> [Double] {
      let left = (x * Double(imageWidth)).rounded(), top = (y * Double(imageHeight)).rounded()
      let right = min(Double(imageWidth), ((x + width) * Double(imageWidth)).rounded())
      let bottom = min(Double(imageHeight), ((y + height) * Double(imageHeight)).rounded())
      return [left, top, max(1, right - left), max(1, bottom - top)]
    }
  }

  /// Connected places that are tried as a whole, for each finding.
  private static let candidates = 4

  /// Variants that are scored at once.
  private static let batch = 8

  /// Covers a side.
  public var cells: Int
  /// Steps by which the cover moves within its own length: with 2 covers overlap by half.
  public var steps: Int
  /// Falls of the answer (log odds) below this show nothing.
  public var least: Double

  /// - Parameters:
  ///   - cells: covers a side, at least 2.
  ///   - steps: steps by which the cover moves within its own length, at least 1.
  ///   - least: falls of the answer (log odds) below this show nothing.
  public init(cells: Int = 6, steps: Int = 2, least: Double = 0.1) {
    (self.cells, self.steps, self.least) = (max(2, cells), max(1, steps), least)
  }

  /// Covers side by side first; covers that overlap them only where an answer falls.
  /// - Parameters:
  ///   - frames: one picture, or the frames of a clip; a place is covered in all of them.
  ///   - score: answers for several variants, one row each with one number (log odds) a finding; asked for `batch`
  ///     variants at a time.
  /// - Returns: for each finding the regions whose cover makes its answer fall by more than half of the
  ///   greatest fall, the strongest as a whole first and at most two; none where no place matters.
  public func regions(_ frames: [Picture], score: ([[Picture]]) -> [[Float]]) -> [[Region]] {
    guard let first = frames.first else { return [] }
    let covers = CoverGrid(cells: cells, steps: steps, side: first.side)
    let means = frames.map(\.mean)
    func covered(_ places: [CoverGrid.Place]) -> [[Picture]] {
      places.map { place in
        zip(frames, means).map {
          $0.covered(rows: covers.pixels(place.row), columns: covers.pixels(place.column), with: $1)
        }
      }
    }
    let apart = covers.apart
    let rows = batched([frames] + covered(apart), score)
    guard let base = rows.first, !base.isEmpty else { return [] }
    func falls(_ rows: some Sequence<[Float]>) -> [[Double]] {
      rows.map { zip(base, $0).map { Double($0 - $1) } }
    }
    var places = apart, known = falls(rows.dropFirst())
    let between = covers.between(falls: known, least: least)
    places += between
    known += falls(batched(covered(between), score))
    let found = base.indices.map { finding in
      peaks(covers.means(places, falls: known.map { $0[finding] }), side: covers.fine)
    }
    return ranked(found, frames, base, score)
  }

  /// Always as many at once, the last filled up with the first variant: memory does not grow with the grid, and
  /// oneDNN makes code for one shape only.
  private func batched(_ variants: [[Picture]], _ score: ([[Picture]]) -> [[Float]]) -> [[Float]] {
    stride(from: 0, to: variants.count, by: Self.batch).flatMap { start in
      let part = Array(variants[start..<min(variants.count, start + Self.batch)])
      let spare = [[Picture]](repeating: variants[0], count: Self.batch - part.count)
      return score(part + spare).prefix(part.count)
    }
  }

  /// Each finding's candidates by how far its answer falls when the whole of one is covered in the colour around it:
  /// cells that matter one by one may lie in a region that does not, and a grey cover may be what mattered.
  private func ranked(
    _ candidates: [[Region]], _ frames: [Picture], _ base: [Float], _ score: ([[Picture]]) -> [[Float]]
  ) -> [[Region]] {
    let all = candidates.flatMap { $0 }
    guard !all.isEmpty else { return candidates }
    let rows = batched(all.map { region in frames.map { $0.blended(region) } }, score)
    var next = 0
    return candidates.indices.map { finding in
      let tried = candidates[finding].map { region -> Region in
        defer { next += 1 }
        var region = region
        region.strength = Double(base[finding] - rows[next][finding])
        return region
      }.sorted { $0.strength > $1.strength }
      // Of an even place the colour around it hides nothing; then the grey cover has the say.
      guard let best = tried.first?.strength, best >= least else {
        return Array(candidates[finding].prefix(1))
      }
      // A second place must matter at least half as much as the first.
      return Array(tried.prefix(2).filter { $0.strength >= best / 2 })
    }
  }

  /// Bounding boxes of connected cells above half of the greatest fall.
  private func peaks(_ falls: [Double], side: Int) -> [Region] {
    guard let greatest = falls.max(), greatest >= least else { return [] }
    var isOpen = falls.map { $0 > greatest / 2 }
    var found: [(region: Region, sum: Double)] = []
    for start in falls.indices where isOpen[start] {
      var cells: [Int] = [], stack = [start]
      isOpen[start] = false
      while let cell = stack.popLast() {
        cells.append(cell)
        let (y, x) = (cell / side, cell % side)
        for (ny, nx) in [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
        where (0..<side).contains(ny) && (0..<side).contains(nx) && isOpen[ny * side + nx] {
          isOpen[ny * side + nx] = false
          stack.append(ny * side + nx)
        }
      }
      let rows = cells.map { $0 / side }, columns = cells.map { $0 % side }
      let (top, left) = (rows.min() ?? 0, columns.min() ?? 0)
      let sum = cells.reduce(0) { $0 + falls[$1] }
      let unit = 1 / Double(side)
      found.append(
        (
          Region(
            x: Double(left) * unit, y: Double(top) * unit,
            width: Double((columns.max() ?? 0) - left + 1) * unit,
            height: Double((rows.max() ?? 0) - top + 1) * unit, strength: sum / Double(cells.count)), sum
        ))
    }
    return found.sorted { $0.sum > $1.sum }.prefix(Self.candidates).map(\.region)
  }
}
