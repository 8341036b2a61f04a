import Foundation
import Reports
import Testing

@Suite("Text agrees with the table of findings")
struct ConsistencyTests {
  private func table(_ states: (String, Consistency.Finding.State)...) -> Consistency {
    Consistency(
      states.map { name, state in
        Consistency.Finding(
          name: name, probability: state == .present ? 0.9 : state == .absent ? 0.1 : 0.5, state: state)
      })
  }

  @Test(
    "Sentences that deny a present finding contradict the table",
    arguments: [
      ("pleural effusion", "No pleural effusion or pneumothorax is seen."),
      ("pneumothorax", "No pleural effusion or pneumothorax is seen."),
      ("pneumothorax", "The costophrenic angles are sharp and there is no pneumothorax."),
      ("pleural effusion", "The costophrenic angles are sharp and there is no pneumothorax."),
      ("pleural effusion", "There is no evidence of pleural effusion."),
      ("pleural effusion", "Pleural effusion is not seen."),
      ("pneumonia", "The lungs are free of pneumonia."),
      ("PNEUMONIA", "Negative for pneumonia."),
      ("enlarged heart", "The heart is not enlarged."),
      ("enlarged heart", "Heart size is normal."),
      ("enlarged heart", "The cardiac silhouette is within normal limits."),
      ("opacity", "The lungs show no focal opacity."),
      ("opacity", "Both lungs are clear."),
      ("nodule", "Normal chest radiograph."),
      ("right opacity", "The right lung is clear."),
      ("opacity", "No acute cardiopulmonary abnormality."),
      ("pleural effusion", "未见胸腔积液及气胸。"),
      ("pneumothorax", "双侧肋膈角锐利，未见气胸。"),
      ("enlarged heart", "心影不大。"),
    ])
  func denials(finding: String, sentence: String) {
    #expect(table((finding, .present)).contradictions(in: sentence) == [finding])
    #expect(table((finding, .absent)).contradictions(in: sentence).isEmpty)
  }

  @Test(
    "Sentences that state an absent finding contradict the table",
    arguments: [
      ("pleural effusion", "There is a moderate left pleural effusion."),
      (
        "pneumothorax",
        "A large pneumothorax is present on the left, with no lung markings beyond the pleural line."
      ),
      ("opacity", "The right lower zone shows patchy opacification."),
      ("opacity", "A patchy area of increased density lies in the left lower zone."),
      ("enlarged heart", "The heart is enlarged, with a cardiothoracic ratio of 0.59."),
      ("enlarged heart", "Cardiomegaly."),
      ("enlarged heart", "There is enlargement of the heart."),
      ("right opacity", "There is a patchy opacity in the right lower zone."),
      ("bacterial_pneumonia", "Findings in keeping with bacterial pneumonia."),
      ("pleural effusion", "No pneumothorax but a small pleural effusion."),
      ("pleural effusion", "No change in the large pleural effusion."),
      ("normal", "Normal chest radiograph."),
      ("opacity", "右下肺野可见斑片影。"),
    ])
  func statements(finding: String, sentence: String) {
    #expect(table((finding, .absent)).contradictions(in: sentence) == [finding])
    #expect(table((finding, .present)).contradictions(in: sentence).isEmpty)
  }

  @Test(
    "Sentences on something else contradict nothing",
    arguments: [
      ("left opacity", "There is a patchy opacity in the right lower zone."),
      ("opacity", "No opacity is seen in the left lung."),
      ("opacity", "The right lung is clear."),
      ("left opacity", "The right lung is clear."),
      ("viral pneumonia", "Findings of bacterial pneumonia."),
      ("pneumothorax", "The lungs are clear."),
      ("nodule", "The bones are unremarkable."),
      ("opacity", "No bony abnormality is seen."),
      ("nodule", "The heart and mediastinum are normal."),
    ])
  func others(finding: String, sentence: String) {
    #expect(table((finding, .present)).contradictions(in: sentence).isEmpty)
  }

  @Test("An uncertain finding may be neither stated nor denied, but hedged")
  func hedges() {
    let table = table(("pleural effusion", .uncertain))
    #expect(table.contradictions(in: "There is a pleural effusion.") == ["pleural effusion"])
    #expect(table.contradictions(in: "No pleural effusion.") == ["pleural effusion"])
    #expect(table.contradictions(in: "A small pleural effusion cannot be excluded.").isEmpty)
    #expect(table.contradictions(in: "Possible pleural effusion.").isEmpty)
  }

