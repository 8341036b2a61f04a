import Training

/// Standardised windows of a stream of rows, each made whole as float32 `[channel, row]` and added up. Channels are
/// shared out over threads, which need nothing of each other.
struct WindowMill {
  let channels: Int
  let window: Int
  let stride: Int
  /// Complete windows so far.
  private(set) var windows = 0
  private let team: ReplicaTeam
  private let lanes: [Lane]
  /// Rows that wait until there are enough for mean and deviation; nil from then on.
  private var waiting: [Float]? = []
  private var waitingRows = 0
  private var mean: [Float] = []
  private var deviation: [Float] = []

  /// Mean and deviation are those of so many first rows.
  private static let learned = 10_000

  init(channels: Int, window: Int, stride: Int, threads: Int) {
    (self.channels, self.window, self.stride) = (channels, window, stride)
    let parts = max(1, min(threads, channels))
    team = ReplicaTeam(parts)
    lanes = (0..<parts).map { part in
      Lane(
        channels: channels * part / parts..<channels * (part + 1) / parts, window: window, stride: stride)
    }
  }

  /// The sum of all values of all windows.
  var sum: Double { lanes.reduce(0) { $0 + $1.sum } }

  /// - Parameter values: `[rows, channels]`; missing values count as the mean.
  mutating func add(_ values: [Float], rows: Int) throws {
    guard waiting != nil else { return try grind(values, rows) }
    waiting?.append(contentsOf: values)
    waitingRows += rows
    if waitingRows >= Self.learned { try learn() }
  }

  /// Takes up what still waits in a short stream.
  mutating func end() throws { if waiting != nil { try learn() } }

  private mutating func learn() throws {
    let values = waiting ?? [], count = min(waitingRows, Self.learned)
    for channel in 0..<channels {
      var sum = 0.0, squares = 0.0, known = 0.0
      for row in 0..<count where values[row * channels + channel].isFinite {
        sum += Double(values[row * channels + channel])
        known += 1
      }
      let middle = known > 0 ? sum / known : 0
      for row in 0..<count where values[row * channels + channel].isFinite {
        let distance = Double(values[row * channels + channel]) - middle
        squares += distance * distance
      }
      let spread = known > 0 ? (squares / known).squareRoot() : 0
      mean.append(Float(middle))
      deviation.append(spread > 0 ? Float(spread) : 1)
    }
    waiting = nil
    try grind(values, waitingRows)
  }

  private mutating func grind(_ values: [Float], _ rows: Int) throws {
    let (mean, deviation, channels, lanes) = (mean, deviation, channels, lanes)
    _ = try team.run { lanes[$0].add(values, rows, of: channels, mean, deviation) }
    windows = lanes.first?.windows ?? 0
  }

  /// Some of the channels.
  ///
  /// `@unchecked` is sound: a run of the team hands each lane to one thread and waits for all, and nothing else
  /// touches lanes meanwhile.
  private final class Lane: @unchecked Sendable {
    let channels: Range<Int>
    let window: Int
    let stride: Int
    var windows = 0
    var sum = 0.0
    /// Standardised rows that later windows need, `[channel, row]`.
    private var rest: [Float] = []
    private var restRows = 0
    /// Rows still to pass over, where windows lie apart.
    private var gap = 0
    /// The window at hand, `[channel, row]`.
    private var made: [Float]

    /// So many rows are taken at a time, that they stay in the cache while they are turned into channels.
    private static let turned = 256

    init(channels: Range<Int>, window: Int, stride: Int) {
      (self.channels, self.window, self.stride) = (channels, window, stride)
      made = [Float](repeating: 0, count: channels.count * window)
    }

    func add(_ values: [Float], _ rows: Int, of all: Int, _ mean: [Float], _ deviation: [Float]) {
      let passed = min(gap, rows), rows = rows - passed
      gap -= passed
      let length = restRows + rows, count = channels.count
      var series = [Float](repeating: 0, count: count * length)
      series.withUnsafeMutableBufferPointer { series in
        for index in 0..<count {
          for row in 0..<restRows { series[index * length + row] = rest[index * restRows + row] }
        }
        values.withUnsafeBufferPointer { values in
          for first in Swift.stride(from: 0, to: rows, by: Self.turned) {
            for (index, channel) in channels.enumerated() {
              let (middle, spread) = (mean[channel], deviation[channel])
              for row in first..<min(rows, first + Self.turned) {
                let value = (values[(row &+ passed) &* all &+ channel] - middle) / spread
                series[index &* length &+ restRows &+ row] = value.isFinite ? value : 0
              }
            }
          }
        }
      }
      let complete = length < window ? 0 : (length - window) / stride + 1
      series.withUnsafeBufferPointer { series in
        made.withUnsafeMutableBufferPointer { made in
          guard let from = series.baseAddress, let to = made.baseAddress else { return }
          for place in 0..<complete {
            for index in 0..<count {
              (to + index * window).update(from: from + index * length + place * stride, count: window)
            }
            sum += Lane.total(UnsafeBufferPointer(made))
          }
        }
      }
      windows += complete
      let used = min(length, complete * stride)
      gap += complete * stride - used
      restRows = length - used
      rest = (0..<count).flatMap { series[$0 * length + used..<($0 + 1) * length] }
    }

    /// In doubles, eight at a time.
    private static func total(_ values: UnsafeBufferPointer<Float>) -> Double {
      var eight = SIMD8<Double>.zero
      let raw = UnsafeRawBufferPointer(values), whole = values.count / 8 * 8
      for place in Swift.stride(from: 0, to: whole, by: 8) {
        eight += SIMD8<Double>(raw.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self))
      }
      return values[whole...].reduce(eight.sum()) { $0 + Double($1) }
    }
  }
}
