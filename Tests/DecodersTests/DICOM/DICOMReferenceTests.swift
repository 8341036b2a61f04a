import Decoders
import Foundation
import Testing

/// The sample files of pydicom, held against what pydicom 3.0.2 with Pillow makes of them. Skipped without the
/// shared data sets (`$BRAID_SHARED` or `../shared`).
@Suite(.enabled(if: TestData.hasPydicom, "needs data/medical/dicom_pydicom of the shared data sets"))
struct DICOMReferenceTests {
  static let table =
    TestData.hasPydicom ? (try? readTable(TestData.pydicom.appending(path: "expected.csv"))) ?? [] : []

  static func path(_ row: [String: String]) -> String {
    TestData.pydicom.appending(path: "files").appending(path: row["file"] ?? "").path
  }

  static func isLossy(_ row: [String: String]) -> Bool {
    ["4.50", "4.51", "4.81", "4.91"].contains { row["transfer_syntax"] == "1.2.840.10008.1.2.\($0)" }
  }

  /// The differences from the reference; empty where the stored values agree.
  static func differences(_ row: [String: String]) -> [String] {
    let frames: [Frame]
    do {
      frames = try decodeAll(path(row), DecodeOptions(stored: true)).1
    } catch { return ["refused: \(error)"] }
    var wrong: [String] = []
    var shape = frames[0].raster.shape
    if frames.count > 1 { shape.insert(frames.count, at: 0) }
    let shapeText = shape.map(String.init).joined(separator: "x")
    if shapeText != row["array_shape"] { wrong.append("shape \(shapeText)") }
    let dtype = frames[0].raster.samples.dtype
    if dtype != row["array_dtype"] { wrong.append("dtype \(dtype)") }
    if isLossy(row) {
      let values = frames.flatMap(\.raster.samples.numbers)
      guard let low = values.min(), let high = values.max(), let wantLow = Double(row["min"] ?? ""),
        let wantHigh = Double(row["max"] ?? ""), let wantMean = Double(row["mean"] ?? "")
      else { return wrong + ["no values"] }
      let mean = values.reduce(0, +) / Double(values.count)
      let tolerance = max(1, 0.01 * (wantHigh - wantLow))
      for (name, got, want) in [("min", low, wantLow), ("max", high, wantHigh), ("mean", mean, wantMean)]
      where abs(got - want) > tolerance {
        wrong.append("\(name) \(got) for \(want)")
      }
    } else if sha256(frames.flatMap(\.raster.samples.littleEndianBytes)) != row["array_sha256_le"] {
      wrong.append("values differ")
    }
    return wrong
  }

  @Test func storedValuesAgreeWithTheReference() {
    let rows = Self.table.filter { $0["pixels"] == "ok" }
    #expect(rows.count >= 50)
    let wrong = rows.compactMap { row in
      let differences = Self.differences(row)
      return differences.isEmpty ? nil : "\(row["file"] ?? ""): \(differences.joined(separator: ", "))"
    }
    #expect(
      Double(rows.count - wrong.count) >= 0.97 * Double(rows.count),
      "\(wrong.count) of \(rows.count) differ:\n\(wrong.joined(separator: "\n"))")
    if !wrong.isEmpty { print("differs from the reference:", wrong) }
  }

  @Test(arguments: table.filter { $0["pixels"] == "ok" })
  func isShownInEightBits(row: [String: String]) throws {
    let (header, frames) = try decodeAll(Self.path(row))
    #expect(frames.count == header.frameCount)
    let isColor = (row["samples"] ?? "") == "3" || row["photometric"] == "PALETTE COLOR"
    for frame in frames {
      #expect(frame.raster.shape == [header.height, header.width] + (isColor ? [3] : []))
      guard case .uint8(let shades) = frame.raster.samples else {
        Issue.record("not shown in uint8")
        continue
      }
      #expect(Set(shades).count > 1, "nothing can be seen")
    }
  }
}
