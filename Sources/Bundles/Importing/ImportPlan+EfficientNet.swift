import Encoders

/// EfficientNet-Lite0 (Tan and Le 2019) under the names of timm (`tf_efficientnet_lite0`) or of the package
/// efficientnet-lite-pytorch (`efficientnet-lite0`).
extension ImportPlan {
  /// Architectures by the name in `config.json`: whether names are timm's.
  static let efficientNets = [
    "tf_efficientnet_lite0": true, "efficientnet_lite0": true, "efficientnet-lite0": false,
  ]

  static func efficientNet(
    _ original: OriginalConfiguration, _ folder: ImportFolder, isTimm: Bool, pooling: TokenPooling?
  ) throws -> ImportPlan {
    let check = CheckedConfiguration(path: folder.model + "/config.json")
    let name = original.architecture ?? ""
    guard pooling != .first, original.globalPool ?? "avg" == "avg" else {
      throw BundleError(
        path: pooling == .first ? "--pooling" : check.path,
        reason: "An EfficientNet has no first token; its summary is the mean over all places.",
        remedy: "Leave --pooling out, or take a model with average pooling.")
    }
    let images = original.pretrainedCfg
    let size = images?.inputSize ?? [3, 224, 224]
    guard size.count == 3, size[0] == 3, size[1] == size[2] else {
      throw check.refusal("input_size is \(size), not 3 channels and equal sides.")
    }
    let shape = try shape(original, check)
    let width = try check.number(original.numFeatures ?? 1280, "num_features", in: 1...8192)
    var plan = ImportPlan(
      architecture: name,
      vision: VisionConfiguration(
        channels: 3, side: try check.number(size[2], "input_size", in: 32...4096),
        stem: .convolution(widths: [shape.stem], blocks: [0]), width: width, depth: 0, temporalDepth: 0,
        standardisation: try ImageProcessor.checked(
          mean: images?.mean, deviation: images?.std, channels: 3, check.path), inverted: shape),
      embedding: width, parameters: 0, prefixes: ["module."],
      leftOut: isTimm ? ["classifier."] : ["_fc."], whole: [:])
    plan.add("vision.stem", isTimm ? "conv_stem" : "_conv_stem", norm: isTimm ? "bn1" : "_bn0")
    plan.add("vision.head", isTimm ? "conv_head" : "_conv_head", norm: isTimm ? "bn2" : "_bn1")
    var (inputs, flat) = (shape.stem, 0)
    for (number, stage) in shape.stages.enumerated() {
      for index in 0..<stage.repeats {
        let own = "vision.stages.\(number).\(index)"
        let other = isTimm ? "blocks.\(number).\(index)." : "_blocks.\(flat)._"
        let isWide = stage.expansion > 1
        // timm calls the narrowing map of a block that does not widen as it calls the widening map of others.
        let names: [(String, String)] =
          !isTimm
          ? [("expand_conv", "bn0"), ("depthwise_conv", "bn1"), ("project_conv", "bn2")]
          : isWide
            ? [("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")]
            : [("", ""), ("conv_dw", "bn1"), ("conv_pw", "bn2")]
        for (part, (map, norm)) in zip(["expand", "spread", "contract"], names)
        where part != "expand" || isWide {
          plan.add("\(own).\(part)", other + map, norm: other + norm)
        }
        let wide = inputs * stage.expansion
        plan.parameters += (isWide ? inputs * wide : 0) + wide * (stage.kernel * stage.kernel + stage.width)
        (inputs, flat) = (stage.width, flat + 1)
      }
    }
    plan.parameters += inputs * width + 27 * shape.stem
    if let share = images?.cropPct, share < 1 { plan.notes.append(ImageProcessor.cropNote) }
    if let filter = images?.interpolation, filter != "bilinear" {
      plan.notes.append(ImageProcessor.filterNote(filter))
    }
    return plan
  }

  /// Lite0's own shape, or the one that `stem_width` and `stages` give: repeats, kernel, stride, expansion and width
  /// of each stage.
  private static func shape(
    _ original: OriginalConfiguration, _ check: CheckedConfiguration
  ) throws -> VisionConfiguration.InvertedResiduals {
    let lite0 = [
      [1, 3, 1, 1, 16], [2, 3, 2, 6, 24], [2, 5, 2, 6, 40], [3, 3, 2, 6, 80], [3, 5, 1, 6, 112],
      [4, 5, 2, 6, 192], [1, 3, 1, 6, 320],
    ]
    let stages = original.stages ?? lite0
    guard (1...16).contains(stages.count), stages.allSatisfy({ $0.count == 5 }) else {
      throw check.refusal("stages are not 1 to 16 lists of repeats, kernel, stride, expansion and width.")
    }
    return .init(
      stem: try check.number(original.stemWidth ?? 32, "stem_width", in: 1...4096),
      stages: try stages.map { stage in
        guard stage[1] % 2 == 1 else {
          throw check.refusal("A kernel of stages is \(stage[1]); it must be odd.")
        }
        return .init(
          repeats: try check.number(stage[0], "repeats of stages", in: 1...64),
          kernel: try check.number(stage[1], "kernel of stages", in: 1...15),
          stride: try check.number(stage[2], "stride of stages", in: 1...2),
          expansion: try check.number(stage[3], "expansion of stages", in: 1...16),
          width: try check.number(stage[4], "width of stages", in: 1...4096))
      })
  }

  private mutating func add(_ layer: String, _ name: String, norm: String) {
    whole[layer] = name
    norms[layer] = norm
    layouts[layer + ".weight"] = .channelsFirst
  }
}
