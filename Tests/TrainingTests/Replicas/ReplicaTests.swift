import Foundation
import Synchronization
import Testing
import Training

@Suite("Replicas", .timeLimit(.minutes(2)))
struct ReplicaTests {
  struct Mishap: Error, Equatable { var replica: Int }

  @Test("All threads run at once, and results come in their order", arguments: 1...4)
  func run(_ count: Int) throws {
    let team = ReplicaTeam(count)
    #expect(team.count == count)
    for round in 0..<200 {
      // None can leave the meeting before all have begun.
      let meeting = Meeting<Int>(count)
      let results = try team.run { index in
        try meeting.gather(index + round, from: index).map { $0 * 10 + index }
      }
      #expect(results == (0..<count).map { index in (0..<count).map { ($0 + round) * 10 + index } })
    }
  }

  @Test("One meeting serves many rounds without mixing them", arguments: 1...4)
  func rounds(_ count: Int) throws {
    let meeting = Meeting<[Int]>(count)
    let found = try ReplicaTeam(count).run { index in
      try (0..<500).map { round in try meeting.gather([round, index], from: index) }
    }
    for one in found {
      for (round, values) in one.enumerated() { #expect(values == (0..<count).map { [round, $0] }) }
    }
  }

  @Test("What other processes bring comes to every replica, and so does their failure")
  func exchange() throws {
    struct Lost: Error {}
    let team = ReplicaTeam(2)
    let meeting = Meeting<Int>(2) { mine in [-1] + mine + [9] }
    #expect(try team.run { try meeting.gather($0, from: $0) } == [[-1, 0, 1, 9], [-1, 0, 1, 9]])
    let broken = Meeting<Int>(2) { _ in throw Lost() }
    let failures = try team.run { index in
      do {
        _ = try broken.gather(index, from: index)
        return false
      } catch { return error is Lost }
    }
    #expect(failures == [true, true])
  }

  @Test("Items change where they are, and come back in order", arguments: 1...4)
  func change(_ count: Int) throws {
    let team = ReplicaTeam(count)
    var items = (0..<37).map { [$0] }
    let given = try team.change(&items, sizes: items.map { $0[0] % 5 * 100 }) { item, index in
      item.append(index)
      return index * 2
    }
    #expect(items == (0..<37).map { [$0, $0] } && given == (0..<37).map { $0 * 2 })
    var none: [Int] = []
    #expect(try team.change(&none, sizes: []) { item, _ in item }.isEmpty)
  }

  @Test("Work is shared out and put back in order", arguments: 1...4)
  func map(_ count: Int) throws {
    let team = ReplicaTeam(count)
    let calls = Mutex(0)
    let squares = try team.map(257) { index in
      calls.withLock { $0 += 1 }
      return index * index
    }
    #expect(squares == (0..<257).map { $0 * $0 })
    #expect(calls.withLock { $0 } == 257)
    #expect(try team.map(0) { $0 }.isEmpty)
  }

  @Test("The first error in the order of the replicas is thrown, after all have ended, and the team works on")
  func errors() throws {
    let team = ReplicaTeam(3)
    let ended = Mutex(0)
    let error = #expect(throws: Mishap.self) {
      try team.run { index in
        if index == 0 { Thread.sleep(forTimeInterval: 0.02) }
        ended.withLock { $0 += 1 }
        if index > 0 { throw Mishap(replica: index) }
      }
    }
    #expect(error == Mishap(replica: 1))
    #expect(ended.withLock { $0 } == 3)
    #expect(throws: Mishap.self) { try team.map(9) { if $0 == 5 { throw Mishap(replica: $0) } } }
    #expect(try team.run { $0 } == [0, 1, 2])
  }

  @Test("Several callers may share a team")
  func callers() async throws {
    let team = ReplicaTeam(2)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for caller in 0..<4 {
        group.addTask {
          for round in 0..<50
          where try team.map(5, { $0 + caller + round }) != (0..<5).map({ $0 + caller + round }) {
            return false
          }
          return true
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}
