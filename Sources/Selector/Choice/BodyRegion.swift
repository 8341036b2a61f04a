/// Parts of the body that headers and tasks name; only what can be told apart for certain.
enum BodyRegion: String, CaseIterable {
  case chest, head, neck, abdomen, pelvis, spine, arm, leg, breast

  /// Defined terms of DICOM's BodyPartExamined (PS3.16, annex L) and words of tasks and labels, in small letters.
  private var words: Set<String> {
    switch self {
    case .chest:
      [
        "chest", "thorax", "lung", "lungs", "pleura", "pleural", "heart", "cardiac", "rib", "ribs",
        "pneumonia", "pneumothorax", "cardiomegaly", "cxr", "diaphragm",
      ]
    case .head: ["head", "skull", "brain", "face", "orbit", "sinus", "jaw", "teeth"]
    case .neck: ["neck", "thyroid", "cspine"]
    case .abdomen: ["abdomen", "liver", "kidney", "stomach", "colon", "spleen", "pancreas", "gallbladder"]
    case .pelvis: ["pelvis", "hip", "bladder", "prostate", "uterus"]
    case .spine: ["spine", "lspine", "tspine", "sspine", "lumbar"]
    case .arm: ["arm", "hand", "wrist", "elbow", "shoulder", "finger", "forearm", "humerus", "thumb"]
    case .leg: ["leg", "knee", "foot", "ankle", "femur", "toe", "tibia", "calcaneus", "thigh"]
    case .breast: ["breast", "mammogram", "mammography"]
    }
  }

  /// The regions that words name.
  static func named(in text: String) -> Set<BodyRegion> {
    let found = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    return Set(allCases.filter { !$0.words.isDisjoint(with: found) })
  }
}

extension Objection {
  /// What a header says against an input.
  /// - Parameters:
  ///   - imageType: values of (0008,0008).
  ///   - bodyPart: of (0018,0015); nil where the header leaves it open.
  ///   - task: name and labels of the task, from which it follows which part of the body it is about.
  public init?(imageType: [String], bodyPart: String?, task: [String]) {
    if imageType.contains(where: { $0.uppercased() == "LOCALIZER" || $0.uppercased() == "SCOUT" }) {
      self = .scout
      return
    }
    guard let bodyPart else { return nil }
    let shown = BodyRegion.named(in: bodyPart)
    let wanted = task.reduce(into: Set<BodyRegion>()) { $0.formUnion(BodyRegion.named(in: $1)) }
    // Where either is open, or several are named of which one fits, there is nothing to object to.
    guard !shown.isEmpty, !wanted.isEmpty, shown.isDisjoint(with: wanted) else { return nil }
    self = .bodyPart(
      named: bodyPart, task: wanted.map(\.rawValue).sorted().joined(separator: ", "))
  }
}
