/// Which label says that nothing is wrong.
///
/// Data sets call the normal class by many names; a window of it never raises an alarm. A label counts as normal
/// when its words, without case, blanks and marks, are one of the usual names: *normal*, *healthy*, *ok*, *none*,
/// *no fault* and their like, alone or before *operation*, *condition*, *state* and such.
public enum NormalLabel {
  private static let names: Set<String> = [
    "normal", "healthy", "health", "ok", "okay", "good", "fine", "none", "nominal", "intact", "undamaged",
    "faultless", "faultfree", "nofault", "nofaults", "nofailure", "nofailures", "nodefect", "noanomaly",
    "nondefective", "nonfailure", "notfaulty", "baseline",
  ]

  private static let nouns = [
    "operation", "operations", "operating", "condition", "conditions", "state", "class", "mode", "running",
    "run",
    "machine", "baseline",
  ]

  /// Whether `label` names the normal class.
  public static func isNormal(_ label: String) -> Bool {
    var words = label.lowercased().filter { $0.isLetter }
    if names.contains(words) { return true }
    for _ in 0..<2 {
      guard let noun = nouns.first(where: { words.hasSuffix($0) && words.count > $0.count }) else { break }
      words.removeLast(noun.count)
      if names.contains(words) { return true }
    }
    return false
  }
}
