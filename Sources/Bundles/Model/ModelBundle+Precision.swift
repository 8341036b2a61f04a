import Tensors

extension ModelBundle {
  /// The same bundle, computing its answers in `precision`. Weights of 8 bits are made and laid out here, once; those
  /// of bf16 at their first use. Calibration and thresholds stay as they were fitted, in f32.
  ///
  /// Without hardware for bf16 the work is done in f32; without hardware for 8 bits (VNNI) in 8 bits of a little less
  /// resolution.
  /// - Throws: `BundleError` for 8 bits where the processor has no product of integers at all, or the bundle has no
  ///   linear maps in blocks.
  public func computing(in precision: InferencePrecision) throws -> ModelBundle {
    var copy = self
    copy.precision = precision
    guard precision == .int8 else { return copy }
    guard IntegerMap.isSupported else {
      throw BundleError(
        path: "--precision int8", reason: "oneDNN has no product of 8-bit integers on this processor.",
        remedy: "Use --precision f32 or bf16.")
    }
    copy.model.vision = model.vision?.rounded()
    copy.model.series = model.series?.rounded()
    copy.model.text = model.text?.rounded()
    copy.model.heads.decoder = model.heads.decoder?.rounded()
    guard copy.model.parameterCount < model.parameterCount else {
      throw BundleError(
        path: path, reason: "The bundle has no linear maps that could be rounded to 8 bits.",
        remedy: "Use --precision f32 or bf16.")
    }
    return copy
  }
}
