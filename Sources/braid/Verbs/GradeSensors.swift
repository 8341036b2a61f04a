import ArgumentParser
import Decoders
import Faults
import Foundation

struct GradeSensors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Grades the sensors of a recording from A (nothing found) to F (dead), with the reasons.")

  @Argument(help: "Sensor CSVs (.gz allowed), or - for standard input.")
  var files: [String]
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let progress = Progress(quiet: shared.quiet, unit: "rows")
    var refusals: [RefusedRows] = []
    var failures: [DecodingError] = []
    for (index, file) in files.enumerated() {
      do throws(DecodingError) {
        var options = SensorOptions()
        options.keepsTimeText = false
        var reader = try SensorReader(path: file, options: options)
        var grader = SensorGrader(header: reader.header)
        while let block = try reader.next() {
          grader.add(block)
          progress.report(reader.lastRow, of: 0, "grading \(file)")
        }
        progress.end()
        let grades = grader.grades(path: file, refused: reader.refusedRows)
        refusals.append(reader.refusedRows)
        show(grades, isFirst: index == 0)
      } catch {
        // A single file that cannot be read is a failure; among others it is one that was refused.
        failures.append(error)
      }
    }
    for refused in refusals where refused.count > 0 {
      refused.examples.forEach { Output.note("\($0)") }
      if refused.count > refused.examples.count {
        Output.note("… and \(refused.count - refused.examples.count) more rows.")
      }
    }
    if let first = failures.first, failures.count == files.count { throw first }
    failures.forEach { Output.note("\($0)") }
    if !failures.isEmpty || refusals.contains(where: { $0.count > 0 }) { throw ExitCode(2) }
  }

  private func show(_ grades: RecordingGrade, isFirst: Bool) {
    if shared.json {
      try? Output.json(grades)
    } else {
      Output.text((isFirst ? "" : "\n") + grades.table)
    }
  }
}
