import Foundation

/// When a patient was seen, told without saying who it is: enough to find the earlier studies of the same patient among
/// others that were read in the same run.
public struct PatientVisit: Sendable, Hashable {
  /// A number that stands for the patient's id, name and birth date in this process alone.
  public var patient: Int
  /// `YYYYMMDD`, and `HHMMSS` where known.
  public var date: String, time: String

  /// - Parameters:
  ///   - patient: equal for studies of the same patient.
  ///   - date: `YYYYMMDD`.
  ///   - time: `HHMMSS`; empty where not known.
  public init(patient: Int, date: String, time: String = "") {
    (self.patient, self.date, self.time) = (patient, date, time)
  }

  /// Nil where the header has no date, or an id that is none: after many ways to take identity away all patients are
  /// called the same.
  init?(_ file: DICOMFile) {
    guard let id = file.text(DICOMTag.patientID), let date = file.text(DICOMTag.studyDate),
      date.count == 8, !Self.isPlaceholder(id)
    else { return nil }
    var hasher = Hasher()
    for tag in [DICOMTag.patientIssuer, DICOMTag.patientName, DICOMTag.patientBirthDate] {
      hasher.combine((file.text(tag) ?? "").lowercased())
    }
    hasher.combine(id)
    let time = (file.text(DICOMTag.studyTime) ?? "").prefix { $0.isNumber }
    self.init(patient: hasher.finalize(), date: date, time: String(time.prefix(6)))
  }

  /// Whether the other study was made before this one.
  public func follows(_ other: PatientVisit) -> Bool {
    patient == other.patient && (other.date, other.time) < (date, time)
      && (other.date != date || !time.isEmpty && !other.time.isEmpty)
  }

  /// Days since another visit; nil where a date is none.
  public func days(since other: PatientVisit) -> Int? {
    func day(_ text: String) -> Date? {
      guard let year = Int(text.prefix(4)), let month = Int(text.dropFirst(4).prefix(2)),
        let day = Int(text.suffix(2))
      else { return nil }
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      return calendar.date(from: DateComponents(year: year, month: month, day: day))
    }
    guard let first = day(other.date), let last = day(date) else { return nil }
    return Int((last.timeIntervalSince(first) / 86_400).rounded())
  }

  private static func isPlaceholder(_ id: String) -> Bool {
    let plain = id.lowercased().filter { $0.isLetter || $0.isNumber }
    let words = ["anon", "unknown", "none", "deident", "removed", "patient", "test", "xxx"]
    return plain.isEmpty || plain.allSatisfy { $0 == "0" }
      || words.contains { plain.hasPrefix($0) && plain.count < 16 && !plain.contains(where: \.isNumber) }
  }
}
