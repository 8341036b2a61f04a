import Foundation

/// Pieces of an SVG file.
public enum SVGText {
  /// Text cut to some characters.
  public static func short(_ text: String, _ limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit - 1).trimmingCharacters(in: .whitespaces) + "…"
  }

  /// Text in lines of at most so many characters; what does not fit is cut.
  public static func wrapped(_ text: String, _ limit: Int, lines: Int) -> [String] {
    var found: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
      if !line.isEmpty && line.count + 1 + word.count > limit {
        found.append(line)
        line = word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    if !line.isEmpty { found.append(line) }
    guard found.count > lines else { return found.map { short($0, limit) } }
    return found.prefix(lines - 1).map { short($0, limit) } + [
      short(found[(lines - 1)...].joined(separator: " "), limit)
    ]
  }

  /// A coordinate with at most one decimal.
  public static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A rectangle.
  /// - Parameter style: further attributes, as they stand in the file.
  public static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String)
    -> String
  {
    "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" \(style)/>"
  }

  /// A line between two places.
  /// - Parameter style: further attributes, as they stand in the file.
  public static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" \(style)/>"
  }

  /// A text that begins at a place; its content is escaped.
  /// - Parameter style: further attributes, as they stand in the file.
  public static func text(_ x: Double, _ y: Double, _ content: String, _ style: String = "") -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\"\(style.isEmpty ? "" : " " + style)>\(Markup.escaped(content))</text>"
  }

  /// Values at even, round steps between two bounds, about `count` of them.
  public static func ticks(from low: Double, to high: Double, count: Int) -> [Double] {
    guard high > low else { return [low] }
    let raw = (high - low) / Double(max(1, count))
    let magnitude = pow(10, (log10(raw)).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= raw } ?? raw
    let first = (low / step).rounded(.up) * step
    return Array(stride(from: first, through: high + step * 1e-9, by: step))
  }
}
