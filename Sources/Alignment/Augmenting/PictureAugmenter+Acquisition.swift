import Encoders
import Foundation
import Layers

/// What another device or another setting of it does to the same anatomy.
extension PictureAugmenter {
  /// Gamma, contrast and brightness of the whole picture, and noise of each value.
  func expose(_ values: inout [Float], _ draw: Draw, using rng: inout some RandomNumberGenerator) {
    // A table with straight lines between: a power of every value would take longer than all else together.
    let steps = 512
    let curve = (0...steps + 1).map { index -> Float in
      let exposed = powf(Float(index) / Float(steps), draw.gamma)
      return (exposed - 0.5) * draw.contrast + 0.5 + draw.brightness
    }
    // The sum of four uniform numbers of 16 bits is near to normal, and one draw makes them; its variance is a third.
    let strength = draw.noise * Float(3).squareRoot()
    for index in values.indices {
      let place = max(0, min(1, values[index])) * Float(steps)
      let below = Int(place)
      var value = curve[below] + (place - Float(below)) * (curve[below + 1] - curve[below])
      if strength > 0 {
        let bits = rng.next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        value += strength * (Float(sum) / 65535 - 2)
      }
      values[index] = max(0, min(1, value))
    }
  }

  /// Brightness that changes evenly from edge to edge.
  func shade(_ values: inout [Float], _ shading: (across: Float, down: Float), _ picture: Picture) {
    let side = picture.side, channels = picture.channels, half = max(0.5, Float(side - 1) / 2)
    for y in 0..<side {
      let down = 1 + shading.down * (Float(y) / half - 1)
      for x in 0..<side {
        let factor = max(0, down + shading.across * (Float(x) / half - 1))
        for channel in 0..<channels { values[(y * side + x) * channels + channel] *= factor }
      }
    }
  }

  /// As a detector with `factor` times larger cells sees it: means over cells, linear between their centres.
  func coarsen(_ values: inout [Float], _ factor: Float, _ picture: Picture) {
    let side = picture.side, channels = picture.channels
    let few = max(2, Int(Float(side) / factor)), cell = Float(side) / Float(few)
    guard few < side else { return }
    var sums = [Float](repeating: 0, count: few * few * channels), counts = sums
    let cells = (0..<side).map { min(few - 1, Int((Float($0) + 0.5) / cell)) }
    for y in 0..<side {
      for x in 0..<side {
        for channel in 0..<channels {
          let place = (cells[y] * few + cells[x]) * channels + channel
          sums[place] += values[(y * side + x) * channels + channel]
          counts[place] += 1
        }
      }
    }
    for place in sums.indices { sums[place] /= max(1, counts[place]) }
    // Of each line or column: the cell before, the one after, and the share of the latter.
    let between = (0..<side).map { index -> (Int, Int, Float) in
      let place = max(0, min(Float(few - 1), (Float(index) + 0.5) / cell - 0.5))
      return (Int(place), min(few - 1, Int(place) + 1), place - Float(Int(place)))
    }
    for y in 0..<side {
      let (top, bottom, down) = between[y]
      for x in 0..<side {
        let (left, right, across) = between[x]
        for channel in 0..<channels {
          func at(_ row: Int, _ column: Int) -> Float { sums[(row * few + column) * channels + channel] }
          let above = at(top, left) * (1 - across) + at(top, right) * across
          let below = at(bottom, left) * (1 - across) + at(bottom, right) * across
          values[(y * side + x) * channels + channel] = above * (1 - down) + below * down
        }
      }
    }
  }

  /// Black borders.
  /// - Parameter borders: shares of the side: left, top, right, bottom.
  func cover(_ values: inout [Float], _ borders: [Float], _ picture: Picture) {
    let side = picture.side, channels = picture.channels
    let widths = borders.map { Int($0 * Float(side)) }
    for y in 0..<side {
      for x in 0..<side
      where x < widths[0] || y < widths[1] || x >= side - widths[2] || y >= side - widths[3] {
        for channel in 0..<channels { values[(y * side + x) * channels + channel] = 0 }
      }
    }
  }
}
