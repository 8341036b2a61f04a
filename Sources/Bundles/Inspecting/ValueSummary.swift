import Decoders

/// Least, greatest and mean value of many, NaN passed over.
struct ValueSummary {
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity
  private var sum = 0.0
  private var count = 0

  var min: Double? { count > 0 ? low : nil }
  var max: Double? { count > 0 ? high : nil }
  var mean: Double? { count > 0 ? sum / Double(count) : nil }

  mutating func add(_ samples: Raster.Samples) {
    switch samples {
    case .uint8(let v): addIntegers(v)
    case .int8(let v): addIntegers(v)
    case .uint16(let v): addIntegers(v)
    case .int16(let v): addIntegers(v)
    case .uint32(let v): addIntegers(v)
    case .int32(let v): addIntegers(v)
    case .float32(let v): addNumbers(v)
    case .float64(let v): addNumbers(v)
    }
  }

  private mutating func addIntegers<Value: FixedWidthInteger>(_ values: [Value]) {
    guard let first = values.first else { return }
    var (least, greatest, total) = (first, first, 0)
    for value in values {
      if value < least { least = value }
      if value > greatest { greatest = value }
      // 2^31 values of 32 bits still fit.
      total &+= Int(value)
    }
    (low, high) = (Swift.min(low, Double(least)), Swift.max(high, Double(greatest)))
    sum += Double(total)
    count += values.count
  }

  mutating func addNumbers<Value: BinaryFloatingPoint>(_ values: [Value]) {
    for value in values where !value.isNaN {
      let value = Double(value)
      (low, high) = (Swift.min(low, value), Swift.max(high, value))
      sum += value
      count += 1
    }
  }
}
