/// One example of a manifest: what goes in, and what is known of it.
public struct ManifestRow: Sendable, Hashable, Identifiable {
  /// As written, or the number of the data row where the manifest has no ids.
  public var id: String
  /// Train where the manifest names none.
  public var split: Split
  /// What must not stand in two splits: a patient, a machine, a bearing.
  public var group: String?
  /// In the order written; empty without labels.
  public var labels: [String]
  /// What is said of the row in words.
  public var text: String?
  /// Absolute paths. Of several views of one examination the image is the first.
  public var image: String?, clip: String?, series: String?
  /// Absolute paths of the further views of the examination; empty for a single image.
  public var moreViews: [String] = []
  /// First and last data row of the series, 1-based and both included; nil: from the first, to the last.
  public var start: Int?, end: Int?
  /// A number to predict, such as remaining life.
  public var target: Double?
  /// Rows of one task share a set of labels; nil where the manifest does not say.
  public var task: String?
  /// The line of the manifest in which the row starts, 1 being the first.
  public var line: Int

  /// - Parameter line: of the manifest, 1 being the first.
  public init(
    id: String, split: Split = .train, group: String? = nil, labels: [String] = [], text: String? = nil,
    image: String? = nil, clip: String? = nil, series: String? = nil, start: Int? = nil, end: Int? = nil,
    target: Double? = nil, task: String? = nil, line: Int = 0
  ) {
    (self.id, self.split, self.group, self.labels, self.text) = (id, split, group, labels, text)
    (self.image, self.clip, self.series, self.start, self.end) = (image, clip, series, start, end)
    (self.target, self.task, self.line) = (target, task, line)
  }

  /// Whether a label, a text or a target is known.
  public var isLabelled: Bool { !labels.isEmpty || text != nil || target != nil }

  /// All pictures of the examination, in the order written.
  public var images: [String] { (image.map { [$0] } ?? []) + moreViews }

  /// Whether there is an image, a clip or a series to look at.
  public var hasInput: Bool { image != nil || clip != nil || series != nil }

  /// Names what the row looks at: equal for rows that share file and window. Nil for rows of text alone.
  public var inputKey: String? {
    guard hasInput else { return nil }
    let window = start == nil && end == nil ? "" : "\(start ?? 1)-\(end.map(String.init) ?? "")"
    return ([image, clip, series, window].map { $0 ?? "" } + moreViews).joined(separator: "\u{0}")
  }
}
