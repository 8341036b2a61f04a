import Foundation
import Testing
import Training

struct SchedulesTests {
  /// Worked out by hand from the definition.
  @Test func warmUpThenCosine() {
    let schedule = LearningRateSchedule(peak: 1e-3, warmup: 4, total: 12, floor: 1e-5)
    let rates = (0..<14).map(schedule.rate)
    #expect(near(rates[0], 0.25e-3, 1e-15) && near(rates[1], 0.5e-3, 1e-15) && rates[3] == 1e-3)
    #expect(rates[4] == 1e-3)
    #expect(near(rates[6], 1e-5 + 0.99e-3 * (1 + 0.5.squareRoot()) / 2, 1e-12))
    #expect(near(rates[8], 1e-5 + 0.99e-3 / 2, 1e-12))
    #expect(rates[12] == 1e-5 && rates[13] == 1e-5)
    #expect(zip(rates[4...], rates[5...]).allSatisfy { $0 >= $1 } && rates[11] > 1e-5)
  }

  @Test func schedulesWithoutWarmUpOrWithoutRest() {
    #expect(LearningRateSchedule(peak: 2, warmup: 0, total: 10).rate(at: 0) == 2)
    #expect(LearningRateSchedule(peak: 2, warmup: 0, total: 10).rate(at: 5) == 1)
    let onlyRise = LearningRateSchedule(peak: 2, warmup: 4, total: 4)
    #expect(onlyRise.rate(at: 3) == 2 && onlyRise.rate(at: 4) == 0)
    #expect(LearningRateSchedule(peak: 2, warmup: 0, total: 0, floor: 1).rate(at: 0) == 1)
  }

  @Test func stopsAfterPatience() {
    var loss = EarlyStopping(patience: 2, direction: .lower)
    #expect(
      [3, 2, 2, 1.5, 1.6, .nan].map { loss.observe($0) } == [
        .improved, .improved, .waiting, .improved, .waiting, .stop,
      ])
    #expect(loss.best == 1.5 && loss.bestObservation == 3 && loss.observations == 6)
    var score = EarlyStopping(patience: 3, direction: .higher, minimumChange: 0.1)
    #expect(
      [0.5, 0.55, 0.65, 0.6, 0.7].map { score.observe($0) } == [
        .improved, .waiting, .improved, .waiting, .waiting,
      ])
    var never = EarlyStopping(patience: 2, direction: .higher)
    #expect([Double.nan, .nan].map { never.observe($0) } == [.waiting, .stop] && never.best == nil)
  }

  /// A run that is resumed from a checkpoint stops when the uninterrupted one does.
  @Test func goesOnFromACheckpoint() throws {
    var whole = EarlyStopping(patience: 2, direction: .higher)
    for value in [0.4, 0.6, 0.5] { _ = whole.observe(value) }
    var resumed = try JSONDecoder().decode(EarlyStopping.self, from: JSONEncoder().encode(whole))
    #expect(resumed == whole)
    #expect(resumed.observe(0.55) == .stop)
  }
}