  @Test("What contradicts goes, what is missing is added, and the rest stays as it was")
  func reconciles() {
    let table = table(
      ("normal", .absent), ("opacity", .present), ("right opacity", .present), ("pleural effusion", .absent),
      ("pneumothorax", .absent), ("enlarged heart", .uncertain))
    let result = table.reconcile([
      "Both lungs are clear. There is a large left pleural effusion. No pneumothorax is seen. The heart is not enlarged. "
        + "The bony thorax is intact. Impression: Large left pleural effusion."
    ])
    // Nobody looked at the bones.
    #expect(
      result.dropped == [
        "Both lungs are clear.", "There is a large left pleural effusion.", "The heart is not enlarged.",
        "The bony thorax is intact.", "Large left pleural effusion.",
      ])
    #expect(result.findings.hasPrefix("No pneumothorax is seen. Right opacity"))
    #expect(result.findings.contains("Uncertain: enlarged heart (50 %)."))
    #expect(result.impression == "Right opacity. Uncertain: enlarged heart.")
    #expect(table.contradictions(in: result.findings).isEmpty)
    #expect(table.contradictions(in: result.impression).isEmpty)
  }

  @Test(
    "Measures that nobody took are cut out",
    arguments: [
      ("The heart is enlarged, with a cardiothoracic ratio of 0.59.", "The heart is enlarged."),
      ("Cardiomegaly, ratio 59 %, is seen.", "Cardiomegaly, is seen."),
      ("The heart is enlarged on view 2a of COVID-19.", "The heart is enlarged on view 2a of COVID-19."),
    ])
  func measures(written: String, kept: String) {
    let result = table(("enlarged heart", .present)).reconcile([written])
    #expect(result.findings == kept && result.dropped.isEmpty && result.isDrafted)
    let whole = table(("nodule", .present)).reconcile(["It measures 8."])
    #expect(whole.dropped == ["It measures 8."] && whole.findings == "Nodule (probability 90 %).")
    #expect(!whole.isDrafted && whole.added == 1)
    // Without a table the text is all there is.
    #expect(table().reconcile(["A nodule of 8 mm is seen."]).findings == "A nodule of 8 mm is seen.")
  }

  @Test(
    "A size is taken out of its sentence, which stays",
    arguments: [
      (
        ReportLanguage.en, "There is a 17 mm nodule in the right upper zone.",
        "There is a nodule in the right upper zone."
      ),
      (.en, "A round nodule of about 8 mm is seen.", "A round nodule is seen."),
      (.en, "The left zone contains a nodule measuring 1.5 cm.", "The left zone contains a nodule."),
      (.zh, "右上肺野见一结节，直径约17毫米。", "右上肺野见一结节。"),
      (.zh, "右上肺野可见约17毫米圆形结节影。", "右上肺野可见圆形结节影。"),
    ])
  func sizes(language: ReportLanguage, written: String, kept: String) {
    let table = Consistency(
      [.init(name: "nodule", probability: 0.9, state: .present)], language: language)
    let result = table.reconcile([written])
    #expect(result.findings == kept && result.dropped.isEmpty && result.added == 0)
    #expect(result.told.findings.map(\.behind) == [[0]])
  }

  @Test("Every sentence tells what it rests on")
  func behind() {
    let table = table(
      ("normal", .absent), ("opacity", .present), ("right opacity", .present), ("pleural effusion", .absent),
      ("enlarged heart", .uncertain))
    let result = table.reconcile([
      "There is a patchy opacity in the right lower zone. The left lung is clear. No pleural effusion. The sky is blue."
    ])
    #expect(result.dropped == ["The sky is blue."])
    let told = result.told.findings
    #expect(told.map(\.text).joined(separator: " ") == result.findings)
    #expect(told[0].behind == [1, 2])
    #expect(told.first { $0.text.hasPrefix("No pleural") }?.behind == [3])
    #expect(told.first { $0.text.hasPrefix("Uncertain") }?.behind == [4])
    #expect(result.told.impression.allSatisfy { !$0.behind.isEmpty })
    // Of a study without findings the sentence rests on all that was looked for.
    let clear = self.table(("nodule", .absent), ("fracture", .absent)).reconcile([])
    #expect(clear.told.findings.first?.behind == [0, 1])
  }

  @Test("A report is in one language")
  func languages() {
    let findings = [
      Consistency.Finding(name: "right pleural effusion", probability: 0.9, state: .present),
      Consistency.Finding(name: "enlarged heart", probability: 0.4, state: .uncertain),
      Consistency.Finding(name: "pneumothorax", probability: 0.1, state: .absent),
    ]
    let written = ["There is a right pleural effusion. Impression: Right pleural effusion."]
    let chinese = Consistency(findings, language: .zh).reconcile(written)
    #expect(chinese.findings == "可见右侧胸腔积液（概率 90%）。不能确定：心影增大（40%）。未见气胸。")
    #expect(chinese.impression == "右侧胸腔积液。不能确定：心影增大。")
    #expect(Consistency(findings, language: .zh).contradictions(in: chinese.findings).isEmpty)
    let english = Consistency(findings).reconcile(["右侧胸腔积液。"])
    #expect(english.dropped == ["右侧胸腔积液。"])
    #expect(
      english.findings
        == "Right pleural effusion (probability 90 %). Uncertain: enlarged heart (40 %). No pneumothorax.")
  }

  @Test("What is no illness stands beside a normal study")
  func healthy() {
    let table = table(("normal", .present), ("diaphragm moves normally", .present), ("nodule", .absent))
    #expect(table.contradictions(in: "Normal chest radiograph.").isEmpty)
    #expect(Consistency.namesHealthy("diaphragm moves normally") && Consistency.namesHealthy("normal"))
    #expect(!Consistency.namesHealthy("abnormal motion") && !Consistency.namesHealthy("not normal"))
    let quiet = self.table(("diaphragm moves normally", .absent), ("nodule", .absent))
    #expect(quiet.reconcile([]).findings == "None of the findings looked for is seen: no nodule.")
  }

  @Test("A text that agrees is left alone")
  func agrees() {
    let table = table(
      ("normal", .present), ("opacity", .absent), ("pleural effusion", .absent), ("pneumothorax", .absent))
    let result = table.reconcile([
      "Both lungs are clear. No pleural effusion or pneumothorax. Impression: Normal chest radiograph."
    ])
    #expect(result.dropped.isEmpty)
    #expect(result.findings == "Both lungs are clear. No pleural effusion or pneumothorax.")
    #expect(result.impression == "Normal chest radiograph.")
  }

  @Test("Without a decoder's text the table speaks for itself", arguments: ReportLanguage.allCases)
  func plain(language: ReportLanguage) {
    let findings = [
      Consistency.Finding(name: "PNEUMONIA", probability: 0.97, state: .present),
      Consistency.Finding(name: "NORMAL", probability: 0.03, state: .absent),
      Consistency.Finding(name: "nodule", probability: 0.4, state: .uncertain),
      Consistency.Finding(name: "pneumothorax", probability: 0.02, state: .absent),
    ]
    let table = Consistency(findings, language: language)
    let result = table.reconcile([])
    func says(_ text: String, _ name: String) -> Bool {
      text.localizedCaseInsensitiveContains(language.named(name))
    }
    for text in [result.findings, result.impression] {
      #expect(says(text, "pneumonia") && says(text, "nodule"))
      #expect(table.contradictions(in: text).isEmpty, "\(text)")
    }
    // What was looked for and not seen stands in the findings alone.
    #expect(result.findings.hasSuffix(language == .en ? "No pneumothorax." : "未见气胸。"))
    #expect(!says(result.impression, "pneumothorax"))
    let quiet = Consistency(
      findings.map { .init(name: $0.name, probability: 0.02, state: .absent) }, language: language)
    let nothing = quiet.reconcile([])
    #expect(quiet.contradictions(in: nothing.findings).isEmpty, "\(nothing.findings)")
    #expect(says(nothing.findings, "pneumothorax"))
  }

  @Test("A decimal point ends no sentence")
  func decimals() {
    let result = table().reconcile([
      "The heart is enlarged, with a cardiothoracic ratio of 0.59. Impression: Enlarged heart."
    ])
    #expect(result.findings == "The heart is enlarged, with a cardiothoracic ratio of 0.59.")
    #expect(result.impression == "Enlarged heart.")
  }

  @Test(
    "Labels that say nothing was found are told from findings",
    arguments: [
      ("normal", true), ("NORMAL", true), ("No Finding", true), ("healthy", true), ("normal chest", true),
      ("pneumonia", false), ("diaphragm moves normally", false), ("enlarged heart", false),
    ])
  func normals(label: String, isNormal: Bool) { #expect(Consistency.namesNormal(label) == isNormal) }
}
