import ArgumentParser
import Bundles
import Foundation

/// How a bundle learns on, and when that is refused.
struct ContinuingOptions: ParsableArguments {
  @Option(
    name: .customLong("continue"),
    help:
      """
      With --from BUNDLE: a manifest whose rows the bundle learns beside what it knows, labels it knows and new ones. \
      Every label is told before and after on held-out rows; where old ones are forgotten, the old bundle stays and the \
      exit code is 1. Without --out the bundle itself becomes the next version; see braid versions.
      """)
  var manifest: String?
  @Option(
    help:
      "With --continue: the old manifest, for a bundle that keeps no rows of its own (or to draw them anew).")
  var replay: String?
  @Option(help: "With --continue: largest fall of the mean recall of old labels; 2% by default.")
  var forgettingLimit: String?
  @Option(
    help:
      """
      With --continue: largest fall of the recall of one old label, and largest growth of a number's error; 10% by \
      default. A single row never counts.
      """)
  var labelLimit: String?

  func validate() throws {
    _ = try Self.share(forgettingLimit, "--forgetting-limit")
    _ = try Self.share(labelLimit, "--label-limit")
    guard manifest == nil else { return }
    for (name, value) in [
      ("--replay", replay), ("--forgetting-limit", forgettingLimit), ("--label-limit", labelLimit),
    ] where value != nil {
      throw ValidationError("\(name) belongs to --continue.")
    }
  }

  /// Puts what was given into the options of a job.
  func fill(_ options: inout ContinueJob.Options) throws {
    options.replay = replay
    options.limit = try Self.share(forgettingLimit, "--forgetting-limit") ?? options.limit
    options.labelLimit = try Self.share(labelLimit, "--label-limit") ?? options.labelLimit
  }

  /// 2%, 2 % or 0.02.
  private static func share(_ text: String?, _ name: String) throws -> Double? {
    guard let text else { return nil }
    let isPercent = text.hasSuffix("%")
    let digits = (isPercent ? String(text.dropLast()) : text).trimmingCharacters(in: .whitespaces)
    guard let value = Double(digits), case let share = isPercent ? value / 100 : value,
      (0...1).contains(share)
    else {
      throw ValidationError("\(name) (\(text)) must be a share from 0 to 1, such as 2% or 0.02.")
    }
    return share
  }
}
