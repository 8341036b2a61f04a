import Encoders
import Layers

/// Both towers of CLIP (Radford et al. 2021) under the names of transformers: texts and images in one space.
extension ImportPlan {
  static func clip(
    _ original: OriginalConfiguration, _ folder: ImportFolder, pooling: TokenPooling?
  ) throws -> ImportPlan {
    let check = CheckedConfiguration(path: folder.model + "/config.json")
    guard pooling == nil else {
      throw BundleError(
        path: "--pooling",
        reason: "The towers of CLIP are trained with their end token and first token standing for the whole.",
        remedy: "Leave --pooling out.")
    }
    let (texts, images) = (original.textConfig ?? .init(), original.visionConfig ?? .init())
    let text = try clipText(texts, folder, check)
    var notes: [String] = []
    let vision = try clipVision(images, folder, check, &notes)
    let embedding = try check.number(original.projectionDim ?? 512, "projection_dim", in: 1...8192)
    let tokenizer = try ClipFolder.tokenizer(folder, rows: text.vocabulary, end: texts.eosTokenId, check)
    var plan = ImportPlan(
      architecture: original.name, text: text, vision: vision, tokenizer: tokenizer, embedding: embedding,
      parameters: (text.vocabulary + text.length) * text.width
        + text.depth * (4 * text.width + 2 * text.hidden) * text.width + vision.approximateParameters
        + (text.width + vision.width) * embedding,
      prefixes: ["clip."],
      leftOut: ["text_model.embeddings.position_ids", "vision_model.embeddings.position_ids"],
      whole: [
        "text.tokens": "text_model.embeddings.token_embedding",
        "text.positions": "text_model.embeddings.position_embedding",
        "text.norm": "text_model.final_layer_norm", "projection.text": "text_projection",
        "vision.patches": "vision_model.embeddings.patch_embedding",
        "vision.first": "vision_model.embeddings.class_embedding",
        "vision.positions": "vision_model.embeddings.position_embedding.weight",
        "vision.entryNorm": "vision_model.pre_layrnorm", "vision.norm": "vision_model.post_layernorm",
        // The mean of a clip's frames goes through the map of a single one.
        "projection.image": "visual_projection", "projection.clip": "visual_projection",
        "contrast.logScale": "logit_scale",
      ], blocks: ["text.blocks.": clipBlock("text_model"), "vision.blocks.": clipBlock("vision_model")])
    plan.layouts = [
      "text.positions": .rows(start: 0, total: texts.maxPositionEmbeddings ?? 77),
      "vision.patches.weight": .channelsFirst, "vision.first": .withoutLeadingOnes,
      "vision.positions": .withoutLeadingOnes,
    ]
    plan.notes = notes
    return plan
  }

  private static func clipText(
    _ tower: OriginalConfiguration.Tower, _ folder: ImportFolder, _ check: CheckedConfiguration
  ) throws -> TextConfiguration {
    func key(_ name: String) -> String { "text_config.\(name)" }
    let width = try check.number(tower.hiddenSize ?? 512, key("hidden_size"), in: 1...8192)
    let positions = try check.number(
      tower.maxPositionEmbeddings ?? 77, key("max_position_embeddings"), in: 2...8192)
    return TextConfiguration(
      vocabulary: try check.number(tower.vocabSize ?? 49408, key("vocab_size"), in: 1...1_000_000),
      length: try BertFolder.length(folder, at: positions), width: width,
      depth: try check.number(tower.numHiddenLayers ?? 12, key("num_hidden_layers"), in: 1...128),
      hidden: try check.number(tower.intermediateSize ?? 2048, key("intermediate_size"), in: 1...65536),
      heads: .fixed(try check.heads(tower.numAttentionHeads ?? 8, key("num_attention_heads"), width: width)),
      clip: .init(
        epsilon: try check.epsilon(tower.layerNormEps, or: 1e-5),
        activation: try check.activation(tower.hiddenAct ?? "quick_gelu")))
  }

  private static func clipVision(
    _ tower: OriginalConfiguration.Tower, _ folder: ImportFolder, _ check: CheckedConfiguration,
    _ notes: inout [String]
  ) throws -> VisionConfiguration {
    func key(_ name: String) -> String { "vision_config.\(name)" }
    let width = try check.number(tower.hiddenSize ?? 768, key("hidden_size"), in: 1...8192)
    let side = try check.number(tower.imageSize.map { $0.side ?? 0 } ?? 224, key("image_size"), in: 1...4096)
    let channels = try channels(tower.numChannels, check)
    return VisionConfiguration(
      channels: channels, side: side,
      stem: .patches(
        size: try check.number(tower.patchSize.map { $0.side ?? 0 } ?? 32, key("patch_size"), in: 1...side)),
      width: width,
      depth: try check.number(tower.numHiddenLayers ?? 12, key("num_hidden_layers"), in: 1...128),
      hidden: try check.number(tower.intermediateSize ?? 3072, key("intermediate_size"), in: 1...65536),
      heads: .fixed(try check.heads(tower.numAttentionHeads ?? 12, key("num_attention_heads"), width: width)),
      temporalDepth: 0,
      transformer: .init(
        epsilon: try check.epsilon(tower.layerNormEps, or: 1e-5),
        activation: try check.activation(tower.hiddenAct ?? "quick_gelu"), pooling: .first, clip: true),
      standardisation: try ImageProcessor.standardisation(folder, channels: channels, side: side, &notes))
  }

  private static func clipBlock(_ tower: String) -> [String: String] {
    [
      "attention.query": "self_attn.q_proj", "attention.key": "self_attn.k_proj",
      "attention.value": "self_attn.v_proj", "attention.out": "self_attn.out_proj",
      "attentionNorm": "layer_norm1", "feedForward.expand": "mlp.fc1", "feedForward.contract": "mlp.fc2",
      "feedForwardNorm": "layer_norm2",
    ].mapValues { "\(tower).encoder.layers.{n}.\($0)" }
  }
}
