import ArgumentParser
import Decoders
import Faults
import Foundation
import Synchronization
import Training

struct GradeSensors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Grades the sensors of a recording from A (nothing found) to F (dead), with the reasons.")

  @Argument(help: "Sensor CSVs (.gz allowed), or - for standard input.")
  var files: [String]
  @OptionGroup var shared: SteadyOptions

  func run() throws {
    let progress = Progress(quiet: shared.quiet, unit: files.count == 1 ? "rows" : "files")
    let team = ReplicaTeam(min(shared.threadCount, files.count))
    let files = files, done = Counter()
    let results = try team.map(files.count) { index -> Result<Graded, DecodingError> in
      do throws(DecodingError) {
        let graded = try GradeSensors.grade(files[index]) { row in
          if files.count == 1 { progress.report(row, of: 0, "grading \(files[0])") }
        }
        if files.count > 1 {
          done.count { progress.report($0, of: files.count, "grading") }
        }
        return .success(graded)
      } catch {
        return .failure(error)
      }
    }
    progress.end()
    let graded = results.compactMap { try? $0.get() }
    for (index, one) in graded.enumerated() { try show(one.grades, isFirst: index == 0) }
    for refused in graded.map(\.refused) where refused.count > 0 {
      refused.examples.forEach { Output.note("\($0)") }
      if refused.count > refused.examples.count {
        Output.note("… and \(refused.count - refused.examples.count) more rows.")
      }
    }
    // A single file that cannot be read is a failure; among others it is one that was refused.
    if graded.isEmpty, case .failure(let first)? = results.first, files.count == 1 { throw first }
    for case .failure(let error) in results {
      Output.note("\(error)")
      if shared.json { try Output.json(RefusedFile(error)) }
    }
    if graded.isEmpty { throw ExitCode(1) }
    if graded.count < files.count || graded.contains(where: { $0.refused.count > 0 }) { throw ExitCode(2) }
  }

  private final class Counter: Sendable {
    private let done = Mutex(0)

    /// Counts one more and tells how many there are, in order.
    func count(_ tell: (Int) -> Void) {
      done.withLock { done in
        done += 1
        tell(done)
      }
    }
  }

  private struct Graded: Sendable {
    var grades: RecordingGrade
    var refused: RefusedRows
  }

  private static func grade(_ file: String, progress: (Int) -> Void) throws(DecodingError) -> Graded {
    var reader = try SensorReader(path: file, options: SensorOptions(keepsTimeText: false))
    var grader = SensorGrader(header: reader.header)
    while let block = try reader.next() {
      grader.add(block)
      progress(reader.lastRow)
    }
    return Graded(
      grades: grader.grades(path: file, refused: reader.refusedRows), refused: reader.refusedRows)
  }

  private func show(_ grades: RecordingGrade, isFirst: Bool) throws {
    if shared.json {
      try Output.json(grades)
    } else {
      Output.text((isFirst ? "" : "\n") + grades.table)
    }
  }
}
