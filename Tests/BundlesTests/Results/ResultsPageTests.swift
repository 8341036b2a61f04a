import Alignment
import Bundles
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("The page of results")
struct ResultsPageTests {
  /// Counts elements and gathers text; fails where the page is no XML.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String] = [:]
    ) { elements[name, default: 0] += 1 }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func read(_ page: String) throws -> Reader {
    let parser = XMLParser(data: Data(page.utf8)), reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    return reader
  }

  private func written() throws -> String {
    try String(contentsOfFile: TrainedToy.shared.get().bundlePath + "/results.html", encoding: .utf8)
  }

  @Test("It stands in every new bundle, is well-formed, and needs nothing else")
  func stands() throws {
    let page = try written(), reader = try read(page)
    #expect(reader.elements["svg"] ?? 0 >= 4 && reader.elements["table"] ?? 0 >= 3)
    #expect(!page.contains("<script") && !page.contains("src=") && !page.contains("url("))
    let links = page.components(separatedBy: "http").dropFirst()
    #expect(links.allSatisfy { $0.hasPrefix("://www.w3.org/") })
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
    for part in [
      "Results of toy", "manifest.csv", "Labels kept", "Seed", "get the right label", "95 % interval",
      "macro F1",
      "Validation score", "best: epoch", "What was taken for what", "clogged", "Does confidence mean",
      "What if doubtful answers are left to people?", "of the surest 80 %",
      "Where rows lie", "Who answers", "network", "1000 draws of 6 groups", "Column fault was kept",
    ] {
      #expect(reader.text.contains(part), "\(part)")
    }
  }

  @Test("Drawn again from the bundle, it is the same page")
  func again() throws {
    let bundle = try ModelBundle(path: TrainedToy.shared.get().bundlePath)
    #expect(try ResultsPage(bundle).html == written())
  }

  @Test("Whatever users write is text on the page")
  func hostile() throws {
    var bundle = try ModelBundle(path: TrainedToy.shared.get().bundlePath)
    let hostile = #"</title><script>alert("x")</script> & 'q' <b onclick="y">"# + "\u{1}"
    bundle.description.name = hostile
    bundle.description.training.manifest = hostile
    bundle.description.training.braid = hostile
    bundle.description.training.refused = try JSONDecoder().decode(
      [DatasetBuilder.Refusal].self, from: JSONEncoder().encode([["id": hostile, "reason": hostile]]))
    let finding = SplitFinding(
      kind: .group, id: hostile, split: .test, twin: hostile, twinSplit: .train, shared: hostile)
    var audit = try #require(bundle.description.training.audit)
    (audit.seen, audit.examples) = (["test": 1], [finding])
    audit.counts = try JSONDecoder().decode(
      [SplitAudit.Record.Count].self, from: Data(#"[{"kind":"group","split":"test","rows":1}]"#.utf8))
    bundle.description.training.audit = audit
    for index in bundle.description.tasks.indices { bundle.description.tasks[index].name = hostile }
    for split in bundle.description.training.evaluations.indices {
      for task in bundle.description.training.evaluations[split].tasks.indices {
        var figures = bundle.description.training.evaluations[split].tasks[task]
        figures.task = hostile
        figures.confusion?.labels[0] = hostile
        figures.map?.names[0] = hostile
        bundle.description.training.evaluations[split].tasks[task] = figures
      }
    }
    let page = ResultsPage(bundle).html
    let reader = try read(page)
    #expect(reader.elements["script"] == nil)
    #expect(!page.contains("<script") && !page.contains("onclick=\"") && !page.contains("\u{1}"))
    #expect(reader.text.components(separatedBy: "alert(\"x\")").count > 8)
  }

  @Test("Bundles of before, without intervals, confusion and maps, load and have a page")
  func old() throws {
    let toy = try TrainedToy.shared.get()
    let path = try toy.copy("old.braid"), file = URL(fileURLWithPath: path + "/bundle.json")
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    var record = try #require(object["training"] as? [String: Any])
    var evaluations = try #require(record["evaluations"] as? [[String: Any]])
    for split in evaluations.indices {
      for key in ["intervals", "resampling"] { evaluations[split][key] = nil }
      var tasks = try #require(evaluations[split]["tasks"] as? [[String: Any]])
      for task in tasks.indices {
        #expect(tasks[task]["confusion"] != nil && tasks[task]["map"] != nil)
        for key in [
          "intervals", "confusion", "labelCounts", "reliability", "uncalibrated", "selective", "map",
        ] {
          tasks[task][key] = nil
        }
      }
      evaluations[split]["tasks"] = tasks
    }
    record["evaluations"] = evaluations
    object["training"] = record
    try JSONSerialization.data(withJSONObject: object).write(to: file)
    let reader = try read(ResultsPage(ModelBundle(path: path)).html)
    #expect(reader.text.contains("Validation score") && !reader.text.contains("What was taken for what"))
    #expect(!reader.text.contains("95 % interval") && !reader.text.contains("left to people"))
  }

  @Test("A record that does not fit itself is left out instead of drawn")
  func damaged() throws {
    var bundle = try ModelBundle(path: TrainedToy.shared.get().bundlePath)
    for split in bundle.description.training.evaluations.indices {
      bundle.description.training.evaluations[split].tasks[0].confusion?.counts[0].removeLast()
      bundle.description.training.evaluations[split].tasks[0].map?.names.removeLast()
      bundle.description.training.evaluations[split].tasks[0].intervals = ["accuracy": [0.9, 0.1]]
      bundle.description.training.evaluations[split].tasks[0].reliability?.bins[0].bin = 99
      bundle.description.training.evaluations[split].tasks[0].selective?.risks.removeLast()
    }
    let reader = try read(ResultsPage(bundle).html)
    #expect(!reader.text.contains("What was taken for what") && !reader.text.contains("Where rows lie"))
    #expect(!reader.text.contains("95 % interval") && !reader.text.contains("left to people"))
    bundle.description.training.evaluations = []
    bundle.description.training.history = []
    #expect(try read(ResultsPage(bundle).html).text.contains("Nothing was held out"))
  }

  @Test("The card and bundle.json tell the same intervals as scoring again")
  func intervals() throws {
    let toy = try TrainedToy.shared.get()
    let again = try EvaluateJob(
      manifest: toy.manifest, split: .test, bundle: ModelBundle(path: toy.bundlePath), threads: 1
    ) { _, _, _ in }.run().evaluation
    let written = try #require(toy.outcome.evaluations.first { $0.split == "test" })
    #expect(again.intervals?["accuracy"] == written.intervals?["accuracy"])
    let bounds = try #require(written.tasks[0].interval("accuracy"))
    #expect(written.resampling?.units == 6 && bounds.contains(written.accuracy ?? -1))
    let card = try String(contentsOfFile: toy.bundlePath + "/CARD.md", encoding: .utf8)
    let words = String(
      format: "%.3f (%.3f to %.3f)", written.accuracy ?? 0, bounds.lowerBound, bounds.upperBound)
    #expect(card.contains(words) && card.contains("1000 draws of 6 groups"))
  }
}
