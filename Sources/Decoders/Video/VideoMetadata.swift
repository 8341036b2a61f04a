import CLibAV

extension CLibAVInfo {
  /// Seconds of one unit of time.
  var timeBase: Double {
    timeBaseDenominator == 0 ? 0 : Double(timeBaseNumerator) / Double(timeBaseDenominator)
  }

  /// Units of time from one frame to the next where nothing but the stated rate is known; at least 1.
  var unitsPerFrame: Int64 {
    guard rateNumerator > 0, rateDenominator > 0, timeBase > 0 else { return 1 }
    let units = Double(rateDenominator) / Double(rateNumerator) / timeBase
    return units >= 1 && units < 1e15 ? Int64(units.rounded()) : 1
  }
}

extension VideoDecoder {
  static func metadata(_ info: CLibAVInfo, _ shape: VideoShape, _ plan: FramePlan?) -> Metadata {
    var metadata: Metadata = [:]
    metadata["container"] = .string(containerName(text(info.container)))
    metadata["codec"] = .string(text(info.codec))
    if let plan, let first = plan.times.first {
      let units = plan.end.subtractingReportingOverflow(first).partialValue
      let seconds = Double(units) * info.timeBase
      metadata["duration"] = .number(seconds)
      if seconds > 0 { metadata["frameRate"] = .number(Double(plan.times.count) / seconds) }
      metadata["frames"] = .integer(plan.times.count)
    } else {
      if info.duration > 0 { metadata["duration"] = .number(Double(info.duration) * info.timeBase) }
      if info.rateNumerator > 0, info.rateDenominator > 0 {
        metadata["frameRate"] = .number(Double(info.rateNumerator) / Double(info.rateDenominator))
      }
    }
    metadata["rotation"] = .integer(shape.rotation)
    if shape.isMirrored { metadata["mirrored"] = .bool(true) }
    if info.aspectNumerator > 0, info.aspectDenominator > 0, info.aspectNumerator != info.aspectDenominator {
      metadata["sampleAspectRatio"] = .number(Double(info.aspectNumerator) / Double(info.aspectDenominator))
    }
    return metadata
  }

  private static func containerName(_ name: String) -> String {
    if name.hasPrefix("mov,") { return "mp4/mov" }
    return name.split(separator: ",").first.map(String.init) ?? name
  }

  private static func text(_ characters: some Any) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
