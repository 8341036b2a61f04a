import Foundation

/// The parts of FHIR R4 (4.0.1) that reports use, as the specification gives them: elements with their types and how often
/// they may stand. What it does not know is an error, as is a missing element or a value of another type.
struct FHIRSchema {
  /// An element: its type, and whether it must be there and may repeat.
  struct Element {
    var type: String
    var isNeeded = false, isList = false

    /// Such as `code!` (1..1), `Identifier*` (0..*) or `Reference!*` (1..*).
    init(_ text: String) {
      type = text.filter { $0 != "!" && $0 != "*" }
      (isNeeded, isList) = (text.contains("!"), text.contains("*"))
    }
  }

  private static let types: [String: [String: String]] = [
    "Bundle": [
      "id": "id", "identifier": "Identifier", "type": "code!", "timestamp": "instant", "total": "unsignedInt",
      "entry": "Bundle.entry*",
    ],
    "Bundle.entry": ["fullUrl": "uri", "resource": "Resource"],
    "DiagnosticReport": [
      "id": "id", "identifier": "Identifier*", "status": "code!", "category": "CodeableConcept*",
      "code": "CodeableConcept!", "subject": "Reference", "effectiveDateTime": "dateTime",
      "issued": "instant",
      "performer": "Reference*", "resultsInterpreter": "Reference*", "result": "Reference*",
      "imagingStudy": "Reference*", "conclusion": "string", "conclusionCode": "CodeableConcept*",
      "presentedForm": "Attachment*",
    ],
    "Observation": [
      "id": "id", "identifier": "Identifier*", "status": "code!", "category": "CodeableConcept*",
      "code": "CodeableConcept!", "subject": "Reference", "effectiveDateTime": "dateTime",
      "issued": "instant",
      "performer": "Reference*", "valueQuantity": "Quantity", "valueCodeableConcept": "CodeableConcept",
      "valueString": "string", "valueBoolean": "boolean", "note": "Annotation*",
      "bodySite": "CodeableConcept",
      "method": "CodeableConcept", "device": "Reference", "component": "Observation.component*",
    ],
    "Observation.component": [
      "code": "CodeableConcept!", "valueQuantity": "Quantity", "valueCodeableConcept": "CodeableConcept",
      "valueString": "string", "valueBoolean": "boolean",
    ],
    "ImagingStudy": [
      "id": "id", "identifier": "Identifier*", "status": "code!", "modality": "Coding*",
      "subject": "Reference!",
      "started": "dateTime", "numberOfSeries": "unsignedInt", "numberOfInstances": "unsignedInt",
      "description": "string",
    ],
    "Device": [
      "id": "id", "identifier": "Identifier*", "manufacturer": "string", "deviceName": "Device.deviceName*",
      "type": "CodeableConcept", "version": "Device.version*",
    ],
    "Device.deviceName": ["name": "string!", "type": "code!"],
    "Device.version": ["type": "CodeableConcept", "value": "string!"],
    "Patient": [
      "id": "id", "identifier": "Identifier*", "active": "boolean", "name": "HumanName*", "gender": "code",
      "birthDate": "date",
    ],
    "HumanName": ["use": "code", "text": "string", "family": "string", "given": "string*"],
    "Identifier": [
      "use": "code", "type": "CodeableConcept", "system": "uri", "value": "string", "assigner": "Reference",
    ],
    "CodeableConcept": ["coding": "Coding*", "text": "string"],
    "Coding": ["system": "uri", "version": "string", "code": "code", "display": "string"],
    "Reference": ["reference": "string", "type": "uri", "identifier": "Identifier", "display": "string"],
    "Attachment": [
      "contentType": "code", "language": "code", "data": "base64Binary", "url": "uri", "size": "unsignedInt",
      "hash": "base64Binary", "title": "string", "creation": "dateTime",
    ],
    "Quantity": [
      "value": "decimal", "comparator": "code", "unit": "string", "system": "uri", "code": "code",
    ],
    "Annotation": ["authorString": "string", "time": "dateTime", "text": "markdown!"],
  ]

