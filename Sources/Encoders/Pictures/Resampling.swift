/// Change of size, one axis after the other, with a triangle filter that widens with the reduction, so that
/// every source pixel counts (as in Pillow's `BILINEAR`).
enum Resampling {
  /// The source places and weights of every output place along one axis.
  struct Taps {
    /// First source place of each output place.
    var first: [Int] = []
    /// Where each output place's weights begin in `weights`, and one entry more for the end.
    var starts = [0]
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
        first.append(min(begin, source - 1))
        weights += part
        starts.append(weights.count)
      }
    }
  }

  static func resize(_ source: Planes, to side: Int) -> Planes { resize(source, height: side, width: side) }

  static func resize(_ source: Planes, height: Int, width: Int) -> Planes {
    source.values.withUnsafeBufferPointer {
      resize(
        $0, height: source.height, width: source.width, channels: source.channels, to: (height, width),
        read: { $0 })
    }
  }

  /// Bytes `[height, width, channels]` to floats of the new size.
  static func resize(
    _ bytes: [UInt8], height: Int, width: Int, channels: Int, to size: (height: Int, width: Int)
  ) -> Planes {
    bytes.withUnsafeBufferPointer {
      resize($0, height: height, width: width, channels: channels, to: size, read: { Float($0) })
    }
  }

  /// Rows are summed down into one line, which vectors do well, and that line is resampled across: only the rows
  /// that are kept pay for the scattered reads.
  @inline(__always)
  private static func resize<Sample>(
    _ input: UnsafeBufferPointer<Sample>, height: Int, width: Int, channels: Int,
    to size: (height: Int, width: Int), read: (Sample) -> Float
  ) -> Planes {
    let across = Taps(from: width, to: size.width), down = Taps(from: height, to: size.height)
    let stride = width * channels, count = size.height * size.width * channels
    precondition(input.count >= height * stride)
    let values = [Float](unsafeUninitializedCapacity: count) { output, filled in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: stride) { line in
        guard let source = input.baseAddress, let sums = line.baseAddress, var target = output.baseAddress
        else { return }
        for y in 0..<size.height {
          sums.update(repeating: 0, count: stride)
          for tap in down.starts[y]..<down.starts[y + 1] {
            let weight = down.weights[tap]
            let row = source + (down.first[y] + tap - down.starts[y]) * stride
            for column in 0..<stride { sums[column] += weight * read(row[column]) }
          }
          across.weights.withUnsafeBufferPointer { weights in
            for x in 0..<size.width {
              for channel in 0..<channels {
                var sum: Float = 0
                var place = across.first[x] &* channels &+ channel
                for tap in across.starts[x]..<across.starts[x + 1] {
                  sum += weights[tap] * sums[place]
                  place &+= channels
                }
                target[channel] = sum
              }
              target += channels
            }
          }
        }
      }
      filled = count
    }
    return Planes(height: size.height, width: size.width, channels: channels, values: values)
  }
}
