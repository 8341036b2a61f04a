import Encoders

extension Picture {
  /// Mean of each channel.
  var mean: [UInt8] { mean(rows: 0..<side, columns: 0..<side) }

  /// Mean of each channel over a rectangle of pixels; black where it is empty.
  func mean(rows: Range<Int>, columns: Range<Int>) -> [UInt8] {
    let count = max(1, rows.count * columns.count)
    return (0..<channels).map { channel in
      var sum = 0
      for y in rows {
        for x in columns { sum += Int(pixels[(y * side + x) * channels + channel]) }
      }
      return UInt8(sum / count)
    }
  }

  /// The same with a rectangle painted over.
  /// - Parameter colour: one value a channel.
  func covered(rows: Range<Int>, columns: Range<Int>, with colour: [UInt8]) -> Picture {
    var pixels = pixels
    for y in rows {
      for x in columns {
        for channel in 0..<channels { pixels[(y * side + x) * channels + channel] = colour[channel] }
      }
    }
    return Picture(side: side, channels: channels, pixels: pixels)
  }

  /// The same with a region painted over in the mean colour of the line of pixels around it.
  func blended(_ region: Occlusion.Region) -> Picture {
    func range(_ start: Double, _ length: Double) -> Range<Int> {
      let low = min(side - 1, max(0, Int((start * Double(side)).rounded())))
      return low..<min(side, max(low + 1, Int(((start + length) * Double(side)).rounded())))
    }
    let (rows, columns) = (range(region.y, region.height), range(region.x, region.width))
    return covered(rows: rows, columns: columns, with: surroundings(rows: rows, columns: columns))
  }

  /// Mean of each channel over the line of pixels around a rectangle; its own mean where it fills the picture.
  private func surroundings(rows: Range<Int>, columns: Range<Int>) -> [UInt8] {
    let outer = (
      rows: max(0, rows.lowerBound - 1)..<min(side, rows.upperBound + 1),
      columns: max(0, columns.lowerBound - 1)..<min(side, columns.upperBound + 1)
    )
    var sums = [Int](repeating: 0, count: channels), count = 0
    for y in outer.rows {
      for x in outer.columns where !(rows.contains(y) && columns.contains(x)) {
        count += 1
        for channel in 0..<channels { sums[channel] += Int(pixels[(y * side + x) * channels + channel]) }
      }
    }
    return count > 0 ? sums.map { UInt8($0 / count) } : mean(rows: rows, columns: columns)
  }
}
