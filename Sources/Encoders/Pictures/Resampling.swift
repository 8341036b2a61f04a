import CPictures

/// Change of size, one axis after the other, with a triangle filter that widens with the reduction, so that
/// every source pixel counts (as in Pillow's `BILINEAR`).
enum Resampling {
  /// The source places and weights of every output place along one axis.
  struct Taps {
    /// First source place of each output place.
    var first: [Int32] = []
    /// Where each output place's weights begin in `weights`, and one entry more for the end.
    var starts: [Int32] = [0]
    var weights: [Float] = []

    init(from source: Int, to target: Int) {
      let scale = Float(source) / Float(target)
      let support = max(1, scale)
      for index in 0..<target {
        let centre = (Float(index) + 0.5) * scale
        let begin = max(0, Int((centre - support + 0.5).rounded(.down)))
        let end = min(source, Int((centre + support + 0.5).rounded(.down)))
        var part = (begin..<max(end, begin + 1)).map {
          max(0, 1 - abs((Float($0) + 0.5 - centre) / support))
        }
        let sum = part.reduce(0, +)
        if sum > 0 { part = part.map { $0 / sum } } else { part[0] = 1 }
        first.append(Int32(min(begin, source - 1)))
        weights += part
        starts.append(Int32(weights.count))
      }
    }

    func withC<Result>(_ body: (cpictures_taps) -> Result) -> Result {
      first.withUnsafeBufferPointer { first in
        starts.withUnsafeBufferPointer { starts in
          weights.withUnsafeBufferPointer { weights in
            body(
              cpictures_taps(
                first: first.baseAddress, starts: starts.baseAddress, weights: weights.baseAddress,
                count: first.count))
          }
        }
      }
    }
  }

  static func resize(_ source: Planes, to side: Int) -> Planes { resize(source, height: side, width: side) }

  static func resize(_ source: Planes, height: Int, width: Int) -> Planes {
    resize(
      source.values, height: source.height, width: source.width, channels: source.channels,
      to: (height, width),
      cpictures_resize_floats)
  }

  /// Bytes `[height, width, channels]` to floats of the new size.
  static func resize(
    _ bytes: [UInt8], height: Int, width: Int, channels: Int, to size: (height: Int, width: Int)
  ) -> Planes {
    resize(bytes, height: height, width: width, channels: channels, to: size, cpictures_resize_bytes)
  }

  /// To the nearest byte, below 0 and above 255 to these.
  static func bytes(_ values: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: values.count) { bytes, filled in
      values.withUnsafeBufferPointer { cpictures_round($0.baseAddress, $0.count, bytes.baseAddress) }
      filled = values.count
    }
  }

  private static func resize<Sample>(
    _ source: [Sample], height: Int, width: Int, channels: Int, to size: (height: Int, width: Int),
    _ kernel: (
      UnsafePointer<Sample>?, Int, Int, cpictures_taps, cpictures_taps, UnsafeMutablePointer<Float>?,
      UnsafeMutablePointer<Float>?
    ) -> Void
  ) -> Planes {
    precondition(source.count == height * width * channels && (channels == 1 || channels == 3))
    let count = size.height * size.width * channels
    let values = [Float](unsafeUninitializedCapacity: count) { target, filled in
      Taps(from: height, to: size.height).withC { down in
        Taps(from: width, to: size.width).withC { across in
          source.withUnsafeBufferPointer { source in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width * channels) { line in
              kernel(source.baseAddress, width, channels, down, across, line.baseAddress, target.baseAddress)
            }
          }
        }
      }
      filled = count
    }
    return Planes(height: size.height, width: size.width, channels: channels, values: values)
  }
}
