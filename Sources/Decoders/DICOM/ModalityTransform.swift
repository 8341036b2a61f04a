/// Stored values to values with a meaning, such as Hounsfield units (PS3.3 C.11.1, C.7.6.16.2.9).
enum ModalityTransform: Equatable {
  case linear(slope: Double, intercept: Double)
  case table(LookupTable)

  init(_ file: DICOMFile, _ picture: DICOMPicture, frame: Int) {
    if let table = file.table(
      in: DICOMTag.modalityTables, descriptor: DICOMTag.tableDescriptor, data: DICOMTag.tableData,
      isSigned: picture.isSigned)
    {
      self = .table(table)
      return
    }
    let group = DICOMTag.pixelTransformation
    var slope = file.number(DICOMTag.rescaleSlope, group: group, frame: frame) ?? 1
    if let dose = file.number(DICOMTag.doseGridScaling) { slope = dose }
    let intercept = file.number(DICOMTag.rescaleIntercept, group: group, frame: frame) ?? 0
    self = .linear(slope: slope == 0 ? 1 : slope, intercept: intercept)
  }

  func apply(_ value: Double) -> Double {
    switch self {
    case .linear(let slope, let intercept): value * slope + intercept
    case .table(let table): Double(table[Int(exactly: value.rounded()) ?? 0])
    }
  }

  var isIdentity: Bool { self == .linear(slope: 1, intercept: 0) }
}
