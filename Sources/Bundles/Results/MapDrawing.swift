import Alignment
import Files

/// Rows in the shared space, seen from the side on which they lie furthest apart.
struct MapDrawing {
  private let map: EmbeddingMap?
  private let rows: String
  private let width = 480.0, edge = 18.0

  init(_ figures: Evaluation.TaskFigures, rows: String) { (map, self.rows) = (figures.map, rows) }

  /// Empty where there is nothing to show, or the record does not fit itself.
  var figure: String {
    guard let map, !map.points.isEmpty,
      (map.points + map.texts).allSatisfy({ map.names.indices.contains($0.name) })
    else { return "" }
    let all = map.points + map.texts
    let xs = all.map { Double($0.x) }, ys = all.map { Double($0.y) }
    let (left, right) = (xs.min() ?? 0, xs.max() ?? 1), (low, high) = (ys.min() ?? 0, ys.max() ?? 1)
    // The same scale along both, so that distances are true.
    let scale = min((width - 2 * edge) / max(1, right - left), (400 - 2 * edge) / max(1, high - low))
    let height = max(200, (high - low) * scale + 2 * edge)
    func place(_ point: EmbeddingMap.Point) -> (Double, Double) {
      (
        width / 2 + (Double(point.x) - (left + right) / 2) * scale,
        height / 2 - (Double(point.y) - (low + high) / 2) * scale
      )
    }
    let shown = map.names.indices.filter { name in all.contains { $0.name == name } }
    let kinds = Dictionary(uniqueKeysWithValues: shown.enumerated().map { ($0.element, $0.offset) })
    let groups = shown.map { name in map.points.filter { $0.name == name }.map(place) }
    let texts = map.texts.map { (kinds[$0.name] ?? 0, place($0)) }
    var body = zip(shown, groups).map { name, places -> String in
      let kind = kinds[name] ?? 0
      let path = places.map { MapMark.path(kind, $0.0, $0.1, 4) }.joined()
      return
        "<path class=\"point k\(kind % 8)\" d=\"\(path)\"><title>\(Markup.escaped(map.names[name]))</title></path>"
    }
    body += texts.map { kind, place in
      "<circle class=\"ring\" cx=\"\(SVGText.number(place.0))\" cy=\"\(SVGText.number(place.1))\" r=\"10\" />"
        + "<path class=\"point k\(kind % 8)\" d=\"\(MapMark.path(kind, place.0, place.1, 5.5))\" />"
    }
    var labels = MapLabels(width: width, height: height, taken: texts.map(\.1))
    // A name stands at its descriptions where there are any: rows of a label can lie in several places.
    body += zip(shown, groups).enumerated().compactMap { kind, group in
      let described = texts.filter { $0.0 == kind }.map(\.1)
      return labels.text(SVGText.short(map.names[group.0], 22), over: described.isEmpty ? group.1 : described)
    }
    return ResultsText.figure(
      "Where rows lie in the shared space",
      ResultsText.svg(width, height, "Map of the \(rows) rows in the shared space", body), caption(map, shown)
    )
  }

  private func caption(_ map: EmbeddingMap, _ shown: [Int]) -> String {
    let items = shown.enumerated().map { kind, name in
      """
      <li><svg class="mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">\
      <path class="point k\(kind % 8)" d="\(MapMark.path(kind, 7, 7, 5))" /></svg>\(Markup.escaped(map.names[name]))</li>
      """
    }
    let shares = map.spread.map { ResultsText.percent($0, 0) }.joined(separator: " and ")
    return """
      \(ResultsText.count(map.points.count, "row")) of the \(ResultsText.split(rows)) part, seen from the side on which \
      they lie furthest apart; the two directions hold \(shares) of the spread, so that what lies together here can be \
      apart in the others.\(map.texts.isEmpty ? "" : " A ring: where the descriptions of the label lie.")
      <ul class="legend">\(items.joined())</ul>
      """
  }
}
