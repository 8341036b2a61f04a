/// How reports speak of a finding: word patterns that name it, and such that say it is not there.
///
/// A pattern is a list of word stems that all stand in one segment of a sentence. Findings without a concept are
/// known by the words of their names alone.
struct FindingConcept: Sendable {
  /// Stems by which a label's name is recognised; these words of the name are then covered by the concept.
  var keys: [String]
  var affirming: [[String]]
  var denying: [[String]] = []
  /// Chinese terms, and Chinese phrases that say it is not there.
  var chinese: [String] = []
  var chineseDenying: [String] = []
  /// Whether "the lungs are clear" speaks against it.
  var isOfLung = false
  /// As readers of texts without labels call it; nil for what is no illness.
  var name: String?

  /// Terms of chest radiographs and lung ultrasound, in the wording that reports commonly use.
  static let known: [FindingConcept] = [
    FindingConcept(
      keys: ["opaci", "consolid", "infiltrat", "airspace"],
      affirming: [
        ["opaci"], ["consolid"], ["infiltrat"], ["airspace"], ["increased", "densit"], ["shadowing"],
      ],
      chinese: ["斑片", "实变", "密度增高", "渗出", "浸润", "致密影", "片状影", "磨玻璃"], isOfLung: true, name: "opacity"),
    FindingConcept(
      keys: ["pneumonia", "pneumonitis"], affirming: [["pneumoni"]], chinese: ["肺炎"], isOfLung: true,
      name: "pneumonia"),
    FindingConcept(
      keys: ["effusion", "pleural"],
      affirming: [["effusion"], ["blunt", "costophrenic"], ["fluid", "pleural"]],
      denying: [["costophrenic", "sharp"], ["costophrenic", "clear"]],
      chinese: ["积液", "肋膈角变钝"], chineseDenying: ["肋膈角锐利", "肋膈角清晰"], name: "pleural effusion"),
    FindingConcept(
      keys: ["pneumothora"], affirming: [["pneumothora"]], chinese: ["气胸"], name: "pneumothorax"),
    FindingConcept(
      keys: ["cardiomegal", "heart", "cardiac", "enlarge"],
      affirming: [
        ["cardiomegal"], ["enlarge", "heart"], ["enlarge", "cardiac"], ["increased", "cardiothoracic"],
      ],
      denying: [
        ["heart", "normal"], ["cardiac", "normal"], ["cardiac", "within", "limits"],
        ["heart", "within", "limits"],
      ],
      chinese: ["心影增大", "心脏增大", "心影大", "心胸比增大"], chineseDenying: ["心影不大", "心影正常", "心影大小正常"],
      name: "cardiomegaly"),
    FindingConcept(
      keys: ["nodul"], affirming: [["nodul"], ["round", "densit"]], chinese: ["结节"], isOfLung: true,
      name: "nodule"),
    FindingConcept(
      keys: ["mass", "tumour", "tumor"], affirming: [["mass"], ["tumo"]], chinese: ["肿块", "占位"],
      isOfLung: true, name: "mass"),
    FindingConcept(
      keys: ["fractur"], affirming: [["fractur"]],
      denying: [["bones", "unremarkable"], ["bony", "intact"], ["bones", "intact"]],
      chinese: ["骨折"], chineseDenying: ["骨质完整"], name: "fracture"),
    FindingConcept(
      keys: ["edema", "oedema"], affirming: [["edema"], ["oedema"], ["congest"]], chinese: ["水肿", "淤血"],
      isOfLung: true, name: "edema"),
    FindingConcept(
      keys: ["atelecta", "collapse"], affirming: [["atelecta"], ["collapse"]], chinese: ["不张"],
      isOfLung: true, name: "atelectasis"),
    FindingConcept(
      keys: ["emphysem"], affirming: [["emphysem"], ["hyperinflat"]], chinese: ["肺气肿"], isOfLung: true,
      name: "emphysema"),
    FindingConcept(
      keys: ["fibros"], affirming: [["fibros"], ["fibrotic"]], chinese: ["纤维化"], isOfLung: true,
      name: "fibrosis"),
    FindingConcept(
      keys: ["tubercul"], affirming: [["tubercul"]], chinese: ["结核"], isOfLung: true, name: "tuberculosis"),
    FindingConcept(
      keys: ["covid", "coronavirus"], affirming: [["covid"], ["coronavirus"]], chinese: ["新冠"],
      isOfLung: true, name: "covid"),
    FindingConcept(
      keys: ["reduced", "diaphragm", "motion"],
      affirming: [["reduced", "diaphragm"], ["hardly", "diaphragm"], ["paraly", "diaphragm"]],
      denying: [["diaphragm", "freely"], ["diaphragm", "normal"]],
      chinese: ["运动减弱", "活动减弱", "运动度减低"], chineseDenying: ["运动正常", "活动正常", "活动自如"],
      name: "reduced diaphragm motion"),
    FindingConcept(
      keys: ["diaphragm", "moves", "normal"],
      affirming: [["diaphragm", "freely"], ["diaphragm", "normal"]],
      denying: [["reduced", "diaphragm"], ["hardly", "diaphragm"]],
      chinese: ["运动正常", "活动正常", "活动自如"], chineseDenying: ["运动减弱", "活动减弱"]),
  ]

  /// The concept that covers most words of a label, if one covers any that tells it from the others.
  static func of(_ words: [String]) -> FindingConcept? {
    let scores = known.map { concept in words.count { word in concept.keys.contains { word.contains($0) } } }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else { return nil }
    // A word of two or three that a concept is named by, such as "pleural" of "pleural thickening", is too little.
    let distinctive = known[best].affirming.contains { pattern in
      pattern.allSatisfy { stem in words.contains { $0.contains(stem) } }
    }
    return distinctive || known[best].affirming.isEmpty ? known[best] : nil
  }
}
