import Files

/// The plot of a chart: where values lie, and the lines and numbers around them.
struct ChartFrame {
  var left: Double, top: Double, width: Double, height: Double
  var xs: ClosedRange<Double>, ys: ClosedRange<Double>

  func x(_ value: Double) -> Double {
    left + width * (value - xs.lowerBound) / max(1e-12, xs.upperBound - xs.lowerBound)
  }

  func y(_ value: Double) -> Double {
    top + height * (1 - (value - ys.lowerBound) / max(1e-12, ys.upperBound - ys.lowerBound))
  }

  /// Lines across at each tick, numbers left of them.
  func rows(_ ticks: [Double], _ text: (Double) -> String) -> [String] {
    ticks.flatMap { tick in
      [
        SVGText.line(left, y(tick), left + width, y(tick), "class=\"grid\""),
        SVGText.text(left - 6, y(tick) + 4, text(tick), "class=\"dim\" text-anchor=\"end\""),
      ]
    }
  }

  /// Numbers below, with a title.
  func columns(_ ticks: [Double], _ title: String, _ text: (Double) -> String) -> [String] {
    ticks.map { tick in
      SVGText.text(x(tick), top + height + 16, text(tick), "class=\"dim\" text-anchor=\"middle\"")
    } + [
      SVGText.text(left + width / 2, top + height + 32, title, "class=\"dim\" text-anchor=\"middle\""),
      SVGText.line(left, top + height, left + width, top + height, "class=\"axis\""),
    ]
  }

  /// A line through places; those that are no numbers are left out.
  func line(_ places: [(Double, Double)], _ style: String) -> String {
    let path = places.filter { $0.0.isFinite && $0.1.isFinite }.map {
      "\(SVGText.number(x($0.0))),\(SVGText.number(y($0.1)))"
    }
    return "<polyline points=\"\(path.joined(separator: " "))\" \(style) />"
  }
}
