/// What a DICOM header says of a picture, without the patient.
enum DICOMMetadata {
  /// SOP class of a DICOMDIR, Media Storage Directory Storage.
  static let directoryClass = "1.2.840.10008.1.3.10"

  /// Everything that is shown of a header; `picture` is nil for objects that hold none.
  static func read(_ file: DICOMFile, _ picture: DICOMPicture?, identified: Bool) -> Metadata {
    var metadata = Metadata()
    func text(_ key: String, _ tags: UInt32...) {
      metadata[key] = tags.lazy.compactMap { file.text($0) }.first.map { .string($0) }
    }
    func number(_ key: String, _ tag: UInt32, group: UInt32 = 0) {
      metadata[key] = file.number(tag, group: group).map { .number($0) }
    }
    func integer(_ key: String, _ tag: UInt32) { metadata[key] = file.integer(tag).map { .integer($0) } }

    text("modality", DICOMTag.modality)
    let sopClass = file.sopClass
    if !sopClass.isEmpty {
      metadata["sopClass"] = .string(sopClass)
      metadata["sopClassName"] = DICOMFile.name(ofUID: sopClass).map { .string(spaced($0)) }
    }
    let kinds = (0..<16).lazy.map { file.text(DICOMTag.imageType, $0) }.prefix { $0 != nil }.compactMap { $0 }
    if !kinds.isEmpty { metadata["imageType"] = .list(kinds.map { .string($0) }) }
    text("studyInstanceUID", DICOMTag.studyInstanceUID)
    text("seriesInstanceUID", DICOMTag.seriesInstanceUID)
    text("sopInstanceUID", DICOMTag.sopInstanceUID)
    integer("seriesNumber", DICOMTag.seriesNumber)
    integer("instanceNumber", DICOMTag.instanceNumber)
    text("studyDate", DICOMTag.studyDate)
    text("view", DICOMTag.viewPosition)
    text("laterality", DICOMTag.imageLaterality, DICOMTag.laterality)
    text("bodyPart", DICOMTag.bodyPart)
    let spacing = spacing(file)
    if !spacing.isEmpty { metadata["pixelSpacing"] = .list(spacing.map { .number($0) }) }
    if let picture {
      metadata["rows"] = .integer(picture.rows)
      metadata["columns"] = .integer(picture.columns)
      metadata["frames"] = .integer(picture.frames)
      if let time = FrameSchedule.frameTime(file) { metadata["frameTime"] = .number(time) }
      text("photometric", DICOMTag.photometric)
      metadata["bitsStored"] = .integer(picture.bitsStored)
    }
    metadata["transferSyntax"] = .string(file.transferSyntax)
    metadata["transferSyntaxName"] = DICOMFile.name(ofUID: file.transferSyntax).map { .string(spaced($0)) }
    number("windowCenter", DICOMTag.windowCenter, group: DICOMTag.frameVOI)
    number("windowWidth", DICOMTag.windowWidth, group: DICOMTag.frameVOI)
    if let burned = file.text(DICOMTag.burnedIn) { metadata["burnedInAnnotation"] = .bool(burned == "YES") }
    // Their contents stay inside; that they are there is what must be known before a file is passed on.
    let hidden = file.privateElements, overlays = file.overlays
    if hidden > 0 { metadata["privateElements"] = .integer(hidden) }
    if overlays > 0 { metadata["overlays"] = .integer(overlays) }
    if let lossy = file.text(DICOMTag.lossy) { metadata["lossy"] = .bool(lossy == "01") }
    text("manufacturer", DICOMTag.manufacturer)
    text("model", DICOMTag.model)
    text("patientPosition", DICOMTag.patientPosition)
    text("contrastAgent", DICOMTag.contrastAgent)
    number("kvp", DICOMTag.kvp)
    number("tubeCurrent", DICOMTag.tubeCurrent)
    number("exposure", DICOMTag.exposure)
    number("sliceThickness", DICOMTag.sliceThickness, group: DICOMTag.pixelMeasures)
    number("magneticFieldStrength", DICOMTag.magneticFieldStrength)
    number("repetitionTime", DICOMTag.repetitionTime)
    number("echoTime", DICOMTag.echoTime)
    if identified {
      // Empty components and representations at the end say nothing.
      metadata["patientName"] = file.text(DICOMTag.patientName).map { name in
        .string(String(name.reversed().drop { "=^".contains($0) }.reversed()))
      }
      text("patientID", DICOMTag.patientID)
      text("patientBirthDate", DICOMTag.patientBirthDate)
      text("patientSex", DICOMTag.patientSex)
      text("accessionNumber", DICOMTag.accession)
    }
    return metadata
  }

  /// Row and column spacing in mm: in the patient, else at the detector, else as scanned from paper or film.
  private static func spacing(_ file: DICOMFile) -> [Double] {
    let patient = file.numbers(DICOMTag.pixelSpacing, group: DICOMTag.pixelMeasures, maximum: 2)
    if patient.count == 2 { return patient }
    let imager = file.numbers(DICOMTag.imagerPixelSpacing, maximum: 2)
    if imager.count == 2 { return imager }
    let nominal = file.numbers(DICOMTag.nominalPixelSpacing, maximum: 2)
    return nominal.count == 2 ? nominal : []
  }

  /// `CTImageStorage` as `CT Image Storage`; names that have spaces stay as they are.
  static func spaced(_ name: String) -> String {
    guard !name.contains(" ") else { return name }
    var words = ""
    let letters = Array(name)
    for (i, letter) in letters.enumerated() {
      let startsWord =
        i > 0 && letter.isUppercase
        && (letters[i - 1].isLowercase || (i + 1 < letters.count && letters[i + 1].isLowercase))
      words += startsWord ? " \(letter)" : String(letter)
    }
    return words
  }
}
