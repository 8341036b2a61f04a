/// Attributes that are read, as 0xGGGGEEEE (PS3.6).
enum DICOMTag {
  static let studyDate: UInt32 = 0x0008_0020
  static let imageType: UInt32 = 0x0008_0008
  static let studyTime: UInt32 = 0x0008_0030
  static let accession: UInt32 = 0x0008_0050
  static let modality: UInt32 = 0x0008_0060
  static let manufacturer: UInt32 = 0x0008_0070
  static let model: UInt32 = 0x0008_1090
  static let sopInstanceUID: UInt32 = 0x0008_0018
  static let recommendedDisplayFrameRate: UInt32 = 0x0008_2144

  static let patientName: UInt32 = 0x0010_0010
  static let patientID: UInt32 = 0x0010_0020
  static let patientIssuer: UInt32 = 0x0010_0021
  static let patientBirthDate: UInt32 = 0x0010_0030
  static let patientSex: UInt32 = 0x0010_0040

  static let contrastAgent: UInt32 = 0x0018_0010
  static let bodyPart: UInt32 = 0x0018_0015
  static let cineRate: UInt32 = 0x0018_0040
  static let sliceThickness: UInt32 = 0x0018_0050
  static let kvp: UInt32 = 0x0018_0060
  static let repetitionTime: UInt32 = 0x0018_0080
  static let echoTime: UInt32 = 0x0018_0081
  static let magneticFieldStrength: UInt32 = 0x0018_0087
  static let frameTime: UInt32 = 0x0018_1063
  static let frameTimeVector: UInt32 = 0x0018_1065
  static let tubeCurrent: UInt32 = 0x0018_1151
  static let exposure: UInt32 = 0x0018_1152
  static let imagerPixelSpacing: UInt32 = 0x0018_1164
  static let nominalPixelSpacing: UInt32 = 0x0018_2010
  static let patientPosition: UInt32 = 0x0018_5100
  static let viewPosition: UInt32 = 0x0018_5101

  static let studyInstanceUID: UInt32 = 0x0020_000D
  static let seriesInstanceUID: UInt32 = 0x0020_000E
  static let seriesNumber: UInt32 = 0x0020_0011
  static let instanceNumber: UInt32 = 0x0020_0013
  static let laterality: UInt32 = 0x0020_0060
  static let imageLaterality: UInt32 = 0x0020_0062

  static let photometric: UInt32 = 0x0028_0004
  static let pixelSpacing: UInt32 = 0x0028_0030
  static let paddingValue: UInt32 = 0x0028_0120
  static let paddingLimit: UInt32 = 0x0028_0121
  static let burnedIn: UInt32 = 0x0028_0301
  static let windowCenter: UInt32 = 0x0028_1050
  static let windowWidth: UInt32 = 0x0028_1051
  static let rescaleIntercept: UInt32 = 0x0028_1052
  static let rescaleSlope: UInt32 = 0x0028_1053
  static let voiFunction: UInt32 = 0x0028_1056
  static let paletteDescriptors: [UInt32] = [0x0028_1101, 0x0028_1102, 0x0028_1103]
  static let palettes: [UInt32] = [0x0028_1201, 0x0028_1202, 0x0028_1203]
  static let segmentedPalettes: [UInt32] = [0x0028_1221, 0x0028_1222, 0x0028_1223]
  static let modalityTables: UInt32 = 0x0028_3000
  static let tableDescriptor: UInt32 = 0x0028_3002
  static let tableData: UInt32 = 0x0028_3006
  static let voiTables: UInt32 = 0x0028_3010
  static let lossy: UInt32 = 0x0028_2110

  // Functional group macros of enhanced multi-frame objects (PS3.3 C.7.6.16).
  static let pixelMeasures: UInt32 = 0x0028_9110
  static let frameVOI: UInt32 = 0x0028_9132
  static let pixelTransformation: UInt32 = 0x0028_9145

  static let presentationShape: UInt32 = 0x2050_0020
  static let doseGridScaling: UInt32 = 0x3004_000E
}
