import Encoders
import Foundation
import Layers

/// Text encoders of the BERT family: BERT (Devlin et al. 2019), DistilBERT (Sanh et al. 2019) and RoBERTa (Liu et
/// al. 2019), also inside a folder of sentence-transformers (Reimers and Gurevych 2019).
extension ImportPlan {
  static func bert(
    _ original: OriginalConfiguration, _ folder: ImportFolder, pooling asked: TokenPooling?
  ) throws -> ImportPlan {
    let check = CheckedConfiguration(path: folder.model + "/config.json")
    let distilled = original.modelType == "distilbert"
    let kind = original.positionEmbeddingType ?? "absolute"
    guard kind == "absolute", original.isDecoder != true else {
      throw BundleError(
        path: check.path,
        reason: original.isDecoder == true
          ? "The model is a decoder." : "Its positions are \(kind), not learned absolute ones.",
        remedy: "Supported are encoders with learned absolute positions.")
    }
    let width = try check.number(
      original.hiddenSize ?? original.dim, distilled ? "dim" : "hidden_size", in: 1...8192)
    let depth = try check.number(
      original.numHiddenLayers ?? original.nLayers, distilled ? "n_layers" : "num_hidden_layers", in: 1...128)
    let heads = try check.heads(
      original.numAttentionHeads ?? original.nHeads, distilled ? "n_heads" : "num_attention_heads",
      width: width)
    let hidden = try check.number(
      original.intermediateSize ?? original.hiddenDim, distilled ? "hidden_dim" : "intermediate_size",
      in: 1...65536)
    let vocabulary = try check.number(original.vocabSize, "vocab_size", in: 1...1_000_000)
    let positions = try check.number(
      original.maxPositionEmbeddings, "max_position_embeddings", in: 4...1_000_000)
    let types = distilled ? 0 : try check.number(original.typeVocabSize ?? 2, "type_vocab_size", in: 0...1000)
    // RoBERTa counts places from the padding's id on.
    let start =
      original.modelType == "roberta"
      ? try check.number(original.padTokenId ?? 1, "pad_token_id", in: 0...1) + 1 : 0
    var notes: [String] = []
    let length = try BertFolder.length(folder, at: positions - start)
    let tokenizer = try BertFolder.tokenizer(folder, rows: vocabulary, check)
    let configuration = TextConfiguration(
      vocabulary: vocabulary, length: length, width: width, depth: depth, hidden: hidden,
      heads: .fixed(heads),
      bert: .init(
        types: types, epsilon: try check.epsilon(original.layerNormEps, or: 1e-12),
        activation: try check.activation(original.hiddenAct ?? original.activation),
        pooling: try BertFolder.pooling(folder, asked: asked, &notes)))
    notes += try BertFolder.prompts(folder)
    var plan = ImportPlan(
      architecture: original.name, text: configuration, tokenizer: tokenizer, embedding: width,
      parameters: (vocabulary + positions) * width + depth * (4 * width + 2 * hidden) * width,
      prefixes: ["bert.", "roberta.", "distilbert."],
      leftOut: [
        "pooler.", "cls.", "classifier.", "pre_classifier.", "qa_outputs.", "lm_head.", "vocab_",
        "embeddings.position_ids",
        "embeddings.token_type_ids",
      ],
      whole: [
        "text.tokens": "embeddings.word_embeddings", "text.positions": "embeddings.position_embeddings",
        "text.types": "embeddings.token_type_embeddings", "text.embeddingNorm": "embeddings.LayerNorm",
      ], blocks: ["text.blocks.": distilled ? distilBlock : bertBlock])
    plan.layouts["text.positions"] = .rows(start: start, total: positions)
    plan.notes = notes
    return plan
  }

  private static let bertBlock = [
    "attention.query": "encoder.layer.{n}.attention.self.query",
    "attention.key": "encoder.layer.{n}.attention.self.key",
    "attention.value": "encoder.layer.{n}.attention.self.value",
    "attention.out": "encoder.layer.{n}.attention.output.dense",
    "attentionNorm": "encoder.layer.{n}.attention.output.LayerNorm",
    "feedForward.expand": "encoder.layer.{n}.intermediate.dense",
    "feedForward.contract": "encoder.layer.{n}.output.dense",
    "feedForwardNorm": "encoder.layer.{n}.output.LayerNorm",
  ]

  private static let distilBlock = [
    "attention.query": "transformer.layer.{n}.attention.q_lin",
    "attention.key": "transformer.layer.{n}.attention.k_lin",
    "attention.value": "transformer.layer.{n}.attention.v_lin",
    "attention.out": "transformer.layer.{n}.attention.out_lin",
    "attentionNorm": "transformer.layer.{n}.sa_layer_norm",
    "feedForward.expand": "transformer.layer.{n}.ffn.lin1",
    "feedForward.contract": "transformer.layer.{n}.ffn.lin2",
    "feedForwardNorm": "transformer.layer.{n}.output_layer_norm",
  ]
}
