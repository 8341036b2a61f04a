import ArgumentParser
import Bundles
import Foundation

/// Which bundle answers.
struct BundleOption: ParsableArguments {
  @Option(
    help:
      "Model bundle: a folder, or a name looked up in $BRAID_ENCODERS and beside the executable's package.")
  var bundle = "Encoders/base"

  /// Finds and reads the bundle: the path itself, then in `$BRAID_ENCODERS`, then in the `Encoders` folder of the
  /// package that the executable was built in.
  func load() throws -> ModelBundle {
    let manager = FileManager.default
    for path in candidates where manager.fileExists(atPath: path + "/bundle.json") {
      return try ModelBundle(path: path)
    }
    throw BundleError(
      path: bundle, reason: "No bundle was found there, in $BRAID_ENCODERS or beside the executable.",
      remedy: "Train one with braid align, or name a bundle's folder with --bundle.")
  }

  private var candidates: [String] {
    let name = URL(fileURLWithPath: bundle).lastPathComponent
    var found = [bundle]
    if let shelf = ProcessInfo.processInfo.environment["BRAID_ENCODERS"] {
      found += ["\(shelf)/\(name)", shelf]
    }
    guard !bundle.hasPrefix("/") else { return found }
    // The executable stands some folders below the package, as in .build/release/braid.
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      found.append(folder.appendingPathComponent(bundle).path)
      folder.deleteLastPathComponent()
    }
    return found
  }
}
