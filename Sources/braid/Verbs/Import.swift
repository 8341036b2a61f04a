import ArgumentParser
import Bundles
import Encoders

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Brings others' weights from a local folder into a bundle that embeds texts or images, or merges an adapter.",
    discussion: """
      The folder is one that transformers, sentence-transformers or timm saved: config.json, model.safetensors and, \
      for texts, tokenizer.json, vocab.txt, or vocab.json and merges.txt. Supported are bert, distilbert, roberta, vit, \
      clip (texts and images in one space) and EfficientNet-Lite0. Scripts/get-weights fetches two such folders.
      With --base the folder is a LoRA adapter's, as PEFT or braid align --lora saved it (adapter_config.json and \
      adapter_model.safetensors), and a copy of the base is written into which it is merged. Several are merged one \
      after the other.
      """)

  @Argument(help: "The model's folder, or with --base the adapter's.")
  var folder: String
  @Option(help: "Folder of the bundle to write.")
  var out: String
  @Option(help: "The bundle that an adapter was trained on.")
  var base: String?
  @Option(help: "Name of the bundle; the folder's by default.")
  var name: String?
  @Option(help: "mean or first: how tokens become one vector, instead of what the folder says.")
  var pooling: String?
  @Flag(help: "Replace an existing bundle.")
  var force = false
  @OptionGroup var shared: PlainOptions

  func validate() throws {
    if let pooling, TokenPooling(rawValue: pooling) == nil {
      throw ValidationError("--pooling (\(pooling)) must be mean or first.")
    }
    if pooling != nil, base != nil {
      throw ValidationError("--pooling is for models; an adapter (--base) leaves pooling as its base has it.")
    }
  }

  private struct Result: Encodable {
    var bundle: String
    var name: String
    var sha256: String
    var architecture: String
    var parameters: Int
    var embedding: Int
    var leftOut: [String]
    var notes: [String]
  }

  func run() throws { if let base { try merge(into: base) } else { try bring() } }

  private struct Merged: Encodable {
    var bundle: String
    var name: String
    var sha256: String
    var adapter: AdapterRecord?
    var leftOut: [String]
  }

  private func merge(into base: String) throws {
    var options = AdapterJob.Options(folder: folder, base: base, out: out)
    (options.name, options.force) = (name, force)
    let (bundle, leftOut) = try AdapterJob(options).run()
    let record = bundle.description.adapters?.last
    if shared.json {
      try Output.json(
        Merged(
          bundle: out, name: bundle.description.name, sha256: bundle.sha256, adapter: record, leftOut: leftOut
        ))
    } else if let record {
      Output.line(
        "\(bundle.description.name): adapter \(record.name) of rank \(record.r), \(record.parameters) values, "
          + "merged into \(record.maps) maps")
    }
    guard !shared.quiet else { return }
    if !leftOut.isEmpty { Output.note("Not used in embedding: \(leftOut.joined(separator: ", ")).") }
    Output.note("Wrote \(out).")
  }

  private func bring() throws {
    var options = ImportJob.Options(folder: folder, out: out)
    (options.name, options.pooling, options.force) = (
      name, pooling.flatMap { TokenPooling(rawValue: $0) }, force
    )
    let bundle = try ImportJob(options).run()
    let description = bundle.description
    let result = Result(
      bundle: out, name: description.name, sha256: bundle.sha256,
      architecture: description.origin?.architecture ?? "",
      parameters: description.training.parameters, embedding: description.embedding,
      leftOut: description.origin?.leftOut ?? [], notes: description.origin?.notes ?? [])
    if shared.json {
      try Output.json(result)
    } else {
      Output.line(
        "\(result.name): \(result.architecture), \(result.parameters) parameters, embeddings of \(result.embedding)"
      )
    }
    guard !shared.quiet else { return }
    for note in result.notes { Output.note(note) }
    if !result.leftOut.isEmpty {
      Output.note("Not used in embedding: \(result.leftOut.joined(separator: ", ")).")
    }
    Output.note("Wrote \(out).")
  }
}
