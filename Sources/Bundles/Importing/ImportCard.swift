import Encoders

/// CARD.md of an imported bundle: where the weights come from, and what Braid knows and does not know of them.
struct ImportCard {
  var bundle: ModelBundle

  var text: String {
    let description = bundle.description
    guard let origin = description.origin else { return "" }
    var lines = [
      "# \(description.name)", "",
      "Weights that others trained, imported \(description.training.created) with Braid \(description.training.braid) "
        + "from the folder `\(origin.folder)`: \(origin.architecture), \(description.training.parameters) parameters.",
      "",
      "## Source", "",
    ]
    lines += origin.sha256.sorted { $0.key < $1.key }.map { "- `\($0.key)`, SHA-256 `\($0.value)`" }
    lines += [
      "",
      "Licence and training data are those of the original; what stands beside it (its own card, its licence) "
        + "holds for this bundle too. Braid has trained nothing and measured nothing here.", "",
      "## What it does", "",
    ]
    if let text = description.text {
      lines.append(
        "Embeds texts of up to \(text.length) tokens as \(description.embedding) numbers of length 1: "
          + (text.clip == nil ? pooled(text.bert?.pooling) : "the end token of the last layer, mapped") + ".")
    }
    if let vision = description.vision {
      lines.append(
        "Embeds images, brought to \(vision.side) x \(vision.side) pixels, as \(description.embedding) numbers of "
          + "length 1: " + pooled(vision.transformer?.pooling)
          + (vision.transformer?.clip == true ? ", mapped" : "")
          + ". A clip is the mean of its frames.")
    }
    lines += [
      "",
      "It has no tasks and no heads: it drafts no reports and predicts no faults. "
        + "`braid align --from` takes it as a start.", "",
    ]
    if !origin.notes.isEmpty { lines += ["## Differences", ""] + origin.notes.map { "- \($0)" } + [""] }
    if !origin.leftOut.isEmpty {
      lines += [
        "Left out, for embedding does not use it: " + origin.leftOut.map { "`\($0)`" }.joined(separator: ", ")
          + ".", "",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private func pooled(_ pooling: TokenPooling?) -> String {
    pooling == .first ? "the first token of the last layer" : "the mean of the tokens of the last layer"
  }
}
