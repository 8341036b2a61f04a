import Decoders
import Foundation
import Testing

/// Patient names in the character sets of pydicom's samples, as pydicom 3.0.2 reads them
/// (`str(dcmread(path).PatientName)` after `decode()`). Skipped without the shared data sets.
@Suite(.enabled(if: TestData.hasPydicom, "needs data/medical/dicom_pydicom of the shared data sets"))
struct DICOMCharacterSetTests {
  @Test(arguments: [
    ("chrArab.dcm", "قباني^لنزار"),
    ("chrFren.dcm", "Buc^Jérôme"),
    ("chrFrenMulti.dcm", "Buc^Jérôme"),
    ("chrGerm.dcm", "Äneas^Rüdiger"),
    ("chrGreek.dcm", "Διονυσιος"),
    ("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
    ("chrHbrw.dcm", "שרון^דבורה"),
    ("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"),
    ("chrRuss.dcm", "Люкceмбypг"),
    ("chrX1.dcm", "Wang^XiaoDong=王^小東"),
    ("chrX2.dcm", "Wang^XiaoDong=王^小东"),
  ])
  func patientName(file: String, name: String) throws {
    var options = DecodeOptions()
    options.identified = true
    let path = TestData.pydicom.appending(path: "charset_files/\(file)").path
    let header = try DICOMDecoder(path: path, options: options).header
    #expect(header.metadata["patientName"] == .string(name))
  }
}
