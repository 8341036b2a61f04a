import Encoders
import Foundation

/// What a picture looks like before any model sees it: layout, brightness, sharpness and directions of its edges.
///
/// Learned embeddings draw whatever they are given near to what they know; these plain measures do not, and so tell a
/// CT slice from a radiograph, or a simulated chest from a real one. Compared by `Familiarity`.
public enum Appearance {
  /// Unit length: 64 values of layout, 8 of brightness, 6 of sharpness, 8 of directions, 1 of motion.
  public static func measures(_ picture: Picture) -> [Float] { unit(parts(picture) + [0]) }

  /// The mean of a clip's frames, and how much changes from one to the next.
  public static func measures(clip frames: [Picture]) -> [Float] {
    guard let first = frames.first else { return [] }
    var mean = [Float](repeating: 0, count: parts(first).count)
    for frame in frames {
      for (place, value) in parts(frame).enumerated() { mean[place] += value / Float(frames.count) }
    }
    var change: Float = 0
    for (a, b) in zip(frames, frames.dropFirst()) {
      change +=
        zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Float($1.0) - Float($1.1)) } / Float(a.pixels.count)
    }
    return unit(mean + [log(1 + change / Float(max(1, frames.count - 1)))])
  }

  private static func parts(_ picture: Picture) -> [Float] {
    var grey = Grey(picture)
    return layout(grey) + brightness(grey) + sharpness(&grey) + directions(Grey(picture))
  }

  /// Samples of the first channel.
  private struct Grey {
    var side: Int
    var values: [Float]

    init(_ picture: Picture) {
      side = picture.side
      values = stride(from: 0, to: picture.pixels.count, by: picture.channels).map {
        Float(picture.pixels[$0])
      }
    }

    func mean(_ rows: Range<Int>, _ columns: Range<Int>) -> Float {
      var sum: Float = 0
      for y in rows { for x in columns { sum += values[y * side + x] } }
      return sum / Float(max(1, rows.count * columns.count))
    }

    /// At half the size.
    var halved: Grey {
      var half = self
      half.side = side / 2
      half.values = (0..<half.side * half.side).map { place in
        let (y, x) = (2 * (place / half.side), 2 * (place % half.side))
        return mean(y..<y + 2, x..<x + 2)
      }
      return half
    }
  }

  /// Means of 8 x 8 blocks, standardised.
  private static func layout(_ grey: Grey) -> [Float] {
    func span(_ block: Int) -> Range<Int> {
      let start = min(grey.side - 1, block * grey.side / 8)
      return start..<max(start + 1, (block + 1) * grey.side / 8)
    }
    let blocks = (0..<64).map { grey.mean(span($0 / 8), span($0 % 8)) }
    let mean = blocks.reduce(0, +) / 64
    let deviation = (blocks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 64).squareRoot()
    // Four levels of 255 keep blank pictures from blowing up.
    return blocks.map { ($0 - mean) / (deviation + 4) / 8 }
  }

  /// Square roots of a histogram's shares, so that products of two are their Bhattacharyya coefficient.
  private static func brightness(_ grey: Grey) -> [Float] {
    var shares = [Float](repeating: 0, count: 8)
    for value in grey.values { shares[min(7, Int(value) / 32)] += 1 / Float(grey.values.count) }
    return shares.map { $0.squareRoot() }
  }

  /// Logarithms of the mean differences of neighbours, across and down, at three sizes.
  private static func sharpness(_ grey: inout Grey) -> [Float] {
    var found: [Float] = []
    for _ in 0..<3 {
      var across: Float = 0, down: Float = 0
      let side = grey.side
      for y in 0..<side {
        for x in 0..<side {
          let here = grey.values[y * side + x]
          if x + 1 < side { across += abs(grey.values[y * side + x + 1] - here) }
          if y + 1 < side { down += abs(grey.values[(y + 1) * side + x] - here) }
        }
      }
      let pairs = Float(max(1, side * (side - 1)))
      found += [log(1 + across / pairs), log(1 + down / pairs)]
      grey = grey.halved
    }
    return found.map { $0 / Float(6).squareRoot() }
  }

  /// Square roots of the shares of eight directions in the gradients' total length.
  private static func directions(_ grey: Grey) -> [Float] {
    var shares = [Float](repeating: 0, count: 8)
    let side = grey.side
    guard side > 2 else { return shares }
    for y in 1..<side - 1 {
      for x in 1..<side - 1 {
        let dx = grey.values[y * side + x + 1] - grey.values[y * side + x - 1]
        let dy = grey.values[(y + 1) * side + x] - grey.values[(y - 1) * side + x]
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 0 else { continue }
        let angle = atan2(dy, dx)
        let turn = (angle < 0 ? angle + .pi : angle) / .pi
        shares[min(7, Int(turn * 8))] += length
      }
    }
    let total = max(1e-9, shares.reduce(0, +))
    return shares.map { ($0 / total).squareRoot() }
  }

  private static func unit(_ values: [Float]) -> [Float] {
    let length = max(1e-12, values.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return values.map { $0 / length }
  }
}
