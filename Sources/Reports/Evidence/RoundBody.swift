/// The bright disc that stands out most from what surrounds it: how large a nodule is.
///
/// A disc of one tone stands out most from the ring around it where the circle between them is its own border, so that the
/// best of all circles tells its size.
public struct RoundBody: Sendable, Equatable {
  /// Centre, in pixels from the upper left corner.
  public var x: Double, y: Double
  /// In pixels.
  public var diameter: Double
  /// Mean level of the disc over that of the ring around it.
  public var contrast: Double

  /// The ring is so many times as wide as the disc.
  private static let ring = 1.4
  /// Smaller discs are noise.
  private static let leastRadius = 3.0

  /// - Parameters:
  ///   - levels: `[height, width]`, row after row.
  ///   - least: contrast below which nothing stands out.
  /// - Returns: nil where nothing stands out, or the picture is too small for a disc and its ring.
  public init?(levels: [Float], width: Int, height: Int, least: Double) {
    precondition(levels.count == width * height)
    let greatest = Double(min(width, height)) / 2 / Self.ring - 1
    guard greatest > Self.leastRadius else { return nil }
    let sums = RowSums(levels, width: width, height: height)
    var best: (body: RoundBody, score: Double)?
    var radius = Self.leastRadius
    while radius <= greatest {
      let outer = radius * Self.ring, edge = Int(outer.rounded(.up))
      let step = max(1, Int(radius / 6))
      for y in stride(from: edge, to: height - edge, by: step) {
        for x in stride(from: edge, to: width - edge, by: step) {
          let inside = sums.disc(x, y, radius), whole = sums.disc(x, y, outer)
          let around = (whole.sum - inside.sum) / Double(max(1, whole.count - inside.count))
          let contrast = inside.sum / Double(inside.count) - around
          // Specks of noise have great contrast and small area.
          let score = contrast * radius.squareRoot()
          if contrast >= least, score > best?.score ?? 0 {
            best = (
              RoundBody(x: Double(x), y: Double(y), diameter: 2 * radius + 1, contrast: contrast), score
            )
          }
        }
      }
      radius += max(0.5, radius / 20)
    }
    guard let best else { return nil }
    self = best.body
  }

  private init(x: Double, y: Double, diameter: Double, contrast: Double) {
    (self.x, self.y, self.diameter, self.contrast) = (x, y, diameter, contrast)
  }
}

/// Sums of rows from their beginning, so that a disc is the sum of some dozen differences.
private struct RowSums {
  private let width: Int
  private var sums: [Double]

  init(_ levels: [Float], width: Int, height: Int) {
    self.width = width
    sums = [Double](repeating: 0, count: (width + 1) * height)
    for y in 0..<height {
      for x in 0..<width {
        sums[y * (width + 1) + x + 1] = sums[y * (width + 1) + x] + Double(levels[y * width + x])
      }
    }
  }

  func disc(_ x: Int, _ y: Int, _ radius: Double) -> (sum: Double, count: Int) {
    var sum = 0.0, count = 0
    let reach = Int(radius)
    for dy in -reach...reach {
      let half = Int((radius * radius - Double(dy * dy)).squareRoot())
      let row = (y + dy) * (width + 1)
      sum += sums[row + x + half + 1] - sums[row + x - half]
      count += 2 * half + 1
    }
    return (sum, count)
  }
}
