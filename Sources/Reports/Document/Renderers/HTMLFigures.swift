import Foundation

/// A colour for each finding that has evidence, told apart in every kind of colour vision, on black and on white
/// (palette: Okabe and Ito, 2008).
struct EvidenceColours {
  private static let palette = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#0072B2"]
  private var places: [Int: Int] = [:]

  /// - Parameter findings: In the order in which they are shown. Those that share their places share a colour; one
  ///   that only gathers the places of others, as an effusion on both sides, has none of its own.
  init(_ findings: [ReportDocument.Finding]) {
    var known: [(evidence: [ReportDocument.Evidence], colour: Int)] = []
    for (i, finding) in findings.enumerated() where !finding.evidence.isEmpty {
      let fewer = findings.filter { $0.evidence.count < finding.evidence.count }.flatMap(\.evidence)
      if finding.evidence.allSatisfy(fewer.contains) { continue }
      if let same = known.first(where: { $0.evidence == finding.evidence }) {
        places[i] = same.colour
      } else {
        places[i] = known.count
        known.append((finding.evidence, known.count))
      }
    }
  }

  /// Nil for findings that are not drawn.
  subscript(_ finding: Int) -> String? { places[finding].map { Self.palette[$0 % Self.palette.count] } }
}

/// Pictures with rectangles over the evidence.
public struct HTMLFigures {
  /// In the order in which they are shown.
  let findings: [ReportDocument.Finding]
  let colours: EvidenceColours
  var language = ReportLanguage.en

  /// - Parameter number: How the table of findings calls the picture.
  func figure(_ picture: ReportPicture, number: Int) -> String {
    let boxes = findings.enumerated().filter { colours[$0.offset] != nil }.flatMap { i, finding in
      finding.evidence.filter { $0.input == picture.input }.map { (finding: i, region: $0.region) }
    }
    let names = boxes.map(\.finding).reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
    let marked = names.map { language.named(findings[$0].name) }.joined(separator: ", ")
    let description = picture.caption + (names.isEmpty ? "" : ". \(language.say("Marked")): \(marked)")
    let (width, height) = (max(1, picture.width), max(1, picture.height))
    return """
      <figure>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" aria-label="\(HTML.text(description))" preserveAspectRatio="xMidYMid meet">
      <title>\(HTML.text(description))</title>
      <image href="data:image/png;base64,\(picture.png.base64EncodedString())" width="\(width)" height="\(height)" preserveAspectRatio="none" />
      \(drawn(boxes, width: Double(width), height: Double(height)))
      </svg>
      <figcaption>\(language.say("Picture")) \(number): \(HTML.text(picture.caption))<span class="quiet"> \(HTML.text(picture.input))</span>\(legend(names))</figcaption>
      </figure>
      """
  }

  /// A rectangle with what stands at it.
  private struct Box {
    var finding: Int
    var x: Double, y: Double, width: Double, height: Double
    /// Names of all findings that share it.
    var names: [String]
  }

  /// Rectangles first and labels on top of them, so that no line runs through a word.
  private func drawn(_ boxes: [(finding: Int, region: [Double])], width: Double, height: Double) -> String {
    var merged: [Box] = []
    var regions: [[Double]] = []
    for box in boxes where box.region.count == 4 {
      let name = language.named(findings[box.finding].name)
      if let same = regions.firstIndex(of: box.region) {
        // "Opacity" where "right opacity" stands already tells nothing more.
        if !merged[same].names.contains(where: { $0.lowercased().hasSuffix(name.lowercased()) }) {
          merged[same].names.removeAll { name.lowercased().hasSuffix($0.lowercased()) }
          merged[same].names.append(name)
        }
        continue
      }
      let x = min(max(box.region[0], 0), width), y = min(max(box.region[1], 0), height)
      regions.append(box.region)
      merged.append(
        Box(
          finding: box.finding, x: x, y: y, width: min(box.region[2], width - x),
          height: min(box.region[3], height - y), names: [name]))
    }
    var labels = LabelPlaces(width: width, height: height)
    return
      (merged.map { outline($0, of: max(width, height)) }
      + merged.map { label($0, &labels) }).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func n(_ value: Double) -> String { ReportWording.coordinate(value) }

  /// A rectangle over a darker one, so that it shows on bone as well as on air; dashed for what is uncertain.
  private func outline(_ box: Box, of side: Double) -> String {
    let stroke = side / 260
    let area =
      "x=\"\(n(box.x))\" y=\"\(n(box.y))\" width=\"\(n(box.width))\" height=\"\(n(box.height))\" fill=\"none\""
    let dash =
      findings[box.finding].state == .present
      ? "" : " stroke-dasharray=\"\(n(stroke * 4)) \(n(stroke * 3))\""
    return """
      <rect \(area) stroke="#000" stroke-opacity="0.55" stroke-width="\(n(stroke * 2.2))" />
      <rect \(area) stroke="\(colours[box.finding] ?? "#fff")" stroke-width="\(n(stroke))"\(dash) />
      """
  }

  /// The names at a rectangle, where there is room for them; the legend has them in any case.
  private func label(_ box: Box, _ labels: inout LabelPlaces) -> String {
    let size = labels.size
    let name = box.names.joined(separator: ", ")
    guard let place = labels.place(name, at: (box.x, box.y, box.width, box.height)) else { return "" }
    return """
      <rect x="\(n(place.x))" y="\(n(place.y))" width="\(n(place.width))" height="\(n(place.height))" fill="\(colours[box.finding] ?? "#fff")" />
      <text x="\(n(place.x + size * 0.4))" y="\(n(place.y + size * 1.02))" font-size="\(n(size))" fill="#000">\(HTML.text(name))</text>
      """
  }

  private func legend(_ names: [Int]) -> String {
    guard !names.isEmpty else { return "" }
    let comma = language == .en ? ", " : "，"
    let items = names.map { i in
      let finding = findings[i]
      let state = language.say(finding.state.rawValue)
      return
        "<li><span class=\"key\" style=\"background:\(colours[i] ?? "none")\"></span>\(HTML.text(language.named(finding.name)))\(comma)\(state)\(comma)"
        + "\(HTML.text(language.percent(finding.probability)))</li>"
    }
    return "<ul class=\"legend\">" + items.joined() + "</ul>"
  }
}
