import Foundation

extension ReportLanguage {
  /// A label in the words of a report; labels that are not known in a language stay as they are.
  public func named(_ label: String) -> String {
    let english = ReportLanguage.spoken(label)
    guard self == .zh, !label.unicodeScalars.contains(where: Words.isChinese) else { return english }
    if FindingTerms.namesNormal(label) { return "正常" }
    if Consistency.namesUnusable(label) { return "无法评估" }
    var sides = "", rest: [String] = []
    for word in Words.of(label) {
      if let side = ReportLanguage.sides[word] { sides += side } else { rest.append(word) }
    }
    let kinds = rest.compactMap { ReportLanguage.kinds[$0] }
    let bare = rest.filter { ReportLanguage.kinds[$0] == nil }
    guard let name = ReportLanguage.names[bare.joined(separator: " ")] else { return english }
    return sides + kinds.joined() + name
  }

  private static let sides = ["left": "左侧", "right": "右侧", "bilateral": "双侧"]
  private static let kinds = ["bacterial": "细菌性", "viral": "病毒性"]
  /// In the wording that `FindingConcept` knows again.
  private static let names = [
    "opacity": "肺部密度增高影", "lung opacity": "肺部密度增高影", "consolidation": "肺实变", "infiltration": "肺部浸润影",
    "pneumonia": "肺炎", "effusion": "胸腔积液", "pleural effusion": "胸腔积液", "pneumothorax": "气胸",
    "enlarged heart": "心影增大", "cardiomegaly": "心影增大", "nodule": "结节", "mass": "肿块", "fracture": "骨折",
    "edema": "肺水肿", "oedema": "肺水肿", "atelectasis": "肺不张", "emphysema": "肺气肿", "fibrosis": "肺纤维化",
    "tuberculosis": "肺结核", "covid": "新冠病毒感染", "covid 19": "新冠病毒感染",
    "reduced diaphragm motion": "膈肌运动减弱", "diaphragm moves normally": "膈肌运动正常",
  ]
}
