import Foundation

extension HTMLFigures {
  /// The pictures of a page that was rendered before.
  public static func pictures(in page: String) -> [ReportPicture] {
    page.components(separatedBy: "<figure>").dropFirst().compactMap { figure in
      guard let data = between("<image href=\"data:image/png;base64,", "\"", in: figure),
        let png = Data(base64Encoded: data), let size = between("viewBox=\"0 0 ", "\"", in: figure),
        let numbered = between("<figcaption>", "<span", in: figure),
        let input = between("<span class=\"quiet\"> ", "</span>", in: figure)
      else { return nil }
      let sides = size.split(separator: " ").compactMap { Int($0) }
      guard sides.count == 2 else { return nil }
      // Numbers are given anew.
      let caption = numbered.replacingOccurrences(of: "^\\S+ [0-9]+: ", with: "", options: .regularExpression)
      return ReportPicture(
        input: plain(input), png: png, width: sides[0], height: sides[1], caption: plain(caption))
    }
  }

  private static func between(_ start: String, _ end: String, in text: String) -> String? {
    guard let from = text.range(of: start),
      let to = text.range(of: end, range: from.upperBound..<text.endIndex)
    else { return nil }
    return String(text[from.upperBound..<to.lowerBound])
  }

  /// Text without the escapes of a page.
  private static func plain(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
  }
}
