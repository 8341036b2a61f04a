import Foundation

extension ReportDocument {
  /// The text of `report.json`: keys in the contract's order, pretty printed, the same bytes for the same report.
  /// - Throws: `DocumentError` for what `validate` refuses.
  public func json() throws(DocumentError) -> String {
    try validate()
    return ordered.text
  }

  /// Reads the text of a `report.json`.
  /// - Parameter place: The file's name, for errors.
  public init(json: Data, place: String) throws(DocumentError) {
    try self.init(json: json, place: place, isTied: true)
  }

  /// - Parameter isTied: whether sentences are to be those of the sections; in a copy that somebody changed they are not,
  ///   and are left out.
  init(json: Data, place: String, isTied: Bool) throws(DocumentError) {
    do {
      self = try JSONDecoder().decode(ReportDocument.self, from: json)
    } catch let error as Swift.DecodingError {
      throw DocumentError(
        place: place, reason: "This is no report: \(Self.plain(error)).",
        remedy: "Give a report.json that Braid wrote.")
    } catch {
      throw DocumentError(
        place: place, reason: "This is no report.", remedy: "Give a report.json that Braid wrote.")
    }
    if !isTied { statements = [] }
    do throws(DocumentError) {
      try validate()
    } catch {
      throw DocumentError(place: "\(place), \(error.place)", reason: error.reason, remedy: error.remedy)
    }
  }

  /// Refuses what no reader could make sense of.
  public func validate() throws(DocumentError) {
    func refuse(_ place: String, _ reason: String) throws(DocumentError) {
      throw DocumentError(place: place, reason: reason, remedy: "Correct it, or draft the report again.")
    }
    let paths = Set(inputs.map(\.path))
    for (i, finding) in findings.enumerated() {
      if !(0...1).contains(finding.probability) {
        try refuse("findings[\(i)].probability", "\(finding.probability) does not lie between 0 and 1.")
      }
      for (j, evidence) in finding.evidence.enumerated() {
        let place = "findings[\(i)].evidence[\(j)]"
        if !paths.contains(evidence.input) {
          try refuse(place + ".input", "\"\(evidence.input)\" is none of the report's inputs.")
        }
        let region = evidence.region
        if region.count != 4 || !region.allSatisfy({ $0.isFinite && $0 >= 0 }) {
          try refuse(place + ".region", "\(region) is no [x, y, w, h] in pixels.")
        }
      }
    }
    if let (place, reason) = looseEnd { try refuse(place, reason) }
    for (i, asked) in asked.enumerated() where !(0...1).contains(asked.share) {
      try refuse("zeroShot[\(i)].share", "\(asked.share) does not lie between 0 and 1.")
    }
    if needsHumanRead, reasons.isEmpty {
      try refuse("reasons", "A human must read this report, but no reason is given.")
    }
    if (status == .final) != (signature != nil) {
      try refuse(
        "signature", "A report is signed exactly when its status is final; this one is \(status.rawValue).")
    }
  }

  var ordered: OrderedJSON {
    var object: [(key: String, value: OrderedJSON)] = [
      ("study", .string(study)), ("status", .string(status.rawValue)),
      ("created", .string(created.description)),
      ("bundle", .object([("name", .string(bundle.name)), ("sha256", .string(bundle.sha256))])),
      ("inputs", .list(inputs.map(\.ordered))), ("selector", .value(selector)),
      ("findings", .list(findings.map(\.ordered))),
      (
        "sections", sections.ordered
      ),
      ("needsHumanRead", .bool(needsHumanRead)), ("reasons", .list(reasons.map { .string($0) })),
    ]
    if !id.isEmpty { object.insert(("id", .string(id)), at: 1) }
    if !statements.isEmpty { object.append(("sentences", .list(statements.map(\.ordered)))) }
    if let comparison { object.append(("comparison", comparison.ordered)) }
    if !privacy.isEmpty { object.append(("privacy", .list(privacy.map(\.ordered)))) }
    if let patient { object.append(("patient", patient.ordered)) }
    if !limits.isEmpty { object.append(("limits", .list(limits.map { .string($0) }))) }
    if !asked.isEmpty { object.append(("zeroShot", .list(asked.map(\.ordered)))) }
    if language != .en { object.append(("language", .string(language.rawValue))) }
    if let signature {
      object.append(
        (
          "signature",
          .object([
            ("signer", .string(signature.signer)), ("signed", .string(signature.signed.description)),
            ("draftSHA256", .string(signature.draftSHA256)), ("previous", .string(signature.previous)),
          ])
        ))
    }
    if !edits.isEmpty { object.append(("edits", .list(edits.map(\.ordered)))) }
    return .object(object)
  }

  private static func plain(_ error: Swift.DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "the whole" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(key.stringValue) is missing in \(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context.codingPath)) holds another kind of value than a report does"
    case .dataCorrupted(let context): return "\(place(context.codingPath)) cannot be read"
    @unknown default: return "it cannot be read"
    }
  }
}
