import Files
import Foundation

/// Words and pieces that the parts of the page share.
enum ResultsText {
  static func section(_ title: String, _ id: String, _ body: String) -> String {
    """
    <section aria-labelledby="\(id)">
    <h2 id="\(id)">\(Markup.escaped(title))</h2>
    \(body)
    </section>
    """
  }

  /// A figure of the page: a drawing with words below it.
  static func figure(_ title: String, _ svg: String, _ caption: String) -> String {
    """
    <figure>
    <h3>\(Markup.escaped(title))</h3>
    \(svg)
    <figcaption>\(caption)</figcaption>
    </figure>
    """
  }

  /// A drawing that takes its colours from the page.
  static func svg(_ width: Double, _ height: Double, _ words: String, _ body: [String]) -> String {
    """
    <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVGText.number(width)) \(SVGText.number(height))" \
    role="img" aria-label="\(Markup.escaped(words))">
    <title>\(Markup.escaped(words))</title>
    \(body.joined(separator: "\n"))
    </svg>
    """
  }

  static func decimal(_ value: Double, _ digits: Int = 3) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "–"
  }

  /// Of a share from 0 to 1.
  static func percent(_ share: Double, _ digits: Int = 1) -> String { "\(decimal(share * 100, digits)) %" }

  /// A number of any size with about three digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    return String(format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3g", value)
  }

  /// A number at an axis: no more digits than it needs.
  static func tick(_ value: Double) -> String { String(format: "%.4g", abs(value) < 1e-9 ? 0 : value) }

  static func time(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    if whole < 120 { return "\(whole) s" }
    if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  static func split(_ name: String) -> String { name == "val" ? "validation" : name }

  static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }
}
