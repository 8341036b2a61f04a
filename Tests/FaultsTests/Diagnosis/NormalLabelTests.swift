import Faults
import Testing

@Suite struct NormalLabelTests {
  @Test(arguments: [
    "normal", "Healthy", "OK", "none", "no fault", "No_Fault", "fault-free", "normal operation",
    "Normal operating condition",
    "healthy state", "baseline",
  ])
  func normalNames(label: String) { #expect(NormalLabel.isNormal(label)) }

  @Test(arguments: [
    "bearing wear", "abnormal", "unhealthy", "IDV01", "fault", "not ok", "normal wear exceeded", "",
    "overload state",
    "nonesuch",
  ])
  func faultNames(label: String) { #expect(!NormalLabel.isNormal(label)) }
}
