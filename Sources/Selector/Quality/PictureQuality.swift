import Encoders
import Foundation

extension Quality {
  /// Measures of one picture.
  public init(_ picture: Picture) {
    self.init()
    let count = Float(picture.pixels.count)
    var histogram = [Float](repeating: 0, count: 256)
    for pixel in picture.pixels { histogram[Int(pixel)] += 1 }
    saturation = (histogram[0...1].reduce(0, +) + histogram[254...255].reduce(0, +)) / count
    var mean: Float = 0, bits: Float = 0
    for (level, found) in histogram.enumerated() where found > 0 {
      mean += Float(level) * found / count
      bits -= found / count * log2f(found / count)
    }
    entropy = bits / 8
    let variance = histogram.enumerated().reduce(Float(0)) {
      $0 + (Float($1.offset) - mean) * (Float($1.offset) - mean) * $1.element / count
    }
    contrast = min(1, variance.squareRoot() / 127.5)
    blur = Quality.blur(picture, variance: variance)
  }

  /// Measures of a clip: the mean of its frames, and the share of frames equal to the one before.
  public init(clip frames: [Picture]) {
    self.init()
    let each = frames.map { Quality($0) }
    func mean(_ part: KeyPath<Quality, Float>) -> Float {
      each.reduce(0) { $0 + $1[keyPath: part] } / Float(max(1, each.count))
    }
    (blur, saturation, contrast, entropy) = (
      mean(\.blur), mean(\.saturation), mean(\.contrast), mean(\.entropy)
    )
    let repeats = zip(frames, frames.dropFirst()).filter { $0.pixels == $1.pixels }.count
    frozen = Float(repeats) / Float(max(1, frames.count - 1))
    missing = frames.isEmpty ? 1 : 0
  }

  /// One minus the variance of the Laplacian over that of the picture (after Pech-Pacheco et al. 2000),
  /// compressed so that ordinary pictures spread over the range.
  private static func blur(_ picture: Picture, variance: Float) -> Float {
    let side = picture.side, channels = picture.channels
    guard side > 2, variance > 0.5 else { return 1 }
    var sum: Float = 0, squares: Float = 0, count: Float = 0
    for y in 1..<side - 1 {
      for x in 1..<side - 1 {
        func at(_ x: Int, _ y: Int) -> Float { Float(picture.pixels[(y * side + x) * channels]) }
        let value = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y)
        sum += value
        squares += value * value
        count += 1
      }
    }
    let laplacian = max(0, squares / count - (sum / count) * (sum / count))
    return 1 - min(1, (laplacian / variance).squareRoot())
  }
}
