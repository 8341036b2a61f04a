import Foundation
import Tensors

/// Multinomial cross-entropy with a penalty on the squared weights, least by L-BFGS in the space of the weights.
///
/// In the dual form weights are sums of rows; a direction is then held by its coefficients and by the scores that it
/// gives, which suffice for all inner products. Scores being linear in the weights, the search along a direction needs
/// no products of matrices, so that one iteration takes one (dual) or two.
///
/// Source: Nocedal, Wright, Numerical Optimization, 2006, algorithm 7.4.
struct LogisticProblem {
  /// Directions that the curvature is taken from.
  private static let memory = 10

  /// The rows `[rows, columns]`, or in the dual form their products `[rows, rows]`.
  let design: Tensor
  let isDual: Bool
  let labels: [Int]
  let classes: Int
  /// Mean squared length of a row: an offset counts as a feature of that square.
  let scale: Double
  private let tape = Tape(.inference)

  init(design: Tensor, isDual: Bool, labels: [Int], classes: Int, scale: Double) {
    (self.design, self.isDual, self.labels, self.classes) = (design, isDual, labels, classes)
    self.scale = scale
  }

  /// A place or a direction: what the weights are made of, the scores they give, and the offsets.
  struct Point {
    /// `[classes, rows or columns]`.
    var coefficients: [Float]
    /// `[classes, rows]`, without offsets.
    var scores: [Float]
    var offsets: [Double]

    /// Adds `share` of another.
    mutating func add(_ other: Point, _ share: Double) {
      let factor = Float(share)
      for place in coefficients.indices { coefficients[place] += factor * other.coefficients[place] }
      for place in scores.indices { scores[place] += factor * other.scores[place] }
      for place in offsets.indices { offsets[place] += share * other.offsets[place] }
    }

    mutating func multiply(_ share: Double) {
      let factor = Float(share)
      for place in coefficients.indices { coefficients[place] *= factor }
      for place in scores.indices { scores[place] *= factor }
      for place in offsets.indices { offsets[place] *= share }
    }
  }

  /// Weights of 0.
  func origin() -> Point {
    Point(
      coefficients: [Float](repeating: 0, count: classes * design.shape[1]),
      scores: [Float](repeating: 0, count: classes * labels.count),
      offsets: [Double](repeating: 0, count: classes))
  }

  /// The least cross-entropy plus half of `penalty` times the squared weights.
  /// - Parameters:
  ///   - start: where to begin.
  ///   - limit: iterations at most.
  func fit(_ penalty: Double, from start: Point, limit: Int) -> Point {
    var point = start
    var residual = slope(along: nil, at: point, 0).residual
    var gradient = gradient(residual, point, penalty)
    let enough =
      1e-10 * square(of: self.gradient(slope(along: nil, at: origin(), 0).residual, origin(), penalty))
    var past: [(step: Point, change: Point, product: Double)] = []
    for _ in 0..<limit {
      let size = square(of: gradient)
      if !(size > enough) { break }
      var direction = self.direction(gradient, past)
      if inner(direction, gradient) >= 0 {
        past = []
        direction = gradient
        direction.multiply(-1)
      }
      let search = search(direction, from: point, penalty, first: past.isEmpty ? 1 / size.squareRoot() : 1)
      guard search.share > 0, search.gain else { break }
      residual = search.residual
      direction.multiply(search.share)
      point.add(direction, 1)
      let next = self.gradient(residual, point, penalty)
      var change = next
      change.add(gradient, -1)
      gradient = next
      let product = inner(direction, change)
      if product > 0 { past.append((direction, change, product)) }
      if past.count > Self.memory { past.removeFirst() }
    }
    return point
  }

  /// The two loops over past steps.
  private func direction(_ gradient: Point, _ past: [(step: Point, change: Point, product: Double)]) -> Point
  {
    var result = gradient
    result.multiply(-1)
    var shares = [Double](repeating: 0, count: past.count)
    for place in past.indices.reversed() {
      shares[place] = inner(past[place].step, result) / past[place].product
      result.add(past[place].change, -shares[place])
    }
    if let last = past.last { result.multiply(last.product / square(of: last.change)) }
    for place in past.indices {
      result.add(past[place].step, shares[place] - inner(past[place].change, result) / past[place].product)
    }
    return result
  }

