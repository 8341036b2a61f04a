import Foundation

/// Which values are shown, from black to white (PS3.3 C.11.2).
enum Window: Equatable {
  case linear(center: Double, width: Double)
  case linearExact(center: Double, width: Double)
  case sigmoid(center: Double, width: Double)
  case table(LookupTable)

  /// The window or VOI table that the header states for `frame`; nil without one.
  static func stated(
    _ file: DICOMFile, _ picture: DICOMPicture, _ modality: ModalityTransform, frame: Int
  ) -> Window? {
    let group = DICOMTag.frameVOI
    if let center = file.number(DICOMTag.windowCenter, group: group, frame: frame),
      let width = file.number(DICOMTag.windowWidth, group: group, frame: frame), width > 0
    {
      switch file.text(DICOMTag.voiFunction) {
      case "SIGMOID": return .sigmoid(center: center, width: width)
      case "LINEAR_EXACT": return .linearExact(center: center, width: width)
      // The linear function needs a width of 1 at least; smaller ones come with values that are no integers.
      default:
        return width < 1 ? .linearExact(center: center, width: width) : .linear(center: center, width: width)
      }
    }
    let mayBeNegative =
      switch modality {
      case .linear(_, let intercept): picture.isSigned || intercept < 0
      case .table: false
      }
    return file.table(
      in: DICOMTag.voiTables, descriptor: DICOMTag.tableDescriptor, data: DICOMTag.tableData,
      isSigned: mayBeNegative
    ).map { .table($0) }
  }

  /// 0 (black) to 255 for a value after the modality transformation.
  func shade(_ value: Double, _ inverse: Bool) -> UInt8 {
    let share: Double
    switch self {
    case .linear(let center, let width):
      share = width > 1 ? (value - (center - 0.5)) / (width - 1) + 0.5 : value > center - 0.5 ? 1 : 0
    case .linearExact(let center, let width): share = (value - center) / width + 0.5
    case .sigmoid(let center, let width): share = 1 / (1 + exp(-4 * (value - center) / width))
    case .table(let table):
      share = Double(table[Int(max(-1e9, min(1e9, value.isNaN ? 0 : value)).rounded())]) / Double(table.peak)
    }
    let clamped = share > 0 ? min(share, 1) : 0  // NaN is black
    return UInt8(((inverse ? 1 - clamped : clamped) * 255).rounded())
  }
}
