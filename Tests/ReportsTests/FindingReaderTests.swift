import Reports
import Testing

@Suite("Findings read from texts")
struct FindingReaderTests {
  private let reader = FindingReader(labels: [
    "normal", "opacity", "right opacity", "left opacity", "nodule", "unusable",
  ])

  private func read(_ text: String) -> [String: Set<ReportSide>] {
    Dictionary(uniqueKeysWithValues: reader.read(text).map { (reader.findings[$0.key], $0.value) })
  }

  @Test("Labels come first, sides and what is no illness left out, and what no label covers behind them")
  func findings() {
    #expect(reader.findings.prefix(2) == ["opacity", "nodule"])
    #expect(reader.findings.contains("pneumothorax") && reader.findings.contains("pleural effusion"))
    #expect(!reader.findings.contains { $0.contains("normal") || $0.contains("unusable") })
    #expect(Set(reader.findings).count == reader.findings.count)
  }

  @Test("What is affirmed is stated, with its sides; what is denied or doubted is not")
  func polarity() {
    #expect(
      read("There is a patchy opacity in the right lower zone. No pneumothorax. Possible nodule.")
        == ["opacity": [.right]])
    #expect(
      read("There are bilateral pleural effusions. The heart is not enlarged.")
        == ["pleural effusion": [.right, .left]])
    #expect(read("Consolidation is present. Impression: Pneumonia.") == ["opacity": [], "pneumonia": []])
    #expect(read("The lungs are clear. Normal chest radiograph.") == [:])
    #expect(
      read("On the left there is free pleural air: a small pneumothorax.") == ["pneumothorax": [.left]])
    #expect(read("The pleural spaces are free of fluid and air. A pneumothorax is not seen.") == [:])
    #expect(
      read("Neither pleural effusion nor pneumothorax. No opacity and no nodule in either lung.") == [:])
    #expect(read("左侧胸膜腔内有游离气体，属少量气胸。胸腔积液未见。") == ["pneumothorax": [.left]])
    #expect(read("右下肺野见斑片状密度增高影。未见胸腔积液及气胸。") == ["opacity": [.right]])
  }
}
