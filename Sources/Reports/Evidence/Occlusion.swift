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

  /// - Parameters:
  ///   - frames: one picture, or the frames of a clip; a place is covered in all of them.
  ///   - score: answers for several variants, one row each with one number (log odds) a finding.
  /// - Returns: for each finding the regions whose cover makes its answer fall by more than half of the
  ///   greatest fall, the strongest as a whole first and at most two; none where no place matters.
  public func regions(_ frames: [Picture], score: ([[Picture]]) -> [[Float]]) -> [[Region]] {
    guard let first = frames.first else { return [] }
    let grid = (cells - 1) * steps + 1
    let places = (0..<grid * grid).map { (row: $0 / grid, column: $0 % grid) }
    let means = frames.map(\.mean)
    var rows = score([frames])
    guard let base = rows.first, !base.isEmpty else { return [] }
    let fine = cells * steps
    func edge(_ place: Int) -> Int { place * first.side / fine }
    // Some at a time, so that memory does not grow with the grid.
    for start in stride(from: 0, to: places.count, by: 32) {
      let part = places[start..<min(places.count, start + 32)]
      rows += score(
        part.map { place in
          zip(frames, means).map {
            $0.covered(
              rows: edge(place.row)..<edge(place.row + steps),
              columns: edge(place.column)..<edge(place.column + steps), with: $1)
          }
        })
    }
    let found = base.indices.map { finding -> [Region] in
      var falls = [Double](repeating: 0, count: fine * fine), counts = falls
      for (index, place) in places.enumerated() {
        let fall = Double(base[finding] - rows[index + 1][finding])
        for y in place.row..<place.row + steps {
          for x in place.column..<place.column + steps {
            falls[y * fine + x] += fall
            counts[y * fine + x] += 1
          }
        }
      }
      return peaks(zip(falls, counts).map { $0 / max(1, $1) }, side: fine)
    }
    return ranked(found, frames, base, score)
  }

  /// Each finding's candidates by how far its answer falls when the whole of one is covered in the colour around it:
  /// cells that matter one by one may lie in a region that does not, and a grey cover may be what mattered.
  private func ranked(
    _ candidates: [[Region]], _ frames: [Picture], _ base: [Float], _ score: ([[Picture]]) -> [[Float]]
  ) -> [[Region]] {
    let all = candidates.flatMap { $0 }
    guard !all.isEmpty else { return candidates }
    let rows = score(all.map { region in frames.map { $0.blended(region) } })
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
