/// What stays of a picture when it is encoded again, made a little smaller, brighter or flatter: three small vectors,
/// each with mean 0 and length 1, whose products tell whether two pictures are one.
///
/// The coarse part is what a perceptual hash keeps (Zauner, “Implementation and Benchmarking of Perceptual Image Hash
/// Functions”, 2010), as numbers instead of bits. On scans of one kind, which all look alike, it proves nothing; the
/// detail does: differences from the surroundings, in which two persons' chests agree little and two copies much.
public struct PictureTrace: Sendable {
  /// Grey, `[16, 16]`.
  public let coarse: [Float]
  /// Grey less its surroundings of 5 x 5, `[32, 32]`, or `[24, 24]` of pictures with fewer than 32 pixels a side.
  public let detail: [Float]
  /// `[8, 8, 3]`, grey pictures with three equal channels.
  public let colour: [Float]

  static let coarseSide = 16
  /// Two pictures are taken for one where all three products reach these. Copies of chest X-rays, also of 28 pixels, and
  /// of drawings (JPEG at quality 60, four fifths of the size, other brightness or gamma) have at least 0.99 in the coarse
  /// part and 0.95 in the detail; of 4.5 million pairs of different chests none has more than 0.90 in the detail. Noise
  /// on pictures of 28 pixels, and borders cut off, make a copy another picture. Drawings of one shape in different
  /// colours differ in the last.
  static let leastCoarse: Float = 0.95, leastDetail: Float = 0.93, leastColour: Float = 0.95

  /// Nil for a picture without any difference in it: all of those are alike and none tells where it comes from.
  public init?(_ picture: Picture) {
    let side = picture.side < 32 ? 24 : 32
    guard let coarse = PictureTrace.grey(picture, PictureTrace.coarseSide).standard,
      let detail = PictureTrace.surprise(PictureTrace.grey(picture, side), side).standard
    else { return nil }
    (self.coarse, self.detail) = (coarse, detail)
    let small = Resampling.resize(
      picture.pixels, height: picture.side, width: picture.side, channels: picture.channels, to: (8, 8))
    let values =
      small.channels == 3 ? small.values : small.values.flatMap { [$0, $0, $0] }
    colour = values.standard ?? []
  }

  /// The least of detail and colour, from -1 to 1; nil where the two are different pictures.
  public func likeness(to other: PictureTrace) -> Float? {
    guard detail.count == other.detail.count, colour.count == other.colour.count else { return nil }
    let shape = PictureTrace.product(detail, other.detail)
    guard shape >= PictureTrace.leastDetail,
      PictureTrace.product(coarse, other.coarse) >= PictureTrace.leastCoarse
    else { return nil }
    let hue = PictureTrace.product(colour, other.colour)
    return hue >= PictureTrace.leastColour ? min(1, shape, hue) : nil
  }

  /// What `coarse` must reach with another's before the rest is worth a look.
  public static var worthALook: Float { leastCoarse }

  private static func product(_ a: [Float], _ b: [Float]) -> Float {
    a.indices.reduce(0) { $0 + a[$1] * b[$1] }
  }

  private static func grey(_ picture: Picture, _ side: Int) -> [Float] {
    let small = Resampling.resize(
      picture.pixels, height: picture.side, width: picture.side, channels: picture.channels, to: (side, side))
    guard small.channels == 3 else { return small.values }
    return stride(from: 0, to: small.values.count, by: 3).map {
      Planes.luma(small.values[$0], small.values[$0 + 1], small.values[$0 + 2])
    }
  }

  /// Every value less the mean of the 5 x 5 around it; the border is repeated outwards.
  private static func surprise(_ values: [Float], _ side: Int) -> [Float] {
    func mean(_ values: [Float], _ place: (Int, Int) -> Int) -> [Float] {
      var out = values
      for line in 0..<side {
        for centre in 0..<side {
          var sum: Float = 0
          for shift in -2...2 { sum += values[place(line, max(0, min(side - 1, centre + shift)))] }
          out[place(line, centre)] = sum / 5
        }
      }
      return out
    }
    let across = mean(values) { $0 * side + $1 }
    let around = mean(across) { $1 * side + $0 }
    return values.indices.map { values[$0] - around[$0] }
  }
}

extension [Float] {
  /// With mean 0 and length 1; nil where all values are nearly the same: a grey level is one of 255.
  fileprivate var standard: [Float]? {
    let mean = reduce(0, +) / Float(Swift.max(1, count))
    let centred = map { $0 - mean }
    let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0.5 * Float(count).squareRoot() else { return nil }
    return centred.map { $0 / length }
  }
}
