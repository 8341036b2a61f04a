/// Shades of all bit patterns of 8- or 16-bit samples, so that a large picture costs one look-up a pixel.
struct GreyTable {
  let shades: [UInt8]
  private let modality: ModalityTransform, window: Window, inverse: Bool

  init(_ picture: DICOMPicture, _ modality: ModalityTransform, _ window: Window, _ inverse: Bool) {
    (self.modality, self.window, self.inverse) = (modality, window, inverse)
    shades = (0..<UInt32(1 << (8 * picture.sampleBytes))).map { bits in
      window.shade(modality.apply(Double(picture.value(ofBits: bits))), inverse)
    }
  }

  func matches(_ modality: ModalityTransform, _ window: Window, _ inverse: Bool) -> Bool {
    self.modality == modality && self.window == window && self.inverse == inverse
  }
}

/// Samples of 8 or 16 bits as patterns, whatever their sign.
enum BitPatterns {
  case bytes([UInt8]), words([UInt16]), signedBytes([Int8]), signedWords([Int16])

  /// Entry of each pattern in `table`, which has one for every pattern.
  func map<T>(_ table: [T]) -> [T] {
    switch self {
    case .bytes(let v): v.map { table[Int($0)] }
    case .words(let v): v.map { table[Int($0)] }
    case .signedBytes(let v): v.map { table[Int(UInt8(bitPattern: $0))] }
    case .signedWords(let v): v.map { table[Int(UInt16(bitPattern: $0))] }
    }
  }

  /// `transform` of each pattern.
  func map<T>(_ transform: (UInt32) -> T) -> [T] {
    switch self {
    case .bytes(let v): v.map { transform(UInt32($0)) }
    case .words(let v): v.map { transform(UInt32($0)) }
    case .signedBytes(let v): v.map { transform(UInt32(UInt8(bitPattern: $0))) }
    case .signedWords(let v): v.map { transform(UInt32(UInt16(bitPattern: $0))) }
    }
  }

  var count: Int {
    switch self {
    case .bytes(let v): v.count
    case .words(let v): v.count
    case .signedBytes(let v): v.count
    case .signedWords(let v): v.count
    }
  }

  /// Whether a table of all patterns costs less than working out every sample.
  var deservesTable: Bool {
    switch self {
    case .bytes, .signedBytes: count > 1 << 8
    case .words, .signedWords: count > 1 << 16
    }
  }

  /// Adds the number of times that each pattern occurs.
  func count(into counts: inout [Int]) {
    switch self {
    case .bytes(let v): for x in v { counts[Int(x)] += 1 }
    case .words(let v): for x in v { counts[Int(x)] += 1 }
    case .signedBytes(let v): for x in v { counts[Int(UInt8(bitPattern: x))] += 1 }
    case .signedWords(let v): for x in v { counts[Int(UInt16(bitPattern: x))] += 1 }
    }
  }
}

extension Raster.Samples {
  /// Nil for samples of more than 16 bits.
  var bitPatterns: BitPatterns? {
    switch self {
    case .uint8(let v): .bytes(v)
    case .int8(let v): .signedBytes(v)
    case .uint16(let v): .words(v)
    case .int16(let v): .signedWords(v)
    default: nil
    }
  }

  var doubles: [Double] {
    switch self {
    case .uint8(let v): v.map(Double.init)
    case .int8(let v): v.map(Double.init)
    case .uint16(let v): v.map(Double.init)
    case .int16(let v): v.map(Double.init)
    case .uint32(let v): v.map(Double.init)
    case .int32(let v): v.map(Double.init)
    case .float32(let v): v.map(Double.init)
    case .float64(let v): v
    }
  }
}
