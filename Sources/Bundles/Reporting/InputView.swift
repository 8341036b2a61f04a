import Decoders
import Foundation

/// Which way a scan looks at the patient, from the header, else from a word of the file's name.
enum InputView {
  static func of(_ metadata: Metadata, path: String) -> String? {
    if case .string(let view)? = metadata["view"], !view.isEmpty {
      guard case .string(let side)? = metadata["laterality"], !side.isEmpty else { return view }
      return "\(side) \(view)"
    }
    let name = (path as NSString).lastPathComponent.precomposedStringWithCanonicalMapping
    let words = name.lowercased().split { !$0.isLetter }.map(String.init)
    let known = ["frontal", "lateral", "oblique", "axial", "coronal", "sagittal"]
    if let word = known.first(where: words.contains) { return word }
    if words.contains("pa") { return "PA" }
    if words.contains("ap") { return "AP" }
    if name.contains("正位") { return "frontal" }
    return name.contains("侧位") ? "lateral" : nil
  }
}
