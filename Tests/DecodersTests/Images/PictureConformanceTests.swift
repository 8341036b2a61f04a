import Decoders
import Foundation
import Testing

/// PngSuite and JPEG conformance files, against what Pillow 13 decodes. Needs the shared data, see `Pictures`.
@Suite(.enabled(if: Pictures.sharedFolder != nil, "the shared data are not here (set BRAID_SHARED)"))
struct PictureConformanceTests {
  /// A row of `expected.csv`.
  struct Row {
    var file: String
    var url: URL
    var orientation: Int
    var decodes: Bool
    var pixels: String
    var mean: Double
    var hash: String
  }

  private func rows(_ folder: String) throws -> [Row] {
    let base = try #require(Pictures.sharedFolder).appendingPathComponent("data/medical/\(folder)")
    let text = try String(contentsOf: base.appendingPathComponent("expected.csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let names = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    return try lines.dropFirst().map { line in
      // Commas stand in quotes in one column only, that of the refusals.
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      func cell(_ name: String) throws -> String {
        String(cells[try #require(names.firstIndex { $0 == name })])
      }
      let file = try cell("file")
      return Row(
        file: file, url: base.appendingPathComponent(file), orientation: Int(try cell("orientation")) ?? 1,
        decodes: try cell("decode") == "ok", pixels: try cell("pixels"),
        mean: Double(try cell("mean")) ?? .nan,
        hash: try cell("pixels_sha256"))
    }
  }

  @Test func pngIsTheSameAsTheReference() throws {
    let opinions: Set = [
      // A broken chunk that does not touch the pixels: Pillow refuses, other decoders do not.
      "extra/cicp_pq.png", "extra/issue#430.png",
      // Image data that do not match their check sum: Pillow does not look.
      "pngsuite/xcsn0g01.png", "extra/x_interlaced_chck.png",
      // The transparent grey is 15 of 15; Pillow looks for 15 among the values spread to 255.
      "pngsuite/tbbn0g04.png",
    ]
    let rows = try rows("pngsuite").filter { $0.file.hasSuffix(".png") && !opinions.contains($0.file) }
    #expect(rows.count == 191)
    for row in rows {
      do throws(DecodingError) {
        let raster = try Pictures.decodeByContent(row.url.path, DecodeOptions(stored: row.orientation > 1)).1
        #expect(row.decodes, "\(row.file) is read but must be refused")
        let bytes = row.pixels == "I;16" ? Pictures.greyBytes(raster) : Pictures.rgba(raster)
        #expect(Pictures.sha256(bytes) == row.hash, "\(row.file) differs")
      } catch {
        #expect(!row.decodes, "\(error)")
      }
    }
  }

  @Test func jpegHasTheMeanOfTheReference() throws {
    let rows = try rows("jpeg_conformance").filter {
      !$0.file.hasSuffix(".pgm") && !$0.file.hasSuffix(".ppm")
    }
    #expect(rows.count == 155)
    for row in rows {
      // Pillow reads no JPEG of more than 8 bits; their own tests are below.
      let deep = row.file.hasPrefix("lossless/") || row.file == "libjpeg_turbo/monkey12.jpg"
      do throws(DecodingError) {
        let raster = try Pictures.decodeByContent(row.url.path, DecodeOptions(stored: row.orientation > 1)).1
        #expect(row.decodes || deep, "\(row.file) is read but must be refused")
        guard row.decodes else { continue }
        let (got, range) =
          row.pixels == "I;16"
          ? (Pictures.mean(raster), 65535.0) : (Pictures.mean(of: Pictures.rgba(raster)), 255.0)
        #expect(abs(got - row.mean) <= range / 100, "\(row.file): mean \(got) instead of \(row.mean)")
      } catch {
        #expect(!row.decodes, "\(error)")
      }
    }
  }

  @Test func losslessIsTheSameAsItsPicture() throws {
    let rows = try rows("jpeg_conformance").filter {
      $0.file.hasPrefix("lossless/") && $0.file.hasSuffix(".jpg")
    }
    #expect(rows.count == 11)
    for row in rows {
      let other = row.url.deletingPathExtension().appendingPathExtension("png")
      #expect(try Pictures.decode(row.url.path).1 == Pictures.decode(other.path).1, "\(row.file)")
    }
  }

  @Test func twelveBitsAreThoseOfTheirSource() throws {
    let folder = try #require(Pictures.sharedFolder).appendingPathComponent(
      "data/medical/jpeg_conformance/libjpeg_turbo")
    let twelve = try Pictures.decode(folder.appendingPathComponent("monkey12.jpg").path).1
    let source = try Pictures.decode(folder.appendingPathComponent("monkey16.png").path).1
    #expect(twelve.shape == source.shape)
    guard case .uint16(let a) = twelve.samples, case .uint16(let b) = source.samples else {
      Issue.record("not 16 bits")
      return
    }
    let error = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) } / Double(a.count)
    #expect(10 * log10(65535 * 65535 / error) > 30, "PSNR in dB")
  }

  @Test func orientationsLookAlike() throws {
    let folder = try #require(Pictures.sharedFolder).appendingPathComponent(
      "data/medical/jpeg_conformance/exif_orientation")
    var first: [UInt8] = []
    for orientation in 0...8 {
      let path = folder.appendingPathComponent("Landscape_\(orientation).jpg").path
      let (header, raster) = try Pictures.decode(path, DecodeOptions(enoughSide: 300))
      #expect(raster.shape == [300, 450, 3] && header.width == 450 && header.height == 300)
      guard case .uint8(let pixels) = raster.samples else { continue }
      if first.isEmpty { first = pixels }
      let difference = zip(first, pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(difference) / Double(pixels.count) < 4, "orientation \(orientation)")
    }
  }
}
