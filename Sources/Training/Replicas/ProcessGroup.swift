import CMPI
import Foundation

/// The processes that train one model together, over MPI.
///
/// Every process runs the same program on the same data; they part only in which rows of a batch they run. One call at
/// a time: the caller sees to that, as `Meeting` and the training loop do.
public final class ProcessGroup: Sendable {
  /// Place of this process, 0 for the first, which alone writes.
  public let rank: Int
  /// Number of processes.
  public let size: Int
  /// Whether this process writes files and results.
  public var isFirst: Bool { rank == 0 }

  private init(rank: Int, size: Int) { (self.rank, self.size) = (rank, size) }

  /// Whether this build knows MPI.
  public static var isBuilt: Bool { braid_mpi_built() == 1 }

  /// Joins the processes that were started together.
  /// - Parameter remedy: for someone who reads that another process has ended, a sentence.
  /// - Returns: nil for a process that was started alone.
  /// - Throws: `TrainingError` when several were started and this build knows no MPI, or they cannot be reached.
  public static func join(
    remedy: String = "The last checkpoint is kept: start the same command again with --resume."
  ) throws -> ProcessGroup? {
    let environment = ProcessInfo.processInfo.environment
    let announced = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].compactMap { environment[$0].flatMap { Int($0) } }
    guard let count = announced.first, count > 1 else { return nil }
    guard isBuilt else {
      throw TrainingError(
        place: "\(count) processes", reason: "This program was built without MPI.",
        remedy: "Install libopenmpi-dev, build again, or start one process.")
    }
    var rank: Int32 = 0, size: Int32 = 0
    // Lives as long as the program: the handler of a signal writes it.
    let note = strdup(
      "Error: another process of this training has ended, so this one stops. \(remedy)\n")
    try check(braid_mpi_start(&rank, &size, note), "joining")
    return ProcessGroup(rank: Int(rank), size: Int(size))
  }

  /// The sum of `values` over all processes; all get the same bits.
  public func sum(_ values: inout [Float]) throws {
    let count = Int64(values.count)
    try ProcessGroup.check(
      values.withUnsafeMutableBufferPointer { braid_mpi_sum($0.baseAddress, count) }, "summing")
  }

  /// What each process brings, in the order of their ranks.
  public func gather(_ mine: Data) throws -> [Data] {
    var counts = [Int64](repeating: 0, count: size)
    try ProcessGroup.check(braid_mpi_gather_counts(Int64(mine.count), &counts), "gathering")
    var all = Data(count: Int(counts.reduce(0, +)))
    let code = all.withUnsafeMutableBytes { out in
      mine.withUnsafeBytes {
        braid_mpi_gather($0.baseAddress, Int64($0.count), out.baseAddress, counts, Int32(size))
      }
    }
    try ProcessGroup.check(code, "gathering")
    var place = 0
    return counts.map { count in
      defer { place += Int(count) }
      return all.subdata(in: place..<place + Int(count))
    }
  }

  /// Waits for all processes.
  public func wait() throws { try ProcessGroup.check(braid_mpi_wait(), "waiting") }

  /// Leaves the others, when the work is done.
  public func leave() throws { try ProcessGroup.check(braid_mpi_finish(), "leaving") }

  /// Ends all processes: one that failed must not leave the others waiting.
  public func abort() { braid_mpi_abort(1) }

  private static func check(_ code: Int32, _ what: String) throws {
    guard code != 0 else { return }
    var text = [CChar](repeating: 0, count: 256)
    braid_mpi_message(code, &text, Int32(text.count))
    let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw TrainingError(
      place: "processes, \(what)", reason: "The other processes cannot be reached: \(words).",
      remedy: "See whether one of them failed; the last checkpoint is kept and --resume goes on from it.")
  }
}
