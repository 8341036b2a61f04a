import Foundation

/// A colour for each finding that has evidence, told apart in every kind of colour vision, on black and on white
/// (palette: Okabe and Ito, 2008).
struct EvidenceColours {
  private static let palette = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#0072B2"]
  private var places: [Int: Int] = [:]

  /// - Parameter findings: In the order in which they are shown.
  init(_ findings: [ReportDocument.Finding]) {
    for (i, finding) in findings.enumerated() where !finding.evidence.isEmpty { places[i] = places.count }
  }

  subscript(_ finding: Int) -> String { Self.palette[(places[finding] ?? 0) % Self.palette.count] }
}

/// Pictures with rectangles over the evidence.
public struct HTMLFigures {
  /// In the order in which they are shown.
  let findings: [ReportDocument.Finding]
  let colours: EvidenceColours
  var language = ReportLanguage.en

  /// - Parameter number: How the table of findings calls the picture.
  func figure(_ picture: ReportPicture, number: Int) -> String {
    let boxes = findings.enumerated().flatMap { i, finding in
      finding.evidence.filter { $0.input == picture.input }.map { (finding: i, region: $0.region) }
    }
    let names = boxes.map(\.finding).reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
    let marked = names.map { findings[$0].name }.joined(separator: ", ")
    let description = picture.caption + (names.isEmpty ? "" : ". \(language.say("Marked")): \(marked)")
    let (width, height) = (max(1, picture.width), max(1, picture.height))
    return """
      <figure>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" aria-label="\(HTML.text(description))" preserveAspectRatio="xMidYMid meet">
      <title>\(HTML.text(description))</title>
      <image href="data:image/png;base64,\(picture.png.base64EncodedString())" width="\(width)" height="\(height)" preserveAspectRatio="none" />
      \(boxes.indices.map { i in
        box(boxes[i].finding, boxes[i].region, label: label(i, boxes), width: Double(width), height: Double(height))
      }.joined(separator: "\n"))
      </svg>
      <figcaption>\(language.say("Picture")) \(number): \(HTML.text(picture.caption))<span class="quiet"> \(HTML.text(picture.input))</span>\(legend(names))</figcaption>
      </figure>
      """
  }

  /// What stands at a rectangle: the names of all findings that share it, at the first of them. Uncertain findings
  /// have their colours in the legend alone where others are present, so that names do not cover the picture.
  private func label(_ place: Int, _ boxes: [(finding: Int, region: [Double])]) -> String? {
    let isPresent = { (box: (finding: Int, region: [Double])) in findings[box.finding].state == .present }
    guard isPresent(boxes[place]) || !boxes.contains(where: isPresent) else { return nil }
    let same = boxes.indices.filter {
      boxes[$0].region == boxes[place].region && isPresent(boxes[$0]) == isPresent(boxes[place])
    }
    guard same.first == place else { return nil }
    return same.map { findings[boxes[$0].finding].name }.joined(separator: ", ")
  }

  /// A rectangle inside the picture, over a dark one so that it shows on bone as well as on air, and its label;
  /// dashed for what is uncertain.
  private func box(
    _ finding: Int, _ region: [Double], label: String?, width: Double, height: Double
  ) -> String {
    guard region.count == 4 else { return "" }
    let x = min(max(region[0], 0), width), y = min(max(region[1], 0), height)
    let w = min(region[2], width - x), h = min(region[3], height - y)
    let stroke = max(width, height) / 260
    let size = max(width, height) / 34
    let name = label ?? ""
    let labelWidth = min(Double(name.count) * size * 0.58 + size * 0.8, width)
    // Above the rectangle where there is room, else inside it.
    let labelY = y >= size * 1.4 ? y - size * 1.4 : y
    let labelX = min(x, width - labelWidth)
    let colour = colours[finding]
    func n(_ value: Double) -> String { ReportWording.coordinate(value) }
    let area = "x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(w))\" height=\"\(n(h))\" fill=\"none\""
    let dash =
      findings[finding].state == .present ? "" : " stroke-dasharray=\"\(n(stroke * 4)) \(n(stroke * 3))\""
    let caption =
      name.isEmpty
      ? ""
      : """
      <rect x="\(n(labelX))" y="\(n(labelY))" width="\(n(labelWidth))" height="\(n(size * 1.4))" fill="\(colour)" />
      <text x="\(n(labelX + size * 0.4))" y="\(n(labelY + size * 1.02))" font-size="\(n(size))" fill="#000">\(HTML.text(name))</text>
      """
    return """
      <g>
      <rect \(area) stroke="#000" stroke-opacity="0.55" stroke-width="\(n(stroke * 2.2))" />
      <rect \(area) stroke="\(colour)" stroke-width="\(n(stroke))"\(dash) />
      \(caption)
      </g>
      """
  }

  private func legend(_ names: [Int]) -> String {
    guard !names.isEmpty else { return "" }
    let items = names.map { i in
      let finding = findings[i]
      let state = ReportWording.word(finding.state).lowercased()
      return
        "<li><span class=\"key\" style=\"background:\(colours[i])\"></span>\(HTML.text(finding.name)), \(state), "
        + "\(HTML.text(ReportWording.percent(finding.probability)))</li>"
    }
    return "<ul class=\"legend\">" + items.joined() + "</ul>"
  }
}
