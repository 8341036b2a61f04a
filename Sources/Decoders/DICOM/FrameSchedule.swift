/// Which frames of a multi-frame object are handed out, and when they are shown.
struct FrameSchedule {
  /// 0-based frames, in the order in which they are handed out.
  var indices: [Int]
  /// Start of every frame in seconds; nil where the object states no time.
  var starts: [Double]?

  init(_ file: DICOMFile, frames: Int, wanted: Int?) {
    let starts = frames > 1 ? Self.starts(file, frames) : nil
    self.starts = starts
    guard let wanted, frames > 1 else {
      indices = Array(0..<frames)
      return
    }
    let last = starts.map { $0[frames - 1] + ($0[frames - 1] / Double(frames - 1)) }
    indices = (0..<max(0, wanted)).map { i in
      let share = (Double(i) + 0.5) / Double(wanted)
      guard let starts, let last, last > 0 else { return min(frames - 1, Int(share * Double(frames))) }
      // The last frame that starts no later; a hair of tolerance, since sums of decimals are not exact.
      let time = share * last + 1e-9
      return max(0, (starts.firstIndex { $0 > time } ?? frames) - 1)
    }
  }

  func time(of frame: Int) -> Double? { starts.map { $0[frame] } }

  /// Milliseconds from one frame to the next: Frame Time, else from a rate.
  static func frameTime(_ file: DICOMFile) -> Double? {
    if let time = file.number(DICOMTag.frameTime), time > 0 { return time }
    for tag in [DICOMTag.cineRate, DICOMTag.recommendedDisplayFrameRate] {
      if let rate = file.number(tag), rate > 0 { return 1000 / rate }
    }
    return nil
  }

  private static func starts(_ file: DICOMFile, _ frames: Int) -> [Double]? {
    // Increments in ms, the first of them 0 (PS3.3 C.7.6.5).
    let vector = file.numbers(DICOMTag.frameTimeVector, maximum: frames)
    if vector.count == frames, vector.allSatisfy({ $0 >= 0 }) {
      var time = 0.0
      return vector.map { step in
        time += step
        return time / 1000
      }
    }
    return frameTime(file).map { step in (0..<frames).map { Double($0) * step / 1000 } }
  }
}
