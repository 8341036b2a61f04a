import Decoders
import Foundation
import Testing

@Suite struct PictureFixtureTests {
  @Test func fixturesAreThere() { #expect(PictureFixtures.pictures.count == 150) }

  @Test(arguments: PictureFixtures.pictures.filter { $0.error == nil })
  func readsAsExpected(_ picture: PictureFixtures.Picture) throws {
    for (stored, expected) in [(false, picture.shown), (true, picture.stored)] {
      let expected = try #require(expected?.raster)
      let (header, raster) = try Pictures.decode(picture.path, DecodeOptions(stored: stored))
      #expect(raster.shape == expected.shape)
      #expect(raster.samples.dtype == expected.samples.dtype)
      #expect(Pictures.largestDifference(raster, expected) <= picture.tolerance, "stored: \(stored)")
      #expect([header.height, header.width] == Array(expected.shape.prefix(2)))
      #expect(header.kind == .image && header.frameCount == 1)
    }
  }

  @Test(arguments: PictureFixtures.pictures.filter { $0.error != nil })
  func refuses(_ picture: PictureFixtures.Picture) throws {
    for stored in [false, true] {
      let error = #expect(throws: DecodingError.self) {
        _ = try Pictures.decode(picture.path, DecodeOptions(stored: stored))
      }
      let refusal = try #require(error)
      #expect(refusal.code.rawValue == picture.error)
      #expect(refusal.file == picture.path)
      guard case .byte(let offset) = refusal.place else {
        Issue.record("The place is \(refusal.place), no byte.")
        continue
      }
      #expect((0...(try Data(contentsOf: URL(fileURLWithPath: picture.path)).count)).contains(offset))
      #expect(refusal.reason.hasSuffix(".") && refusal.remedy.hasSuffix("."))
    }
  }

  @Test func pixelLimitHoldsForBothFormats() throws {
    var options = DecodeOptions()
    options.maximumPixels = 13 * 9
    let png = PictureFixtures.folder.appendingPathComponent("rgb8.png").path
    #expect(try Pictures.decode(png, options).1.shape == [9, 13, 3])
    options.maximumPixels -= 1
    for file in ["rgb8.png", "444.jpg", "lossless-12.jpg"] {
      let path = PictureFixtures.folder.appendingPathComponent(file).path
      #expect(throws: DecodingError.self) { _ = try Pictures.decode(path, options) }
      do { _ = try Pictures.decode(path, options) } catch { #expect(error.code == .tooLarge) }
    }
  }

  @Test(arguments: ["444.jpg", "420.jpg", "cmyk.jpg", "grey.jpg", "orientation5.jpg"], 1...20)
  func decodesAtTheSmallestScaleThatIsEnough(file: String, enough: Int) throws {
    let path = PictureFixtures.folder.appendingPathComponent(file).path
    let full = try Pictures.decode(path).1
    let (header, raster) = try Pictures.decode(path, DecodeOptions(enoughSide: enough))
    // 17 x 27 pixels at 1/8, 2/8, 4/8 or whole, rounded up.
    let scale = [1, 2, 4, 8].first { (17 * $0 + 7) / 8 >= enough } ?? 8
    #expect(raster.shape.prefix(2).sorted() == [(17 * scale + 7) / 8, (27 * scale + 7) / 8])
    #expect(Array(raster.shape.prefix(2)) == [header.height, header.width])
    let distance = try difference(raster, full, scale: scale)
    #expect(distance < 9)
    #expect(
      try Pictures.decode(path, DecodeOptions(stored: true, enoughSide: enough)).1.shape.prefix(2) == [
        17, 27,
      ])
  }

  /// Mean distance of the pixels of the small picture from the means of the parts of the full one that they show,
  /// at a scale of eighths; parts that reach over the border are left out.
  private func difference(_ small: Raster, _ full: Raster, scale: Int) throws -> Double {
    guard case .uint8(let few) = small.samples, case .uint8(let many) = full.samples else { return .nan }
    let channels = small.shape.dropFirst(2).first ?? 1
    let (height, width) = (full.shape[0], full.shape[1])
    var (sum, count) = (0.0, 0)
    for y in 0..<height * scale / 8 {
      for x in 0..<width * scale / 8 {
        let rows = y * 8 / scale..<(y * 8 + 8 + scale - 1) / scale
        let columns = x * 8 / scale..<(x * 8 + 8 + scale - 1) / scale
        for c in 0..<channels {
          let part = rows.flatMap { row in columns.map { Int(many[(row * width + $0) * channels + c]) } }
          let mean = Double(part.reduce(0, +)) / Double(part.count)
          sum += abs(Double(few[(y * small.shape[1] + x) * channels + c]) - mean)
          count += 1
        }
      }
    }
    return sum / Double(count)
  }

  @Test(arguments: ["rgb8.png", "rgb16-interlaced.png", "progressive.jpg", "lossless-12.jpg", "420.jpg"])
  func stopsWhenCancelled(file: String) async throws {
    let path = PictureFixtures.folder.appendingPathComponent(file).path
    let task = Task { () -> DecodingError.Code? in
      withUnsafeCurrentTask { $0?.cancel() }
      do throws(DecodingError) { _ = try Pictures.decode(path) } catch { return error.code }
      return nil
    }
    let code = await task.value
    #expect(code == .cancelled)
  }

  @Test func readsFromMemory() throws {
    let path = PictureFixtures.folder.appendingPathComponent("420.jpg").path
    var decoder = try JPEGDecoder(
      bytes: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))), name: "frame 3")
    #expect(try decoder.next()?.raster == Pictures.decode(path).1)
    do { _ = try JPEGDecoder(bytes: [0xFF], name: "frame 3") } catch {
      #expect(error.file == "frame 3" && error.code == .truncated)
    }
  }

  @Test func metadataSaysWhatTheFileIs() throws {
    func metadata(_ file: String) throws -> Metadata {
      try Pictures.decode(PictureFixtures.folder.appendingPathComponent(file).path).0.metadata
    }
    let png = try metadata("palette4-interlaced-trns.png")
    #expect(
      png["bitDepth"] == .integer(4) && png["colour"] == .string("palette")
        && png["interlaced"] == .bool(true))
    #expect(png["paletteColours"] == .integer(16) && png["transparency"] == .bool(true))
    #expect(try metadata("gamma-not-applied.png")["gamma"] == .number(0.22))
    #expect(try metadata("orientation7.png")["orientation"] == .integer(7))
    let jpeg = try metadata("420.jpg")
    #expect(jpeg["coding"] == .string("baseline") && jpeg["colour"] == .string("YCbCr"))
    #expect(jpeg["sampling"] == .string("2x2,1x1,1x1"))
    #expect(try metadata("rgb.jpg")["colour"] == .string("RGB"))
    #expect(try metadata("lossless-12.jpg")["bitDepth"] == .integer(12))
  }
}
