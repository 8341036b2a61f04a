/// Change of size, one axis after the other, with a triangle filter that widens with the reduction, so that
/// every source pixel counts (as in Pillow's `BILINEAR`).
enum Resampling {
  /// The source places and weights of one output place.
  struct Tap {
    var first: Int
    var weights: [Float]
  }

  static func taps(from source: Int, to target: Int) -> [Tap] {
    let scale = Float(source) / Float(target)
    let support = max(1, scale)
    return (0..<target).map { index in
      let centre = (Float(index) + 0.5) * scale
      let first = max(0, Int((centre - support + 0.5).rounded(.down)))
      let last = min(source, Int((centre + support + 0.5).rounded(.down)))
      var weights = (first..<max(last, first + 1)).map {
        max(0, 1 - abs((Float($0) + 0.5 - centre) / support))
      }
      let sum = weights.reduce(0, +)
      if sum > 0 { weights = weights.map { $0 / sum } } else { weights[0] = 1 }
      return Tap(first: min(first, source - 1), weights: weights)
    }
  }

  static func resize(_ source: Planes, to side: Int) -> Planes { resize(source, height: side, width: side) }

  static func resize(_ source: Planes, height: Int, width: Int) -> Planes {
    let channels = source.channels
    let across = taps(from: source.width, to: width), down = taps(from: source.height, to: height)
    var rows = [Float](repeating: 0, count: source.height * width * channels)
    source.values.withUnsafeBufferPointer { input in
      rows.withUnsafeMutableBufferPointer { output in
        for y in 0..<source.height {
          for (x, tap) in across.enumerated() {
            for channel in 0..<channels {
              var sum: Float = 0
              var place = (y * source.width + tap.first) * channels + channel
              for weight in tap.weights {
                sum += weight * input[place]
                place += channels
              }
              output[(y * width + x) * channels + channel] = sum
            }
          }
        }
      }
    }
    let stride = width * channels
    var out = [Float](repeating: 0, count: height * stride)
    rows.withUnsafeBufferPointer { input in
      out.withUnsafeMutableBufferPointer { output in
        for (y, tap) in down.enumerated() {
          for (offset, weight) in tap.weights.enumerated() {
            let row = (tap.first + offset) * stride
            for column in 0..<stride { output[y * stride + column] += weight * input[row + column] }
          }
        }
      }
    }
    return Planes(height: height, width: width, channels: channels, values: out)
  }
}
