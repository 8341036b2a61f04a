import Selector
import Testing

@Suite("Inputs that are no scans of what is asked")
struct ObjectionTests {
  private let chest = ["chest-phantom", "opacity", "pleural effusion"]

  @Test("A localiser is none, whatever the part of the body")
  func scout() {
    #expect(
      Objection(imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"], bodyPart: "CHEST", task: chest) == .scout)
    #expect(Objection(imageType: ["ORIGINAL", "PRIMARY", "AXIAL"], bodyPart: "CHEST", task: chest) == nil)
  }

  @Test("Another part of the body is objected to, where both are known")
  func body() {
    #expect(
      Objection(imageType: [], bodyPart: "HAND", task: chest) == .bodyPart(named: "HAND", task: "chest"))
    #expect(Objection(imageType: [], bodyPart: "THORAX", task: chest) == nil)
    #expect(Objection(imageType: [], bodyPart: "CHEST ABDOMEN", task: chest) == nil)
    #expect(Objection(imageType: [], bodyPart: "WHOLEBODY", task: chest) == nil)
    #expect(Objection(imageType: [], bodyPart: nil, task: chest) == nil)
    #expect(Objection(imageType: [], bodyPart: "HAND", task: ["findings", "normal"]) == nil)
  }

  @Test("Such an input is left out, and the reason says why")
  func chosen() {
    var quality = Quality()
    (quality.contrast, quality.entropy) = (0.4, 0.8)
    let evidence = Evidence(quality: quality, strangeness: 0.5, uncertainty: 0.1)
    let good = Candidate(kind: "image", task: "t", head: .report, evidence: evidence, cost: 1)
    let page = Candidate(
      kind: "image", task: "t", head: .report, evidence: evidence, cost: 1, objection: .screenshot(lines: 20))
    let choices = ModalitySelector(networks: [:]).choose([good, page])
    #expect(choices[0].used && choices[0].weight == 1 && choices[0].objection == nil)
    #expect(!choices[1].used && choices[1].weight == 0 && choices[1].trust == 0)
    #expect(choices[1].reasons == ["Left out: It is a page of text (20 lines), not a scan."])
  }
}
