/// Finds sensors that tell nearly the same, from a sample of the rows.
struct TwinSearch {
  let sample: RowReservoir
  let names: [String]

  /// Two sensors with a larger correlation, of either sign, are twins.
  static let limit = 0.999

  func pairs() -> [TwinSensors] {
    let width = sample.width, count = sample.count
    guard count >= 30 else { return [] }
    // Standardised columns, so that a correlation is a mean of products; 0 stands for missing values.
    var columns = [[Float]?](repeating: nil, count: width)
    var isComplete = [Bool](repeating: true, count: width)
    for channel in 0..<width {
      var values = stride(from: channel, to: sample.rows.count, by: width).map { sample.rows[$0] }
      let present = values.filter { !$0.isNaN }
      guard present.count >= 30 else { continue }
      isComplete[channel] = present.count == count
      let mean = present.reduce(0.0) { $0 + Double($1) } / Double(present.count)
      let squares = present.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      let deviation = (squares / Double(present.count)).squareRoot()
      guard deviation > 1e-7 * abs(mean), deviation > 0 else { continue }
      for index in values.indices { values[index] = Float((Double(values[index]) - mean) / deviation) }
      columns[channel] = values
    }
    var found: [TwinSensors] = []
    for second in 0..<width {
      guard let b = columns[second] else { continue }
      for first in 0..<second {
        guard let a = columns[first] else { continue }
        // A few rows tell most pairs apart.
        if isComplete[first], isComplete[second], count > 512, abs(product(a, b, 128)) < 0.8 * 128 {
          continue
        }
        let r =
          isComplete[first] && isComplete[second]
          ? product(a, b, count) / Double(count) : paired(a, b)
        if abs(r) > Self.limit {
          found.append(
            TwinSensors(first: names[first], second: names[second], correlation: max(-1, min(1, r))))
        }
      }
    }
    return found
  }

  private func product(_ a: [Float], _ b: [Float], _ count: Int) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sum = 0.0
        for index in 0..<count { sum += Double(a[index]) * Double(b[index]) }
        return sum
      }
    }
  }

  /// Over the rows in which both are there.
  private func paired(_ a: [Float], _ b: [Float]) -> Double {
    let both = zip(a, b).filter { !$0.isNaN && !$1.isNaN }.map { (Double($0), Double($1)) }
    guard both.count >= 30 else { return 0 }
    let n = Double(both.count)
    let meanA = both.reduce(0) { $0 + $1.0 } / n, meanB = both.reduce(0) { $0 + $1.1 } / n
    var products = 0.0, squaresA = 0.0, squaresB = 0.0
    for (x, y) in both {
      products += (x - meanA) * (y - meanB)
      squaresA += (x - meanA) * (x - meanA)
      squaresB += (y - meanB) * (y - meanB)
    }
    let scale = (squaresA * squaresB).squareRoot()
    return scale > 0 ? products / scale : 0
  }
}
