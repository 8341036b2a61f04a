import Encoders
import Foundation
import Layers

/// Vision transformers (Dosovitskiy et al. 2021) under the names of transformers or of timm.
extension ImportPlan {
  static func vision(
    _ original: OriginalConfiguration, _ folder: ImportFolder, pooling: TokenPooling?
  ) throws -> ImportPlan {
    let check = CheckedConfiguration(path: folder.model + "/config.json")
    let width = try check.number(original.hiddenSize ?? 768, "hidden_size", in: 1...8192)
    let depth = try check.number(original.numHiddenLayers ?? 12, "num_hidden_layers", in: 1...128)
    let side = try check.number(original.imageSize.map { $0.side ?? 0 } ?? 224, "image_size", in: 1...4096)
    let patch = try check.number(original.patchSize.map { $0.side ?? 0 } ?? 16, "patch_size", in: 1...side)
    var notes: [String] = []
    let configuration = VisionConfiguration(
      channels: try channels(original.numChannels, check), side: side, stem: .patches(size: patch),
      width: width,
      depth: depth,
      hidden: try check.number(original.intermediateSize ?? 3072, "intermediate_size", in: 1...65536),
      heads: .fixed(try check.heads(original.numAttentionHeads ?? 12, "num_attention_heads", width: width)),
      temporalDepth: 0,
      transformer: .init(
        epsilon: try check.epsilon(original.layerNormEps, or: 1e-12),
        activation: try check.activation(original.hiddenAct), pooling: pooling ?? .first),
      standardisation: try ImageProcessor.standardisation(
        folder, channels: original.numChannels ?? 3, side: side, &notes))
    var plan = ImportPlan(
      architecture: original.name, vision: configuration, embedding: width,
      parameters: configuration.approximateParameters, prefixes: ["vit."],
      leftOut: ["pooler.", "classifier.", "decoder.", "embeddings.mask_token"],
      whole: [
        "vision.patches": "embeddings.patch_embeddings.projection", "vision.first": "embeddings.cls_token",
        "vision.positions": "embeddings.position_embeddings", "vision.norm": "layernorm",
      ],
      blocks: [
        "vision.blocks.": [
          "attention.query": "encoder.layer.{n}.attention.attention.query",
          "attention.key": "encoder.layer.{n}.attention.attention.key",
          "attention.value": "encoder.layer.{n}.attention.attention.value",
          "attention.out": "encoder.layer.{n}.attention.output.dense",
          "attentionNorm": "encoder.layer.{n}.layernorm_before",
          "feedForward.expand": "encoder.layer.{n}.intermediate.dense",
          "feedForward.contract": "encoder.layer.{n}.output.dense",
          "feedForwardNorm": "encoder.layer.{n}.layernorm_after",
        ]
      ])
    plan.layouts["vision.patches.weight"] = .channelsFirst
    if original.qkvBias == false {
      plan.optional = ["attention.query.bias", "attention.key.bias", "attention.value.bias"]
    }
    plan.notes = notes
    return plan
  }

  /// timm's `vit_SIZE_patchN_SIDE`, pooled by the class token.
  static func timm(
    _ original: OriginalConfiguration, _ folder: ImportFolder, pooling: TokenPooling?
  ) throws -> ImportPlan {
    let check = CheckedConfiguration(path: folder.model + "/config.json")
    let name = original.architecture ?? ""
    let parts = name.split(separator: "_")
    let shapes = [
      "tiny": (192, 12, 3), "small": (384, 12, 6), "base": (768, 12, 12), "large": (1024, 24, 16),
    ]
    guard parts.count == 4, parts[0] == "vit", let (width, depth, heads) = shapes[String(parts[1])],
      parts[2].hasPrefix("patch"), let patch = Int(parts[2].dropFirst(5)), let side = Int(parts[3]),
      original.globalPool ?? "token" == "token"
    else {
      throw ImportPlan.unsupported(name, check.path)
    }
    let images = original.pretrainedCfg
    _ = try check.number(patch, "patch_size", in: 1...1024)
    _ = try check.number(side, "image_size", in: patch...4096)
    var plan = ImportPlan(
      architecture: name,
      vision: VisionConfiguration(
        channels: try channels(images?.inputSize?.first, check), side: side, stem: .patches(size: patch),
        width: width, depth: depth, heads: .fixed(heads), temporalDepth: 0,
        transformer: .init(epsilon: 1e-6, activation: .gelu, pooling: pooling ?? .first),
        standardisation: try ImageProcessor.checked(
          mean: images?.mean, deviation: images?.std, channels: images?.inputSize?.first ?? 3, check.path)),
      embedding: width, parameters: 0, prefixes: [], leftOut: ["head.", "pre_logits."],
      whole: [
        "vision.patches": "patch_embed.proj", "vision.first": "cls_token", "vision.positions": "pos_embed",
        "vision.norm": "norm",
      ],
      blocks: [
        "vision.blocks.": [
          "attention.query": "blocks.{n}.attn.qkv", "attention.key": "blocks.{n}.attn.qkv",
          "attention.value": "blocks.{n}.attn.qkv", "attention.out": "blocks.{n}.attn.proj",
          "attentionNorm": "blocks.{n}.norm1", "feedForward.expand": "blocks.{n}.mlp.fc1",
          "feedForward.contract": "blocks.{n}.mlp.fc2", "feedForwardNorm": "blocks.{n}.norm2",
        ]
      ])
    plan.parameters = plan.vision?.approximateParameters ?? 0
    plan.layouts = [
      "vision.patches.weight": .channelsFirst, "attention.query": .rows(start: 0, total: 3 * width),
      "attention.key": .rows(start: width, total: 3 * width),
      "attention.value": .rows(start: 2 * width, total: 3 * width),
    ]
    if let share = images?.cropPct, share < 1 { plan.notes.append(ImageProcessor.cropNote) }
    if let filter = images?.interpolation, filter != "bilinear" {
      plan.notes.append(ImageProcessor.filterNote(filter))
    }
    return plan
  }

  static func channels(_ value: Int?, _ check: CheckedConfiguration) throws -> Int {
    let channels = try check.number(value ?? 3, "num_channels", in: 1...3)
    guard channels != 2 else {
      throw check.refusal("The model takes 2 channels; supported are 1 (grey) and 3 (RGB).")
    }
    return channels
  }
}

extension VisionConfiguration {
  var approximateParameters: Int {
    let patch = pixelsPerToken, places = (side / patch) * (side / patch)
    return width * (patch * patch * channels + places + depth * (4 * width + 2 * hidden))
  }
}
