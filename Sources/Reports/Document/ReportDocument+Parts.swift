extension ReportDocument.Input {
  var ordered: OrderedJSON {
    .object([
      ("path", .string(path)), ("sha256", .string(sha256)), ("kind", .string(kind)),
      ("view", view.map { .string($0) } ?? .value(.null)), ("used", .bool(used)), ("reason", .string(reason)),
    ])
  }
}

extension ReportDocument.Asked {
  var ordered: OrderedJSON {
    .object([
      ("label", .string(label)), ("texts", .list(texts.map { .string($0) })),
      ("similarity", .number(similarity)),
      ("share", .number(share)), ("calibrated", .bool(false)),
    ])
  }
}

extension ReportDocument.Finding {
  var ordered: OrderedJSON {
    var fields: [(key: String, value: OrderedJSON)] = [
      ("name", .string(name)), ("probability", .number(probability)), ("state", .string(state.rawValue)),
      ("evidence", .list(evidence.map(\.ordered))),
    ]
    if let laterality { fields.append(("laterality", .string(laterality.rawValue))) }
    if let zone { fields.append(("zone", .string(zone.rawValue))) }
    if let size {
      fields.append(
        (
          "size",
          .object([("millimetres", .number(size.millimetres)), ("input", .string(size.input))])
        ))
    }
    return .object(fields)
  }
}

extension ReportDocument.Evidence {
  var ordered: OrderedJSON {
    .object([("input", .string(input)), ("region", .list(region.map { .number($0) }))])
  }
}

extension ReportDocument.Statement {
  var ordered: OrderedJSON {
    .object([
      ("text", .string(text)), ("section", .string(section.rawValue)),
      ("findings", .list(findings.map { .string($0) })), ("evidence", .list(evidence.map(\.ordered))),
    ])
  }
}

extension ReportDocument.Sections {
  var ordered: OrderedJSON {
    var fields: [(key: String, value: OrderedJSON)] = [("technique", .string(technique))]
    if !comparison.isEmpty { fields.append(("comparison", .string(comparison))) }
    fields.append(("findings", .string(findings)))
    fields.append(("impression", .string(impression)))
    return .object(fields)
  }
}

extension ReportDocument.Comparison {
  var ordered: OrderedJSON {
    var fields: [(key: String, value: OrderedJSON)] = [
      ("study", .string(study)), ("report", .string(report)),
    ]
    if let days { fields.append(("days", .value(.integer(days)))) }
    let told = changes.map { change in
      OrderedJSON.object([
        ("finding", .string(change.finding)), ("kind", .string(change.kind.rawValue)),
        ("before", .number(change.before)), ("now", .number(change.now)),
      ])
    }
    fields.append(("changes", .list(told)))
    return .object(fields)
  }
}

extension ReportDocument.PrivacyFlag {
  var ordered: OrderedJSON {
    .object([
      ("input", .string(input)), ("kind", .string(kind.rawValue)), ("count", .value(.integer(count))),
      ("text", .string(text)),
    ])
  }
}

extension ReportDocument.Edit {
  var ordered: OrderedJSON {
    .object([("place", .string(place)), ("before", .string(before)), ("after", .string(after))])
  }
}

extension ReportPatient {
  var ordered: OrderedJSON {
    let known: [(String, String?)] = [
      ("name", name), ("id", id), ("birthDate", birthDate), ("sex", sex), ("studyUID", studyUID),
      ("accession", accession),
    ]
    var fields: [(key: String, value: OrderedJSON)] = []
    for (key, value) in known {
      if let value { fields.append((key, .string(value))) }
    }
    return .object(fields)
  }
}
