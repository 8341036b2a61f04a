import Faults
import Foundation
import Testing

@Suite struct OcclusionTests {
  @Test func variantsTakeOneChannelEachAndKeepItsFlag() {
    let features: [Float] = [1, 2, 1, 3, 4, 1]  // [2, 3], the last of each its flag
    #expect(
      Occlusion.variants(of: features, channels: 2) == [[0, 0, 1, 3, 4, 1], [1, 2, 1, 0, 0, 1]])
  }

  @Test func sharesOfIndependentLabelsAreDropsOfTheLogit() {
    let shares = Occlusion.shares(
      whole: [0, 5], without: [[0, 2], [0, 4], [0, 7]], label: 1, exclusive: false)
    // Drops 3 and 1; the third sensor spoke against the label.
    #expect(shares == [0.75, 0.25, 0])
  }

  @Test func sharesOfExclusiveLabelsDoNotSeeACommonShift() {
    let plain = Occlusion.shares(
      whole: [1, 4, 0], without: [[1, 2, 0], [2, 4, 1]], label: 1, exclusive: true)
    let shifted = Occlusion.shares(
      whole: [1, 4, 0], without: [[11, 12, 10], [-98, -96, -99]], label: 1, exclusive: true)
    #expect(zip(plain, shifted).allSatisfy { abs($0 - $1) < 1e-6 })
    // Log odds: 4 - ln(e + 1) = 2.686738; without the first 2 - ln(e + 1) = 0.686738; without the second
    // 4 - ln(e^2 + e) = 1.686738.
    #expect(abs(plain[0] - 2.0 / 3) < 1e-6 && abs(plain[1] - 1.0 / 3) < 1e-6)
  }

  @Test func numbersCountMovesEitherWay() {
    #expect(Occlusion.shares(whole: 10, without: [13, 9, 10]) == [0.75, 0.25, 0])
  }

  @Test func nothingThatMattersGivesZeros() {
    #expect(
      Occlusion.shares(whole: [1, 2], without: [[1, 2], [1, 3]], label: 1, exclusive: true) == [0, 0])
  }
}
