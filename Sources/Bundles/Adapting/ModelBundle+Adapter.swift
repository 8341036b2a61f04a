import Alignment
import Crypto
import Foundation
import Layers

extension ModelBundle {
  /// Takes over a trained model: low-rank pairs are merged into their maps and kept as the bundle's adapter, and
  /// matrices are rounded as they are stored, so that what is measured is what ships.
  mutating func take(_ trained: AlignedModel<ModelHeads>) {
    model = trained.mergingPairs().roundedToStorage()
    guard var adapter else { return }
    adapter.pairs = trained.lowRankPairs
    self.adapter = adapter
    let count = description.adapters?.last?.trained
    description.adapters = [adapter.record(name: description.name, trained: count)]
  }

  /// SHA-256 of the stored weights, in hexadecimal.
  /// - Throws: what reading throws.
  func weightsSHA256() throws -> String {
    let file = URL(fileURLWithPath: path + "/weights.safetensors")
    return SHA256.hexadecimal(of: try Data(contentsOf: file, options: .mappedIfSafe))
  }
}

extension BundleDescription {
  /// What CARD.md says of adapters; empty without any.
  var adapterLines: [String] {
    guard let adapters, !adapters.isEmpty else { return [] }
    return ["", "## Adapters", ""]
      + adapters.map { adapter in
        let base =
          adapter.baseSHA256.isEmpty ? "" : " (SHA-256 of its weights `\(adapter.baseSHA256)`)"
        let trained = adapter.trained.map { ", \($0) values trained with heads and projections" } ?? ""
        return
          "- `\(adapter.name)`, SHA-256 `\(adapter.sha256)`: low-rank pairs (LoRA) of rank \(adapter.r), alpha "
          + "\(adapter.alpha), on \(adapter.maps) maps (\(adapter.targets.joined(separator: ", "))), "
          + "\(adapter.parameters) values\(trained); trained on \(adapter.base)\(base), merged into the weights."
      }
  }
}
