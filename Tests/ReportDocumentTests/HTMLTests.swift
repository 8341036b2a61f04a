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
        #expect(value.hasPrefix("data:image/png;base64,") || value == "#impression")
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

  @Test("No label covers another, and findings in one place share a box and a colour")
  func labelsApart() throws {
    var report = Example.report()
    let place = [300.0, 300, 200, 150]
    func evidence(_ regions: [Double]...) -> [ReportDocument.Evidence] {
      regions.map { .init(input: Example.frontal, region: $0) }
    }
    report.findings = [
      .init(name: "Opacity", probability: 0.9, state: .present, evidence: evidence(place)),
      .init(name: "Right opacity", probability: 0.8, state: .present, evidence: evidence(place)),
      .init(
        name: "Effusion", probability: 0.99, state: .present,
        evidence: evidence([10, 320, 60, 60], [320, 310, 150, 130])),
      .init(
        name: "Left effusion", probability: 0.97, state: .present, evidence: evidence([10, 320, 60, 60])),
      .init(
        name: "Right effusion", probability: 0.96, state: .present, evidence: evidence([320, 310, 150, 130])),
      .init(name: "Nodule", probability: 0.4, state: .uncertain, evidence: evidence([330, 305, 160, 140])),
    ]
    let html = HTMLRenderer().render(report, pictures: Self.pictures(Example.frontal))
    let page = Page(html)
    let boxes = page.all("rect").filter { $0["fill"] == "none" && $0["stroke"] != "#000" }
    #expect(boxes.count == 4 && Set(boxes.compactMap { $0["stroke"] }).count == 4)
    let labels = page.all("rect").filter { $0["fill"] != "none" }.map { label in
      ["x", "y", "width", "height"].map { Double(label[$0] ?? "") ?? .nan }
    }
    #expect(labels.count == 4)
    for (i, a) in labels.enumerated() {
      #expect(a[0] >= 0 && a[1] >= 0 && a[0] + a[2] <= 1000 && a[1] + a[3] <= 800)
      for b in labels[(i + 1)...] {
        let apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1]
        #expect(apart, "\(a) meets \(b)")
      }
    }
    // "Opacity" says nothing where "right opacity" stands.
    #expect(html.contains(">Right opacity</text>") && !html.contains(">Opacity</text>"))
  }

  @Test("Where no statement is made, no probability is shown")
  func abstaining() {
    var report = Example.report()
    report.selector = .object(["abstains": .bool(true)])
    #expect(report.abstains && !Example.report().abstains)
    #expect(Page(HTMLRenderer().render(Example.report())).text.contains("87 %"))
    #expect(!Page(HTMLRenderer().render(report)).text.contains("87 %"))
    #expect(!MarkdownRenderer().render(report).contains("87 %"))
  }

  @Test("Limits stand in every format; report.json keeps them")
  func limits() throws {
    var report = Example.report(needsHumanRead: false)
    report.limits = ["Nodules are missed."]
    #expect(Page(HTMLRenderer().render(report)).text.contains("Nodules are missed."))
    #expect(MarkdownRenderer().render(report).contains("## Limits\n\n- Nodules are missed."))
    #expect(try FHIRRenderer().render(report).contains("Nodules are missed."))
    #expect(try HL7Renderer().render(report).contains("|FT|LIMIT^Limit^99BRAID||Nodules are missed.|"))
    #expect(try SRRenderer().render(report).range(of: Data("Nodules are missed.".utf8)) != nil)
    #expect(try ReportDocument(json: Data(report.json().utf8), place: "x") == report)
  }

  @Test("Pages list a hundred inputs and say how many more there are")
  func manyInputs() {
    var report = Example.report()
    report.inputs = (0..<130).map {
      .init(
        path: "slice-\($0).dcm", sha256: Example.hash, kind: "image", view: nil, used: true, reason: "Used.")
    }
    report.findings = []
    let page = Page(HTMLRenderer().render(report)).text, text = MarkdownRenderer().render(report)
    for shown in [page, text] {
      #expect(shown.contains("slice-99.dcm") && !shown.contains("slice-100.dcm"))
      #expect(shown.contains("30 further inputs stand in report.json."))
    }
  }

  @Test("A normal study does not look like an illness")
  func healthy() {
    var report = Example.report()
    report.findings = [.init(name: "normal", probability: 0.98, state: .present)]
    let page = Page(HTMLRenderer().render(report))
    #expect(page.all("tr").contains { $0["class"] == "present healthy" } && !page.text.contains("none shown"))
    report.findings = [.init(name: "nodule", probability: 0.98, state: .present)]
    #expect(Page(HTMLRenderer().render(report)).text.contains("none shown"))
  }
}
