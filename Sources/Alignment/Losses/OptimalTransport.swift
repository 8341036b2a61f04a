import Foundation

/// How much of each source goes to each sink at the least cost, with entropy that spreads it (Cuturi 2013, "Sinkhorn
/// Distances"): all sources give alike, all sinks take alike.
public enum OptimalTransport {
  /// - Parameters:
  ///   - costs: `[sources * sinks]`, row-major.
  ///   - regularisation: factor on the entropy, in units of the costs; above 0.
  ///   - iterations: passes over rows and columns; what is left of the error falls by a constant factor in each.
  /// - Returns: `[sources * sinks]`; every column sums to 1 / sinks, every row to 1 / sources but for that error.
  public static func plan(
    costs: [Float], sources: Int, sinks: Int, regularisation: Float, iterations: Int = 100
  ) -> [Float] {
    precondition(costs.count == sources * sinks)
    // With logarithms, since exp(-cost / regularisation) of far pairs is no float any more.
    let kernel = costs.map { -$0 / regularisation }
    var rows = [Float](repeating: 0, count: sources), columns = [Float](repeating: 0, count: sinks)
    let (share, taken) = (-logf(Float(sources)), -logf(Float(sinks)))
    for _ in 0..<iterations {
      for source in 0..<sources {
        rows[source] = share - logSum(sinks) { kernel[source * sinks + $0] + columns[$0] }
      }
      for sink in 0..<sinks {
        columns[sink] = taken - logSum(sources) { kernel[$0 * sinks + sink] + rows[$0] }
      }
    }
    return (0..<sources * sinks).map { expf(kernel[$0] + rows[$0 / sinks] + columns[$0 % sinks]) }
  }

  private static func logSum(_ count: Int, _ term: (Int) -> Float) -> Float {
    var highest = -Float.infinity
    for index in 0..<count { highest = max(highest, term(index)) }
    var sum: Float = 0
    for index in 0..<count { sum += expf(term(index) - highest) }
    return highest + logf(sum)
  }
}
