import Encoders

/// Pictures as the usual networks take them: channels first, on the scale 0...1, less ImageNet's mean and over its
/// deviation.
struct DecodedTensor: Sendable {
  /// `[frames, 3, side, side]`, or `[3, side, side]` of a still picture.
  var shape: [Int]
  var values: [Float]

  private static let mean: [Float] = [0.485, 0.456, 0.406]
  private static let deviation: [Float] = [0.229, 0.224, 0.225]
  /// What each of the 256 levels becomes, one table a channel.
  private static let tables: [[Float]] = zip(mean, deviation).map { mean, deviation in
    (0..<256).map { (Float($0) / 255 - mean) / deviation }
  }

  /// - Precondition: pictures of three channels and one size.
  init(_ pictures: [Picture], isClip: Bool) {
    let side = pictures.first?.side ?? 0, plane = side * side, count = pictures.count * 3 * plane
    shape = (isClip ? [pictures.count] : []) + [3, side, side]
    values = [Float](unsafeUninitializedCapacity: count) { output, filled in
      guard var target = output.baseAddress else { return }
      for picture in pictures {
        picture.pixels.withUnsafeBufferPointer { pixels in
          for (channel, table) in Self.tables.enumerated() {
            table.withUnsafeBufferPointer { table in
              for place in 0..<plane { target[place] = table[Int(pixels[place &* 3 &+ channel])] }
            }
            target += plane
          }
        }
      }
      filled = count
    }
  }
}
