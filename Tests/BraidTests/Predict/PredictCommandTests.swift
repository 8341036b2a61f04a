import Foundation
import Testing

/// Runs the built `braid` on the project's own samples. Skipped where the program or a bundle for the samples is
/// missing: the tests of `Bundles` cover what it does; here it is the command line's turn.
@Suite struct PredictCommandTests {
  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func wrongUsageIsExplained() throws {
    for (arguments, word) in [
      (["predict", "x.csv", "--every", "0"], "--every"), (["predict", "-", "--follow"], "--follow"),
      (["predict", "x.csv", "--state", "s"], "--state"),
      (["predict", "x.csv", "--follow", "--picture", "p.svg"], "--picture"),
      (["predict"], "file"),
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func aMissingBundleIsNamed() throws {
    let result = try Command.run(["predict", "x.csv", "--bundle", "/no/such.braid"])
    #expect(result.status == 1)
    #expect(result.errors.contains("/no/such.braid") && result.errors.contains("--bundle"))
  }
}
