import Encoders

extension Recipe {
  /// What no training can be run with, in words; empty for a sound recipe.
  public var problems: [String] {
    var found = (vision?.problems ?? []) + (series?.problems ?? []) + (text?.problems ?? [])
    func ask(_ isSound: Bool, _ rule: String) { if !isSound { found.append(rule) } }
    ask((1...8192).contains(embedding), "embedding is 1 to 8192, not \(embedding)")
    if let decoder {
      ask((1...128).contains(decoder.depth), "decoder.depth is 1 to 128, not \(decoder.depth)")
      ask((2...8192).contains(decoder.length), "decoder.length is 2 to 8192, not \(decoder.length)")
    }
    ask(epochs >= 1, "epochs is 1 or more, not \(epochs)")
    ask(batch >= 1, "batch is 1 or more, not \(batch)")
    ask(learningRate > 0 && learningRate.isFinite, "learningRate is above 0, not \(learningRate)")
    ask((0...1).contains(warmUp), "warmUp is a share from 0 to 1, not \(warmUp)")
    ask((0...1).contains(halfSide), "halfSide is a share from 0 to 1, not \(halfSide)")
    if halfSide > 0, let vision {
      ask(
        !vision.isForeign && vision.side % (2 * vision.pixelsPerToken) == 0,
        "halfSide is for Braid's own vision encoder, of a side that \(2 * vision.pixelsPerToken) divides")
    }
    ask((0...1).contains(averageDecay), "averageDecay is a share from 0 to 1, not \(averageDecay)")
    ask(
      (0..<1).contains(labelSmoothing), "labelSmoothing is a share from 0 to below 1, not \(labelSmoothing)")
    ask((0...1).contains(balance), "balance is a share from 0 to 1, not \(balance)")
    ask((0...1).contains(pseudoLabels), "pseudoLabels is a share from 0 to 1, not \(pseudoLabels)")
    ask(clip > 0, "clip is above 0, not \(clip)")
    ask(patience >= 1, "patience is 1 or more, not \(patience)")
    ask(validateEvery >= 1, "validateEvery is 1 or more, not \(validateEvery)")
    found += pretrained.problems + (lora?.problems ?? [])
    found += unlabelled.problems + replay.problems
    found += augmentation.images.problems
    found += augmentation.series.problems
    let weights = [
      ("weightDecay", weightDecay), ("contrastWeight", contrastWeight), ("headWeight", headWeight),
      ("valueWeight", valueWeight), ("decoderWeight", decoderWeight),
      ("elasticity", elasticity),
    ]
    for (name, weight) in weights {
      ask(weight >= 0 && weight.isFinite, "\(name) is 0 or more, not \(weight)")
    }
    return found
  }
}

extension Augmentation.Images {
  /// What no picture can be changed by, in words; empty for sound values.
  var problems: [String] {
    var found: [String] = []
    func ask(_ isSound: Bool, _ rule: String) { if !isSound { found.append("augmentation.images.\(rule)") } }
    ask(frames > 0 && frames <= 1, "frames is a share above 0 and up to 1, not \(frames)")
    for (name, chance) in [("blur", blur), ("erase", erase), ("coarse", coarse), ("border", border)] {
      ask((0...1).contains(chance), "\(name) is a chance from 0 to 1, not \(chance)")
    }
    for (name, change) in [
      ("shift", shift), ("zoom", zoom), ("contrast", contrast), ("shading", shading),
    ] {
      ask((0..<1).contains(change), "\(name) is a share from 0 to below 1, not \(change)")
    }
    for (name, size) in [
      ("rotation", rotation), ("brightness", brightness), ("gamma", gamma), ("noise", noise),
    ] {
      ask(size >= 0 && size.isFinite, "\(name) is 0 or more, not \(size)")
    }
    return found
  }
}
