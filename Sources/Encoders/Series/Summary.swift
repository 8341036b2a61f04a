import Foundation

/// Statistics of one channel's values in a window.
struct Summary {
  /// Standardised values that are there, at least one, and their rows.
  var values: [Float]
  var places: [Float]

  /// Levels, compressed: mean, least, greatest, quantiles 0.1, 0.25, 0.5, 0.75, 0.9, first, last, means of the
  /// first and last quarter and their difference, change by a straight line, last minus first. Then, as
  /// logarithms: deviation, mean and root mean square of the steps. Then the autocorrelations at 1 and 4 rows.
  var features: [Float] {
    let count = values.count
    let mean = values.reduce(0, +) / Float(count)
    let centred = values.map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Float(count)
    let sorted = values.sorted()
    let quarter = max(1, count / 4)
    let head = values[..<quarter].reduce(0, +) / Float(quarter)
    let tail = values[(count - quarter)...].reduce(0, +) / Float(quarter)
    let levels = [
      mean, sorted[0], sorted[count - 1], quantile(sorted, 0.1), quantile(sorted, 0.25),
      quantile(sorted, 0.5), quantile(sorted, 0.75), quantile(sorted, 0.9), values[0], values[count - 1],
      head, tail, tail - head, trend(centred), values[count - 1] - values[0],
    ]
    var absolute: Float = 0, square: Float = 0
    for (a, b) in zip(values, values.dropFirst()) {
      absolute += abs(b - a)
      square += (b - a) * (b - a)
    }
    let steps = Float(max(1, count - 1))
    let spreads = [variance.squareRoot(), absolute / steps, (square / steps).squareRoot()]
    return levels.map(compress) + spreads.map { logf($0 + 0.05) }
      + [correlation(centred, variance, 1), correlation(centred, variance, 4)]
  }

  /// Change over the window along the straight line of least squares.
  private func trend(_ centred: [Float]) -> Float {
    guard let first = places.first, let last = places.last, last > first else { return 0 }
    let middle = places.reduce(0, +) / Float(places.count)
    var product: Float = 0, square: Float = 0
    for (value, place) in zip(centred, places) {
      product += value * (place - middle)
      square += (place - middle) * (place - middle)
    }
    return product / square * (last - first + 1)
  }

  private func correlation(_ centred: [Float], _ variance: Float, _ lag: Int) -> Float {
    guard centred.count > lag else { return 0 }
    let product = zip(centred, centred.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
    return product / Float(centred.count - lag) / (variance + 1e-4)
  }

  /// Linear between the sorted values (NumPy's default).
  private func quantile(_ sorted: [Float], _ share: Float) -> Float {
    let place = share * Float(sorted.count - 1)
    let low = Int(place)
    let rest = place - Float(low)
    return sorted[low] * (1 - rest) + sorted[min(low + 1, sorted.count - 1)] * rest
  }
}
