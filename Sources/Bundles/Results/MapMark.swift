import Files

/// Marks that differ in shape as well as in colour: eight colours and seven shapes go together in 56 ways.
enum MapMark {
  /// The outline of a mark around a place.
  static func path(_ kind: Int, _ x: Double, _ y: Double, _ size: Double) -> String {
    func n(_ value: Double) -> String { SVGText.number(value) }
    func polygon(_ corners: [(Double, Double)]) -> String {
      "M"
        + corners.map { "\(n(x + $0.0 * size)) \(n(y + $0.1 * size))" }.joined(separator: "L") + "Z"
    }
    switch kind % 7 {
    case 0:
      let r = n(size)
      return "M\(n(x - size)) \(n(y))a\(r) \(r) 0 1 0 \(n(2 * size)) 0a\(r) \(r) 0 1 0 \(n(-2 * size)) 0Z"
    case 1: return polygon([(0, -1.25), (1.15, 0.85), (-1.15, 0.85)])
    case 2: return polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 3: return polygon([(0, -1.35), (1.1, 0), (0, 1.35), (-1.1, 0)])
    case 4:
      return polygon([
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2),
        (-0.4, 1.2),
        (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
      ])
    case 5: return polygon([(0, 1.25), (1.15, -0.85), (-1.15, -0.85)])
    default: return polygon([(-1.4, -0.55), (1.4, -0.55), (1.4, 0.55), (-1.4, 0.55)])
    }
  }
}

/// Names of labels on a map, each near what it names, none over another.
struct MapLabels {
  private let width: Double, height: Double
  private var taken: [(x: Double, y: Double, width: Double)]

  /// - Parameter taken: places that names keep clear of.
  init(width: Double, height: Double, taken: [(Double, Double)]) {
    (self.width, self.height) = (width, height)
    self.taken = taken.map { ($0.0 - 10, $0.1 + 4, 20) }
  }

  /// Nil where there is no room; the legend names the label in any case.
  mutating func text(_ name: String, over places: [(Double, Double)]) -> String? {
    guard !places.isEmpty else { return nil }
    let middle = (median(places.map(\.0)), median(places.map(\.1)))
    let long = name.unicodeScalars.reduce(0.0) { $0 + ($1.value >= 0x2E80 ? 12 : 6.8) }
    guard long < width else { return nil }
    for step in [-14.0, 23, -29, 38, -44, 53] {
      let x = min(max(middle.0 - long / 2, 2), width - long - 2), y = middle.1 + step
      guard y > 12, y < height - 4,
        !taken.contains(where: { abs($0.y - y) < 15 && x < $0.x + $0.width && $0.x < x + long })
      else { continue }
      taken.append((x, y, long))
      return SVGText.text(x, y, name, "class=\"label\"")
    }
    return nil
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
