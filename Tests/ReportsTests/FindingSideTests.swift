import Reports
import Testing

@Suite("Sides and zones of findings")
struct FindingSideTests {
  @Test("Labels give their side; what lies in a lung has zones, what lies at one has sides")
  func labels() {
    #expect(FindingSide(label: "right_lower lobe opacity").side == .right)
    #expect(FindingSide(label: "left pleural effusion").bare == ["pleural", "effusion"])
    #expect(FindingSide(label: "bilateral effusion").side == .bilateral)
    #expect(FindingSide(label: "opacity").side == nil)
    #expect(FindingSide.hasZones("left nodule") && !FindingSide.hasZones("pleural effusion"))
    #expect(FindingSide.hasSides("pneumothorax") && !FindingSide.hasSides("enlarged heart"))
    #expect(!FindingSide.hasZones("emphysema"))
    #expect(FindingSide.isRound("right nodule") && !FindingSide.isRound("opacity"))
  }

  @Test("Sentences give their zone, where they name one")
  func zones() {
    #expect(FindingSide.zone(in: "There is a patchy opacity in the right lower zone.") == .lower)
    #expect(FindingSide.zone(in: "A nodule lies in the left mid zone.") == .middle)
    #expect(FindingSide.zone(in: "右肺上野见斑片状实变影。") == .upper)
    #expect(FindingSide.zone(in: "左下肺野可见斑片影。") == .lower)
    #expect(FindingSide.zone(in: "Opacities in the upper zone and the lower zone.") == nil)
    #expect(FindingSide.zone(in: "The lower lobe is clear.") == nil)
  }
}
