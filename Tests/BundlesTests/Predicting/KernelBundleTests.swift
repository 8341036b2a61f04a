import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Testing
import Training

@Suite("Bundles whose series encoder reads convolutions") struct KernelBundleTests {
  @Test("Stored and read again they see the same; thresholds that are missing are named") func storage()
    throws
  {
    try TinyMachine.inFolder { folder in
      let tiny = try TinyMachine.bundlePath.get()
      let home = URL(fileURLWithPath: tiny).deletingLastPathComponent().path
      let text = try String(contentsOfFile: tiny + "/recipe.yaml", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("  encoder: ") })
      let recipe = text.replacingOccurrences(of: line, with: "  encoder: both")
      try recipe.write(toFile: folder + "/recipe.yaml", atomically: true, encoding: .utf8)
      var options = AlignJob.Options(
        manifest: home + "/manifest.csv", out: folder + "/kernels.braid", threads: 2)
      (options.recipe, options.epochs) = (folder + "/recipe.yaml", 2)
      let made = try AlignJob(options) { _, _, _ in }.run()
      let bundle = try ModelBundle(path: options.out)
      let series = try #require(bundle.description.series)
      #expect(series.encoder == .both && series.sets[0].kernels?.thresholds.count == 3 * series.responseCount)
      let card = try String(contentsOfFile: options.out + "/CARD.md", encoding: .utf8)
      #expect(!card.contains("Ways to read recordings"), "a recipe leaves nothing to try")
      // The scores were made before the bundle was written.
      let again = try EvaluateJob(
        manifest: home + "/manifest.csv", split: .val, bundle: bundle, threads: 2
      ) { _, _, _ in }.run()
      #expect(
        try #require(again.evaluation.tasks[0].accuracy) == #require(made.evaluations[0].tasks[0].accuracy))
      // The same file without thresholds.
      let path = options.out + "/weights.safetensors"
      let file = try SafetensorsFile(path: path)
      let entries = try file.names.filter { !$0.hasPrefix("channels.") }.map { name in
        SafetensorsWriter.Entry(
          name: name, shape: file.shape(name) ?? [], type: .f32, values: try file.floats(name))
      }
      try SafetensorsWriter.encode(entries: entries, metadata: [:]).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: BundleError.self) { try ModelBundle(path: options.out) }
      #expect(error?.reason.contains("channels.0.thresholds") == true)
    }
  }

  @Test("Without a recipe all ways to read recordings are tried, and the bundle tells what came of it")
  func tried() throws {
    let path = try TinyMachine.bundlePath.get()
    let card = try String(contentsOfFile: path + "/CARD.md", encoding: .utf8)
    let page = try String(contentsOfFile: path + "/results.html", encoding: .utf8)
    let text = try String(contentsOfFile: path + "/bundle.json", encoding: .utf8)
    for words in ["network over statistics, course and spectrum:", "network over responses of convolutions:"]
    {
      #expect(card.contains(words) && page.contains(words))
    }
    #expect(card.components(separatedBy: "trained on").count >= 2)
    for encoder in SeriesConfiguration.Encoder.allCases {
      #expect(text.contains("\"encoder\" : \"\(encoder.rawValue)\""))
    }
  }
}
