/// How often values occur, for a window where the header states none.
struct ValueTally {
  private let picture: DICOMPicture, modality: ModalityTransform, padding: ClosedRange<Int>?
  /// Of each bit pattern, for large pictures of 8 or 16 bits.
  private var counts: [Int] = []
  private var values: [Double] = []

  init(_ picture: DICOMPicture, _ modality: ModalityTransform, _ padding: ClosedRange<Int>?) {
    (self.picture, self.modality, self.padding) = (picture, modality, padding)
  }

  mutating func add(_ samples: Raster.Samples) {
    if let bits = samples.bitPatterns {
      guard bits.deservesTable else {
        values += bits.map { picture.value(ofBits: $0) }.filter { padding?.contains($0) != true }.map(
          Double.init)
        return
      }
      if counts.isEmpty { counts = [Int](repeating: 0, count: 1 << (8 * picture.sampleBytes)) }
      bits.count(into: &counts)
    } else {
      // A quarter of a million values place a percentile well enough.
      let all = samples.doubles
      let step = max(1, all.count >> 18)
      values += stride(from: 0, to: all.count, by: step).lazy.map { all[$0] }.filter(\.isFinite)
    }
  }

  /// From the 0.5 to the 99.5 percentile, without padding. Samples of up to 8 bits without a rescale are meant
  /// to be shown as they are, and get the full range of their bits.
  var window: Window {
    if modality.isIdentity && picture.bitsStored <= 8 && !picture.isFloat {
      let low = picture.isSigned ? -(1 << (picture.bitsStored - 1)) : 0
      return .from(Double(low), to: Double(low + (1 << picture.bitsStored) - 1))
    }
    var sorted: [(value: Double, count: Int)] = values.sorted().map { (modality.apply($0), 1) }
    for (bits, count) in counts.enumerated() where count > 0 {
      let stored = picture.value(ofBits: UInt32(bits))
      if padding?.contains(stored) == true { continue }
      sorted.append((modality.apply(Double(stored)), count))
    }
    sorted.sort { $0.value < $1.value }
    guard let first = sorted.first, let last = sorted.last else { return .from(0, to: 1) }
    let total = sorted.reduce(0) { $0 + $1.count }
    func percentile(_ p: Double) -> Double {
      var rest = Int((p * Double(total - 1)).rounded())
      for entry in sorted {
        if rest < entry.count { return entry.value }
        rest -= entry.count
      }
      return last.value
    }
    let (low, high) = (percentile(0.005), percentile(0.995))
    if low < high { return .from(low, to: high) }
    return first.value < last.value ? .from(first.value, to: last.value) : .from(low - 1, to: low + 1)
  }
}

extension Window {
  /// Black at `low`, white at `high`.
  static func from(_ low: Double, to high: Double) -> Window {
    .linearExact(center: (low + high) / 2, width: high - low)
  }
}
