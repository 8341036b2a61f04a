/// How many train rows a bundle keeps within itself, so that it can learn on without forgetting: the recipe's `replay`.
/// Only windows of recordings are kept; pictures of patients never are.
public struct ReplaySettings: Sendable, Codable, Hashable {
  /// Rows of each label that are kept; 0 keeps none. Learners beside the network are fitted anew on what is kept, and
  /// two dozen windows of a label are about what trees and ridge regression need to tell it again.
  public var rows = 32
  /// Share of these rows that no training sees: what forgetting is measured on. A quarter leaves eight of 32, where one
  /// error more is chance and two are a sign.
  public var heldOut: Float = 0.25
  /// Size of all rows together in MB, at most: about what the weights of a bundle for recordings take.
  public var megabytes: Float = 16

  /// The usual limits.
  public init() {}

  /// Rows of a label that are held out of every training.
  public var heldOutRows: Int { Int((Float(rows) * heldOut).rounded()) }

  /// What nothing can be kept by, in words; empty for sound values.
  var problems: [String] {
    var found: [String] = []
    if !(0...1_000_000).contains(rows) { found.append("replay.rows is 0 to 1000000, not \(rows)") }
    if !(heldOut > 0 && heldOut < 1) {
      found.append("replay.heldOut is a share above 0 and below 1, not \(heldOut)")
    }
    if !(megabytes > 0 && megabytes <= 100_000) {
      found.append("replay.megabytes is above 0 and up to 100000, not \(megabytes)")
    }
    return found
  }
}
