import Alignment

extension BundleDescription.TrainingRecord {
  /// Reads a manifest to score. Where it names no splits and is the very file that this training dealt out, its rows
  /// have the splits that they had then.
  /// - Throws: `ManifestError`; `BundleError` where a part is asked for that only the deal of another file knows.
  func manifest(_ path: String, for split: Split) throws -> Manifest {
    // Scoring a split does not depend on how rows are shared out over the splits.
    var manifest = try Manifest(path: path, options: .init(allowLeak: true))
    guard !manifest.namesSplits else { return manifest }
    if let dealt, FileDigest.sha256(path: path) == manifestSHA256 {
      manifest.rows = dealt.applied(to: manifest.rows)
    } else if split != .train {
      throw BundleError(
        path: path,
        reason: "It has no column split, and "
          + (dealt == nil
            ? "the training of this bundle dealt out no rows."
            : "it is not the file whose rows were dealt out when this bundle was trained (SHA-256 \(manifestSHA256))."),
        remedy: "Add the column split, take the manifest as it was, or score all rows with --split train.")
    }
    return manifest
  }
}
