import ArgumentParser
import Bundles
import Foundation

/// Which bundle answers, and what it computes in.
struct AnsweringOptions: ParsableArguments {
  @OptionGroup var named: BundleOption
  @Option(
    help:
      """
      f32, bf16 or int8: what answers are computed in. bf16 needs a CPU that has it, otherwise f32 is used; int8 is \
      quickest with VNNI.
      """)
  var precision = InferencePrecision.f32

  /// Whether the user named a bundle or how it is to answer.
  var isNamed: Bool { named.bundle != nil || !named.adapter.isEmpty || precision != .f32 }

  /// The bundle, ready to answer in the precision asked for.
  func load() throws -> ModelBundle {
    let bundle = try named.load()
    return precision == .f32 ? bundle : try bundle.computing(in: precision)
  }
}

extension InferencePrecision: ExpressibleByArgument {}

/// Which bundle answers.
struct BundleOption: ParsableArguments {
  @Option(
    help:
      """
      Model bundle: a folder, or a name looked up in $BRAID_ENCODERS and beside the executable's package (default: \
      Encoders/base).
      """)
  var bundle: String?
  @Option(
    parsing: .singleValue,
    help:
      """
      Folder of a LoRA adapter that was trained on the bundle: it answers with its pairs and, where the folder holds \
      them, its heads. Several, each with an option of its own, are added one after the other.
      """)
  var adapter: [String] = []

  private static let standard = "Encoders/base"

  /// Finds and reads the bundle: a folder that the user named, then in `$BRAID_ENCODERS`, then in the package that
  /// the executable was built in. A name that stands nowhere is refused; nothing else is taken in its place.
  func load() throws -> ModelBundle {
    try adapter.reduce(into: plain()) { $0 = try $0.applying(adapter: $1) }
  }

  private func plain() throws -> ModelBundle {
    let manager = FileManager.default
    for path in candidates where manager.fileExists(atPath: path + "/bundle.json") {
      return try ModelBundle(path: path)
    }
    throw BundleError(
      path: bundle ?? BundleOption.standard,
      reason: "No bundle was found there, in $BRAID_ENCODERS or beside the executable.",
      remedy: "Train one with braid align, or name a bundle's folder with --bundle.")
  }

  private var candidates: [String] {
    if let bundle, bundle.hasPrefix("/") || bundle.hasPrefix("./") || bundle.hasPrefix("../") {
      return [bundle]
    }
    let wanted = bundle ?? BundleOption.standard, name = URL(fileURLWithPath: wanted).lastPathComponent
    var found = bundle.map { [$0] } ?? []
    if let shelf = ProcessInfo.processInfo.environment["BRAID_ENCODERS"], !shelf.isEmpty {
      found.append("\(shelf)/\(name)")
      // The variable may name one bundle instead of a folder of them.
      if bundle == nil || URL(fileURLWithPath: shelf).lastPathComponent == name { found.append(shelf) }
    }
    // The executable stands some folders below the package, as in .build/release/braid.
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      found.append(folder.appendingPathComponent(wanted).path)
      folder.deleteLastPathComponent()
    }
    return found
  }
}
