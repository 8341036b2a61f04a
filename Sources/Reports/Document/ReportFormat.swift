import Foundation

/// The formats in which a report is written.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// Markdown, Braid's own JSON, a web page, FHIR R4, DICOM Basic Text SR, HL7 v2.5.1.
  case md, json, html, fhir, sr, hl7

  /// The file's name in the report's folder.
  public var fileName: String {
    switch self {
    case .md: "report.md"
    case .json: "report.json"
    case .html: "report.html"
    case .fhir: "report.fhir.json"
    case .sr: "report.dcm"
    case .hl7: "report.hl7"
    }
  }

  /// The whole file.
  /// - Parameter pictures: What the HTML page shows; other formats hold no pictures.
  /// - Throws: `DocumentError` where the report itself cannot be written down.
  public func render(_ report: ReportDocument, pictures: [ReportPicture] = []) throws(DocumentError) -> Data {
    try report.validate()
    switch self {
    case .md: return Data(MarkdownRenderer().render(report).utf8)
    case .json: return Data(try report.json().utf8)
    case .html: return Data(HTMLRenderer().render(report, pictures: pictures).utf8)
    case .fhir: return Data(try FHIRRenderer().render(report).utf8)
    case .sr: return try SRRenderer().render(report)
    case .hl7: return Data(try HL7Renderer().render(report).utf8)
    }
  }
}

/// A picture of an input, to be shown with the evidence found in it.
public struct ReportPicture: Sendable {
  /// The `path` of the input.
  public var input: String
  /// An encoded PNG, at any scale.
  public var png: Data
  /// The input's size as shown, in pixels: the size in which evidence regions are given.
  public var width: Int, height: Int
  /// What the picture is, for those who cannot see it, such as `Frontal chest radiograph`.
  public var caption: String

  /// - Parameters:
  ///   - input: the `path` of an input.
  ///   - png: encoded, at any scale.
  ///   - width: of the input as shown, in pixels.
  ///   - height: of the input as shown, in pixels.
  ///   - caption: what the picture is, for those who cannot see it.
  public init(input: String, png: Data, width: Int, height: Int, caption: String) {
    (self.input, self.png, self.width, self.height, self.caption) = (input, png, width, height, caption)
  }
}
