/// Finds room for the labels of rectangles in a picture, so that none covers another.
struct LabelPlaces {
  struct Place: Equatable {
    var x: Double, y: Double, width: Double, height: Double

    func meets(_ other: Place) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
    }
  }

  private let width: Double, height: Double
  private var taken: [Place] = []

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// Height of the letters.
  var size: Double { max(width, height) / 34 }

  /// Above the rectangle, else below it, else inside at its top or bottom, moved into the picture; nil where
  /// every such place is taken or the picture is too narrow.
  mutating func place(
    _ text: String, at box: (x: Double, y: Double, width: Double, height: Double)
  ) -> Place? {
    // Chinese letters are about as wide as high.
    let units = text.unicodeScalars.reduce(0.0) { $0 + ($1.value >= 0x2E80 ? 1.0 : 0.66) }
    let w = units * size + size * 0.8, h = size * 1.4
    guard w <= width else { return nil }
    let columns = [box.x, box.x + box.width - w].map { min(max($0, 0), width - w) }
    let rows = [box.y - h, box.y + box.height, box.y, box.y + box.height - h].filter {
      $0 >= 0 && $0 + h <= height
    }
    for y in rows {
      for x in columns {
        let found = Place(x: x, y: y, width: w, height: h)
        guard !taken.contains(where: found.meets) else { continue }
        taken.append(found)
        return found
      }
    }
    return nil
  }
}
