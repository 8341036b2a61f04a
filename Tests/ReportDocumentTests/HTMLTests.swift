import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a page, as a strict XML parser sees them.
final class Page: NSObject, XMLParserDelegate {
  var elements: [(name: String, attributes: [String: String])] = []
  var text = ""
  var problem: String?

  init(_ html: String) {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() { problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")" }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) { elements.append((name, attributes)) }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func all(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }
}

@Suite struct HTMLTests {
  static func pictures(_ input: String) -> [ReportPicture] {
    [
      ReportPicture(
        input: input, png: Example.png, width: 1000, height: 800, caption: "Frontal <chest> radiograph"),
      ReportPicture(input: Example.clip, png: Example.png, width: 64, height: 48, caption: "Frame 1"),
    ]
  }

  @Test(
    "Pages are well-formed, whatever the texts hold", arguments: [Example.report(), Example.hostileReport()])
  func wellFormed(report: ReportDocument) throws {
    let html = HTMLRenderer().render(report, pictures: Self.pictures(report.inputs[0].path))
    let page = Page(html)
    #expect(page.problem == nil)
    #expect(page.all("html").first?["lang"] == "en")
    #expect(
      page.all("script").isEmpty && page.all("b").isEmpty && page.all("link").isEmpty
        && page.all("iframe").isEmpty)
    #expect(page.text.contains("Draft, preliminary: for review by a clinician; not a diagnosis"))
    #expect(page.text.contains(report.bundle.sha256))
  }

  @Test("A page needs nothing from elsewhere")
  func selfContained() throws {
    let html = HTMLRenderer().render(Example.report(), pictures: Self.pictures(Example.frontal))
    for (_, attributes) in Page(html).elements {
      for (key, value) in attributes where ["src", "href", "xlink:href"].contains(key) {
        #expect(value.hasPrefix("data:image/png;base64,"))
      }
    }
    #expect(!html.contains("url(") && !html.contains("@import"))
  }

  @Test("Pictures hold their bytes, a description and a box for each evidence in them")
  func figures() throws {
    let page = Page(HTMLRenderer().render(Example.report(), pictures: Self.pictures(Example.frontal)))
    let images = page.all("image")
    #expect(images.map { $0["href"] } == Array(repeating: "data:image/png;base64,iVBORw0KGgo=", count: 2))
    let drawings = page.all("svg").filter { $0["role"] == "img" }
    #expect(drawings.map { $0["viewBox"] } == ["0 0 1000 800", "0 0 64 48"])
    #expect(
      drawings.map { $0["aria-label"] } == [
        "Frontal <chest> radiograph. Marked: Pleural effusion, Consolidation",
        "Frame 1. Marked: Consolidation",
      ])
    let boxes = page.all("rect").filter { $0["fill"] == "none" && $0["stroke"] != "#000" }
    #expect(boxes.count == 3)
    #expect(
      boxes.contains {
        $0["x"] == "300" && $0["y"] == "520" && $0["width"] == "160.3" && $0["height"] == "120"
      })
    // One finding keeps one colour in every picture, and two have two.
    #expect(Set(boxes.map { $0["stroke"] }).count == 2)
  }

  @Test("Boxes stay inside their picture")
  func clampsBoxes() throws {
    var report = Example.report()
    report.findings[1].evidence[0].region = [900, 700, 5000, 5000]
    let page = Page(HTMLRenderer().render(report, pictures: Self.pictures(Example.frontal)))
    let box = try #require(page.all("rect").first { $0["x"] == "900" && $0["fill"] == "none" })
    #expect(box["width"] == "100" && box["height"] == "100")
  }

  @Test("Findings stand in order with state, bar and probability; inputs with use and reason")
  func tables() throws {
    let html = HTMLRenderer().render(Example.report())
    let page = Page(html)
    let rows = page.all("tr").compactMap { $0["class"] }
    #expect(rows == ["present", "uncertain", "absent", "used", "unused", "used"])
    let bars = page.all("span").compactMap { $0["style"] }.filter { $0.hasPrefix("width:") }
    #expect(bars == ["width:87.0%", "width:50.0%", "width:4.0%"])
    for text in [
      "87 %", "50 %", "4 %", "The view is not known.", "left out", "A human must read this study",
      "Consolidation is uncertain.",
    ] {
      #expect(page.text.contains(text))
    }
    #expect(
      !Page(HTMLRenderer().render(Example.report(needsHumanRead: false))).text.contains("A human must read"))
  }

  @Test("Every table header says what it heads")
  func scopes() {
    let page = Page(HTMLRenderer().render(Example.report()))
    #expect(page.all("th").allSatisfy { $0["scope"] == "col" || $0["scope"] == "row" })
    let ids = Set(page.elements.compactMap { $0.attributes["id"] })
    #expect(page.elements.compactMap { $0.attributes["aria-labelledby"] }.allSatisfy(ids.contains))
  }
}
