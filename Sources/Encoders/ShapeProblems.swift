import Layers

// What cannot be built, in words, so that shapes from files are refused before any weight is made. Limits are
// far above what a plain CPU can train.

extension VisionConfiguration {
  /// What is wrong with this shape; empty when it can be built.
  public var problems: [String] {
    var found: [String] = []
    if channels != 1 && channels != 3 {
      found.append("vision.channels is 1 (grey) or 3 (colour), not \(channels)")
    }
    switch stem {
    case .patches(let size): Shape.check(size, "vision.stem.patches.size", 1...1024, &found)
    case .convolution(let widths, let blocks):
      if widths.isEmpty || widths.count > 8 || widths.count != blocks.count {
        found.append("vision.stem.convolution needs one to eight widths and as many blocks")
      }
      for width in widths { Shape.check(width, "vision.stem.convolution.widths", 1...4096, &found) }
      for count in blocks { Shape.check(count, "vision.stem.convolution.blocks", 0...64, &found) }
    }
    if found.isEmpty { Shape.check(side, "vision.side", pixelsPerToken...4096, &found) }
    Shape.check(width, "vision.width", 1...8192, &found)
    Shape.check(hidden, "vision.hidden", 1...65536, &found)
    Shape.check(depth, "vision.depth", 0...128, &found)
    Shape.check(frames, "vision.frames", 1...1024, &found)
    Shape.check(temporalDepth, "vision.temporalDepth", 0...128, &found)
    Shape.check(share: dropout, "vision.dropout", &found)
    if let transformer {
      Shape.check(epsilon: transformer.epsilon, "vision.transformer.epsilon", &found)
      if case .convolution = stem { found.append("vision.stem of a vision transformer is patches") }
    }
    if let inverted { found += inverted.problems }
    if let standardisation {
      let isSound =
        standardisation.mean.count == channels && standardisation.deviation.count == channels
        && standardisation.mean.allSatisfy(\.isFinite)
        && standardisation.deviation.allSatisfy { $0.isFinite && $0 > 0 }
      if !isSound {
        found.append("vision.standardisation has a mean and a deviation above 0 for each channel")
      }
    }
    return found
  }
}

extension VisionConfiguration.InvertedResiduals {
  fileprivate var problems: [String] {
    var found: [String] = []
    Shape.check(stem, "vision.inverted.stem", 1...4096, &found)
    Shape.check(stages.count, "the number of vision.inverted.stages", 1...16, &found)
    for stage in stages {
      Shape.check(stage.repeats, "vision.inverted.stages.repeats", 1...64, &found)
      Shape.check(stage.kernel, "vision.inverted.stages.kernel", 1...15, &found)
      Shape.check(stage.stride, "vision.inverted.stages.stride", 1...2, &found)
      Shape.check(stage.expansion, "vision.inverted.stages.expansion", 1...16, &found)
      Shape.check(stage.width, "vision.inverted.stages.width", 1...4096, &found)
    }
    return found
  }
}

extension SeriesConfiguration {
  /// What is wrong with this shape; empty when it can be built.
  public var problems: [String] {
    var found: [String] = []
    Shape.check(points, "series.points", 0...4096, &found)
    Shape.check(bands, "series.bands", 0...1024, &found)
    if encoder != .features { Shape.check(responses, "series.responses", 1...100_000, &found) }
    Shape.check(width, "series.width", 1...8192, &found)
    Shape.check(hidden, "series.hidden", 1...65536, &found)
    Shape.check(blocks, "series.blocks", 0...128, &found)
    Shape.check(depth, "series.depth", 0...128, &found)
    Shape.check(tokenWidth, "series.tokenWidth", 1...8192, &found)
    if blocks == 0 && depth == 0 { found.append("series.blocks or series.depth is above 0") }
    Shape.check(share: dropout, "series.dropout", &found)
    Shape.check(share: inputDropout, "series.inputDropout", &found)
    guard found.isEmpty, responseCount > 0 else { return found }
    for set in sets {
      let fits =
        set.kernels?.fits(rows: SeriesFeatures.kernelRows(set), channels: set.channels.count) == true
        && set.kernels?.count == responseCount
      if !fits { found.append("the convolutions of a channel set do not fit its channels") }
    }
    return found
  }
}

extension TextConfiguration {
  /// What is wrong with this shape; empty when it can be built.
  public var problems: [String] {
    var found: [String] = []
    Shape.check(vocabulary, "text.vocabulary", 1...1_000_000, &found)
    Shape.check(length, "text.length", 2...8192, &found)
    Shape.check(width, "text.width", 1...8192, &found)
    Shape.check(hidden, "text.hidden", 1...65536, &found)
    Shape.check(depth, "text.depth", 0...128, &found)
    Shape.check(share: dropout, "text.dropout", &found)
    if let bert {
      Shape.check(bert.types, "text.bert.types", 0...1000, &found)
      Shape.check(epsilon: bert.epsilon, "text.bert.epsilon", &found)
    }
    if let clip {
      Shape.check(epsilon: clip.epsilon, "text.clip.epsilon", &found)
      if bert != nil { found.append("text is of the family bert or of clip, not of both") }
    }
    return found
  }
}

private enum Shape {
  static func check(_ value: Int, _ name: String, _ range: ClosedRange<Int>, _ found: inout [String]) {
    if !range.contains(value) {
      found.append("\(name) is \(range.lowerBound) to \(range.upperBound), not \(value)")
    }
  }

  static func check(epsilon value: Float, _ name: String, _ found: inout [String]) {
    if !(value > 0 && value < 1) { found.append("\(name) is above 0 and below 1, not \(value)") }
  }

  static func check(share value: Float, _ name: String, _ found: inout [String]) {
    if !(0..<1).contains(value) { found.append("\(name) is a share from 0 to below 1, not \(value)") }
  }
}
