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
    ask((0...1).contains(averageDecay), "averageDecay is a share from 0 to 1, not \(averageDecay)")
    ask(
      (0..<1).contains(labelSmoothing), "labelSmoothing is a share from 0 to below 1, not \(labelSmoothing)")
    ask(clip > 0, "clip is above 0, not \(clip)")
    ask(patience >= 1, "patience is 1 or more, not \(patience)")
    found += pretrained.problems + (lora?.problems ?? [])
    let crop = augmentation.series.crop
    ask((0..<0.5).contains(crop), "augmentation.series.crop is a share from 0 to below 0.5, not \(crop)")
    let weights = [
      ("weightDecay", weightDecay), ("contrastWeight", contrastWeight), ("headWeight", headWeight),
      ("valueWeight", valueWeight), ("decoderWeight", decoderWeight), ("viewWeight", viewWeight),
    ]
    for (name, weight) in weights {
      ask(weight >= 0 && weight.isFinite, "\(name) is 0 or more, not \(weight)")
    }
    return found
  }
}
