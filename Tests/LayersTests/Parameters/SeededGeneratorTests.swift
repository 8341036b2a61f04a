import Foundation
import Layers
import Testing

@Suite("Random numbers with a seed")
struct SeededGeneratorTests {
  @Test("SplitMix64's published numbers for the seed 1234567")
  func vectors() {
    var rng = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in rng.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("The state goes on where it was saved")
  func state() throws {
    var rng = SeededGenerator(seed: 9)
    for _ in 0..<7 { _ = rng.next() }
    var copy = try JSONDecoder().decode(SeededGenerator.self, from: JSONEncoder().encode(rng))
    #expect((0..<5).map { _ in rng.next() } == (0..<5).map { _ in copy.next() })
  }

  @Test("Normal numbers have mean 0, deviation 1, no skew and a kurtosis of 3")
  func normal() {
    var rng = SeededGenerator(seed: 5)
    let values = (0..<200_000).map { _ in Double(rng.normal()) }
    func moment(_ power: Double) -> Double { values.reduce(0) { $0 + pow($1, power) } / Double(values.count) }
    // Six standard errors.
    #expect(abs(moment(1)) < 0.0135)
    #expect(abs(moment(2) - 1) < 0.019)
    #expect(abs(moment(3)) < 0.052)
    #expect(abs(moment(4) - 3) < 0.132)
    #expect(values.allSatisfy { $0.isFinite })
  }

  @Test("Uniform numbers keep to their range and fill it evenly")
  func uniform() {
    var rng = SeededGenerator(seed: 6)
    let values = (0..<100_000).map { _ in rng.uniform(-2, 3) }
    #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
    for part in 0..<5 { #expect(abs(values.count { Int($0 + 2) == part } - 20_000) < 800) }
  }

  @Test("A permutation holds every index once, and each place is as likely as another")
  func permutation() {
    var rng = SeededGenerator(seed: 7)
    #expect(rng.permutation(50).sorted() == Array(0..<50))
    #expect(rng.permutation(0).isEmpty)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<8000 { counts[rng.permutation(4)[0]] += 1 }
    for count in counts { #expect(abs(count - 2000) < 250) }
  }

  @Test("Parts have generators of their own, whatever their order")
  func split() {
    let rng = SeededGenerator(seed: 8)
    var children = (0..<4).map { rng.split($0) }
    let first = children.indices.map { children[$0].next() }
    #expect(Set(first).count == 4)
    var third = rng.split(3)
    #expect(third.next() == first[3])
  }
}
