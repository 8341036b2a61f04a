import Files
import Foundation
import Synchronization
import Testing

struct ProgressReporterTests {
  /// A clock that is set by hand and a sink that keeps what it is given.
  final class Stage: Sendable {
    private let time = Mutex(100.0)
    private let written = Mutex<[String]>([])
    var lines: [String] { written.withLock { $0 } }
    func wait(_ seconds: Double) { time.withLock { $0 += seconds } }

    func reporter(_ style: ProgressReporter.Style, total: Int? = nil) -> ProgressReporter {
      ProgressReporter(
        "train", total: total, unit: "images", style: style, now: { self.time.withLock { $0 } },
        sink: { text in self.written.withLock { $0.append(text) } })
    }
  }

  struct Line: Decodable, Equatable {
    var progress: String, done: Int, total: Int?, unit: String, elapsed: Double, rate: Double?, left: Double?
    var note: String?, final: Bool?
  }

  @Test func linesOfJSONEveryFewSeconds() throws {
    let stage = Stage()
    let progress = stage.reporter(.lines(interval: 5), total: 100)
    for _ in 0..<10 {
      stage.wait(1)
      progress.advance(by: 4, note: "loss \"0.5\"\n")
    }
    progress.finish()
    let lines = try stage.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    #expect(stage.lines.allSatisfy { $0.hasSuffix("}\n") && $0.count { $0 == "\n" } == 1 })
    #expect(
      lines == [
        Line(
          progress: "train", done: 20, total: 100, unit: "images", elapsed: 5, rate: 4, left: 20,
          note: "loss \"0.5\"\n"),
        Line(
          progress: "train", done: 40, total: 100, unit: "images", elapsed: 10, rate: 4, left: 15,
          note: "loss \"0.5\"\n"),
        Line(
          progress: "train", done: 40, total: 100, unit: "images", elapsed: 10, rate: 4, left: nil,
          note: "loss \"0.5\"\n",
          final: true),
      ])
  }

  @Test func aBarIsDrawnInPlace() {
    let stage = Stage()
    let progress = stage.reporter(.bar(width: 100), total: 50)
    progress.advance(by: 5)
    stage.wait(2)
    progress.advance(by: 5)
    progress.advance()
    stage.wait(130)
    progress.advance(by: 39)
    progress.finish()
    #expect(
      stage.lines == [
        "\rtrain  [####................]  20%  10/50 images  5.00 images/s  0:08 left\u{1B}[K",
        "\rtrain  [####################]  100%  50/50 images  0.31 images/s  0:00 left\u{1B}[K",
        "\rtrain  [####################]  100%  50/50 images  0.38 images/s  in 2:12\u{1B}[K\n",
      ])
  }

  @Test func aNarrowTerminalIsNotOverrun() {
    let stage = Stage()
    let progress = stage.reporter(.bar(width: 12), total: 50)
    progress.finish()
    #expect(stage.lines == ["\rtrain  [....\u{1B}[K\n"])
  }

  @Test func streamsHaveNoEnd() {
    let stage = Stage()
    let progress = stage.reporter(.bar(width: 80))
    stage.wait(4000)
    progress.advance(by: 1_000_000)
    progress.finish()
    #expect(
      stage.lines == [
        "\rtrain  1000000 images  250 images/s\u{1B}[K",
        "\rtrain  1000000 images  250 images/s  in 1:06:40\u{1B}[K\n",
      ])
  }

  @Test func theLastLineIsWrittenOnce() {
    let stage = Stage()
    do {
      let progress = stage.reporter(.lines(interval: 5))
      progress.advance()
    }
    #expect(stage.lines.count == 1 && stage.lines[0].contains("\"final\": true"))
    let progress = stage.reporter(.lines(interval: 5))
    progress.finish()
    progress.finish()
    stage.wait(60)
    progress.advance()
    #expect(stage.lines.count == 2)
  }

  @Test func quietIsSilent() {
    #expect(ProgressReporter.Style.standard(quiet: true) == .silent)
    let stage = Stage()
    let progress = stage.reporter(.silent, total: 3)
    stage.wait(60)
    progress.advance(by: 3)
    progress.finish()
    #expect(stage.lines.isEmpty)
  }

  @Test func manyThreadsCountTogether() async {
    let stage = Stage()
    let progress = stage.reporter(.lines(interval: 5))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<500 { progress.advance() } } }
    }
    progress.finish()
    #expect(stage.lines.count == 1 && stage.lines[0].contains("\"done\": 4000"))
  }
}