  /// Values of required bindings.
  private static let codes: [String: Set<String>] = [
    "Bundle.type": [
      "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history",
      "searchset", "collection",
    ],
    "DiagnosticReport.status": [
      "registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled",
      "entered-in-error", "unknown",
    ],
    "Observation.status": [
      "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error",
      "unknown",
    ],
    "ImagingStudy.status": ["registered", "available", "cancelled", "entered-in-error", "unknown"],
    "Device.deviceName.type": [
      "udi-label-name", "user-friendly-name", "patient-reported-name", "manufacturer-name", "model-name",
      "other",
    ],
    "Patient.gender": ["male", "female", "other", "unknown"],
  ]

  private static let patterns = [
    "id": "[A-Za-z0-9\\-\\.]{1,64}", "uri": "\\S+", "code": "[^\\s]+( [^\\s]+)*",
    "instant": "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)",
    "dateTime": "\\d{4}(-\\d\\d(-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d))?)?)?",
    "date": "\\d{4}(-\\d\\d(-\\d\\d)?)?", "base64Binary": "[A-Za-z0-9+/=]+",
  ]

  /// What is wrong, each with its place; empty for a valid bundle.
  static func problems(_ text: String) -> [String] {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
      return ["no JSON object"]
    }
    return resource(object, "Bundle") + dangling(object)
  }

  private static func resource(_ value: Any, _ place: String) -> [String] {
    guard var object = value as? [String: Any], let type = object["resourceType"] as? String,
      types[type] != nil
    else { return ["\(place): no resource that is known"] }
    object["resourceType"] = nil
    return element(object, type, place)
  }

  private static func element(_ object: [String: Any], _ type: String, _ place: String) -> [String] {
    let known = types[type] ?? [:]
    var found = object.keys.filter { known[$0] == nil }.map { "\(place).\($0): unknown to \(type)" }
    if object.isEmpty { found.append("\(place): empty") }
    if object.keys.count(where: { $0.hasPrefix("value") && $0 != "value" }) > 1 {
      found.append("\(place): several values")
    }
    for (name, text) in known {
      let element = Element(text), here = "\(place).\(name)"
      guard let value = object[name] else {
        if element.isNeeded { found.append("\(here): missing") }
        continue
      }
      if element.isList {
        guard let list = value as? [Any], !list.isEmpty else {
          found.append("\(here): no list")
          continue
        }
        for (i, item) in list.enumerated() { found += check(item, element.type, "\(here)[\(i)]", type, name) }
      } else {
        found += check(value, element.type, here, type, name)
      }
    }
    return found
  }

  private static func check(
    _ value: Any, _ kind: String, _ place: String, _ type: String, _ name: String
  ) -> [String] {
    if kind == "Resource" { return resource(value, place) }
    if types[kind] != nil {
      guard let object = value as? [String: Any] else { return ["\(place): no object"] }
      return element(object, kind, place)
    }
    switch kind {
    case "boolean":
      return value is Bool ? [] : ["\(place): no truth value"]
    case "decimal", "unsignedInt":
      guard let number = value as? NSNumber else { return ["\(place): no number"] }
      let isWhole = number.doubleValue >= 0 && number.doubleValue == number.doubleValue.rounded()
      return kind == "decimal" || isWhole ? [] : ["\(place): no whole number"]
    default:
      guard let text = value as? String, !text.isEmpty else { return ["\(place): no text"] }
      if let pattern = patterns[kind], text.range(of: "^\(pattern)$", options: .regularExpression) == nil {
        return ["\(place): “\(text.prefix(40))” is no \(kind)"]
      }
      if let allowed = codes["\(type).\(name)"], !allowed.contains(text) {
        return ["\(place): “\(text)” is none of its codes"]
      }
      return []
    }
  }

  /// References to entries that are not in the bundle, and names that stand twice.
  private static func dangling(_ bundle: [String: Any]) -> [String] {
    let entries = bundle["entry"] as? [[String: Any]] ?? []
    let names = entries.compactMap { $0["fullUrl"] as? String }
    var found = Set(names).count == names.count ? [] : ["a fullUrl stands twice"]
    func walk(_ value: Any) {
      if let object = value as? [String: Any] {
        if let target = object["reference"] as? String, !names.contains(target) {
          found.append("\(target): leads nowhere")
        }
        object.values.forEach(walk)
      } else if let list = value as? [Any] {
        list.forEach(walk)
      }
    }
    walk(entries)
    return found
  }
}
