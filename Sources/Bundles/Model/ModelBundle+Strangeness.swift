import Alignment
import Selector

extension ModelBundle {
  /// Training inputs of a kind below which nothing can be said of what is usual.
  private static let fewest = 8
  /// What stands for "as strange as can be told".
  private static let unknown: Float = 4

  /// How far an input lies from what a task was trained on, in units of the usual distance: in the shared space or
  /// by its plain appearance, whichever is more.
  /// - Parameter embedding: its place in the shared space.
  public func strangeness(_ input: SampleInput, embedding: [Float], task: Int) -> Float {
    let key = FamiliarityKey(task: task, kind: input.kind)
    guard let known = familiarity[key] else { return ModelBundle.unknown }
    var found = known.strangeness(embedding)
    if let looks = appearance[key], let measures = ModelBundle.measures(input) {
      found = max(found, looks.strangeness(measures))
    }
    // The spread of a handful of inputs is no measure for others.
    return known.ids.count < ModelBundle.fewest ? max(ModelBundle.unknown, found) : found
  }

  /// Appearance of a picture, of views or a clip; nil for series, whose quality measures say what is out of range.
  static func measures(_ input: SampleInput) -> [Float]? {
    switch input {
    case .image(let picture): Appearance.measures(picture)
    case .views(let frames), .clip(let frames): Appearance.measures(clip: frames)
    case .series: nil
    }
  }
}