  /// Newton's steps along a line inside a shrinking bracket, until the slope is a tenth of what it was.
  private func search(
    _ direction: Point, from point: Point, _ penalty: Double, first: Double
  ) -> (share: Double, residual: [Float], gain: Bool) {
    let (along, whole) = (weights(direction, point), weights(direction, direction))
    var (low, high) = (0.0, Double.infinity)
    let start = slope(along: direction, at: point, 0)
    let begin = start.first + penalty * along
    guard begin < 0 else { return (0, start.residual, false) }
    var share = first
    var found = start
    for _ in 0..<30 {
      found = slope(along: direction, at: point, share)
      let slope = found.first + penalty * (along + share * whole)
      let curvature = found.second + penalty * whole
      if abs(slope) <= 0.1 * abs(begin) { break }
      if slope < 0 { low = share } else { high = share }
      let newton = share - slope / curvature
      share = newton > low && newton < high ? newton : high.isFinite ? (low + high) / 2 : share * 2
      if !share.isFinite || high - low <= 1e-9 * share { break }
    }
    // What is left to gain, against what single precision can tell of the loss.
    let loss = found.loss + penalty / 2 * weights(point, point)
    return (share, found.residual, -begin * share > 1e-8 * max(1, abs(loss)))
  }

  // MARK: Loss and products

  /// Loss, slope and curvature along a direction, and probabilities less targets, `[classes, rows]`.
  private func slope(
    along direction: Point?, at point: Point, _ share: Double
  ) -> (loss: Double, first: Double, second: Double, residual: [Float]) {
    let rows = labels.count
    var (loss, first, second) = (0.0, 0.0, 0.0)
    var powers = [Float](repeating: 0, count: classes * rows)
    let factor = Float(share)
    powers.withUnsafeMutableBufferPointer { powers in
      point.scores.withUnsafeBufferPointer { scores in
        withOptional(direction?.scores) { steps in
          var own = [Float](repeating: 0, count: classes)
          var step = own
          for row in 0..<rows {
            var largest = -Float.infinity
            for label in 0..<classes {
              let place = label * rows + row
              let offset = direction.map { $0.offsets[label] } ?? 0
              step[label] = (steps?[place] ?? 0) + Float(offset)
              own[label] = scores[place] + Float(point.offsets[label]) + factor * step[label]
              largest = max(largest, own[label])
            }
            let truth = labels[row]
            let score = own[truth] - largest
            var sum: Float = 0
            for label in 0..<classes {
              own[label] = expf(own[label] - largest)
              sum += own[label]
            }
            var (mean, squares): (Float, Float) = (0, 0)
            for label in 0..<classes {
              let p = own[label] / sum
              powers[label * rows + row] = label == truth ? p - 1 : p
              mean += p * step[label]
              squares += p * step[label] * step[label]
            }
            loss += Double(logf(sum) - score)
            first += Double(mean - step[truth])
            second += Double(squares - mean * mean)
          }
        }
      }
    }
    return (loss, first, second, powers)
  }

  private func withOptional(_ values: [Float]?, _ body: (UnsafeBufferPointer<Float>?) -> Void) {
    if let values { values.withUnsafeBufferPointer(body) } else { body(nil) }
  }

  private func gradient(_ residual: [Float], _ point: Point, _ penalty: Double) -> Point {
    let rows = labels.count
    let sums = (0..<classes).map { label in
      residual[label * rows..<(label + 1) * rows].reduce(0.0) { $0 + Double($1) } * scale
    }
    let tensor = Tensor(residual, shape: [classes, rows])
    let product = tape.matmul(tensor, design)
    var result = Point(coefficients: [], scores: [], offsets: sums)
    if isDual {
      (result.coefficients, result.scores) = (residual, product.floats())
    } else {
      result.coefficients = product.floats()
      result.scores = tape.matmul(product, design, transposeB: true).floats()
    }
    let factor = Float(penalty)
    for place in result.coefficients.indices {
      result.coefficients[place] += factor * point.coefficients[place]
    }
    for place in result.scores.indices { result.scores[place] += factor * point.scores[place] }
    return result
  }

  /// Inner product of two directions' weights.
  private func weights(_ a: Point, _ b: Point) -> Double {
    a.coefficients.withUnsafeBufferPointer { a in
      (isDual ? b.scores : b.coefficients).withUnsafeBufferPointer { dot(a, $0) }
    }
  }

  /// As `weights`, with offsets.
  private func inner(_ a: Point, _ b: Point) -> Double {
    weights(a, b) + zip(a.offsets, b.offsets).reduce(0) { $0 + $1.0 * $1.1 } / scale
  }

  private func square(of point: Point) -> Double { inner(point, point) }
}
