import OrderedCollections

/// One file of a study.
public struct StudyInput: Sendable, Equatable {
  /// The path as it was reached from the folder given.
  public var path: String
  /// By content, whatever the name.
  public var format: ScanFormat
  /// A picture, or a clip (a video, or a DICOM object of several frames).
  public var kind: ScanKind
  /// What a DICOM header says (`DICOMDecoder`), without the patient unless that was asked for; empty for others.
  public var metadata: Metadata
  /// Whose it is and when it was made; nil where a header does not tell whose.
  public var visit: PatientVisit?

  /// An input; without metadata for formats that carry none.
  public init(
    path: String, format: ScanFormat, kind: ScanKind, metadata: Metadata = [:], visit: PatientVisit? = nil
  ) {
    (self.path, self.format, self.kind, self.metadata) = (path, format, kind, metadata)
    self.visit = visit
  }
}

/// The scans that one report is about: all DICOM files of one StudyInstanceUID, or all images and clips of one
/// folder that has no DICOM.
public struct Study: Sendable, Equatable {
  /// Safe as the name of a folder and unique in its walk, in letter case and in composed or decomposed letters
  /// too. Never made from the patient's attributes.
  public var name: String
  /// The deepest folder that holds all inputs.
  public var root: String
  /// DICOM by series and instance, others by name; numbers count as numbers.
  public var inputs: [StudyInput]

  /// A study of inputs that are already in order.
  public init(name: String, root: String, inputs: [StudyInput]) {
    (self.name, self.root, self.inputs) = (name, root, inputs)
  }
}

/// What was found in a scan folder; the same folder gives the same walk.
public struct ScanWalk: Sendable, Equatable {
  /// In the natural order of their first files' paths.
  public var studies: [Study] = []
  /// Scans that cannot be read, and folders that cannot be opened: why, and what to do.
  public var unreadable: [DecodingError] = []
  /// Paths of what is no scan or belongs to no study: text, tables, reports, indexes, hidden and repeated files,
  /// and pictures that lie beside DICOM.
  public var passedOver: [String] = []

  /// Nothing found.
  public init() {}
}
