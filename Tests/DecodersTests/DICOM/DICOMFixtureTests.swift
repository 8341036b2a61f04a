import Decoders
import Foundation
import Testing

/// Small objects of every transfer syntax and photometric family, with values from numpy, Pillow and pydicom.
@Suite struct DICOMFixtureTests {
  @Test func fixturesAreThere() {
    #expect(DICOMFixture.readable.count > 90)
    #expect(DICOMFixture.refused.count > 10)
  }

  @Test(arguments: DICOMFixture.readable)
  func storedValues(name: String) throws {
    let fixture = try #require(DICOMFixture.all[name])
    let (header, frames) = try decodeAll(DICOMFixture.path(name), DecodeOptions(stored: true))
    let dtype = try #require(fixture.dtype)
    #expect(frames.allSatisfy { $0.raster.samples.dtype == dtype })
    #expect(header.kind == (frames.count > 1 ? .clip : .image))
    #expect(header.frameCount == frames.count)
    let first = try #require(frames.first).raster.shape
    #expect((frames.count > 1 ? [frames.count] + first : first) == fixture.shape)
    let difference = distance(
      frames.flatMap(\.raster.samples.numbers), numbers(dtype, try #require(fixture.stored)))
    #expect(difference <= fixture.tolerance ?? 0)
    if let times = fixture.times {
      #expect(distance(frames.compactMap(\.time), times) < 1e-9)
    } else {
      #expect(frames.allSatisfy { $0.time == nil })
    }
  }

  @Test(arguments: DICOMFixture.readable.filter { DICOMFixture.all[$0]?.shownShape != nil })
  func shownPicture(name: String) throws {
    let fixture = try #require(DICOMFixture.all[name])
    let frames = try decodeAll(DICOMFixture.path(name)).1
    #expect(frames.allSatisfy { $0.raster.samples.dtype == "uint8" })
    let first = try #require(frames.first).raster.shape
    #expect((frames.count > 1 ? [frames.count] + first : first) == fixture.shownShape)
    let wanted = try #require(fixture.shown ?? fixture.stored)
    let difference = distance(frames.flatMap(\.raster.samples.numbers), numbers("uint8", wanted))
    #expect(difference <= fixture.shownTolerance ?? 0)
  }

  @Test(arguments: DICOMFixture.readable.filter { DICOMFixture.all[$0]?.metadata != nil })
  func metadata(name: String) throws {
    let fixture = try #require(DICOMFixture.all[name])
    let metadata = try DICOMDecoder(path: DICOMFixture.path(name), options: DecodeOptions()).header.metadata
    for (key, value) in fixture.metadata ?? [:] {
      #expect(DICOMFixture.Value(metadata[key]) == value, "\(key)")
    }
  }

  @Test(arguments: DICOMFixture.readable)
  func patientStaysInside(name: String) throws {
    let path = DICOMFixture.path(name)
    let header = try DICOMDecoder(path: path, options: DecodeOptions()).header
    let patient = DICOMFixture.all[name]?.patient ?? ["patientID": "PID-4711", "patientName": "Doe^Jane"]
    for (key, value) in patient {
      #expect(header.metadata[key] == nil)
      #expect(!"\(header)".contains(value))
    }
    var options = DecodeOptions()
    options.identified = true
    let identified = try DICOMDecoder(path: path, options: options).header.metadata
    for (key, value) in patient { #expect(identified[key] == .string(value)) }
  }

  @Test(arguments: DICOMFixture.refused)
  func refusal(name: String) throws {
    let code = try #require(DICOMFixture.all[name]?.code)
    do {
      let frames = try decodeAll(DICOMFixture.path(name), DecodeOptions(stored: true)).1
      Issue.record("decoded \(frames.count) frames")
    } catch let error as DecodingError {
      #expect(error.code.rawValue == code, "\(error)")
      #expect(error.file == DICOMFixture.path(name))
      #expect(error.reason.hasSuffix(".") && error.remedy.hasSuffix("."))
    }
  }

  @Test func objectsWithoutPictureNameTheirClass() {
    for (name, text) in [
      ("no-picture-sr.dcm", "Basic Text SR Storage"), ("no-picture-dicomdir.dcm", "DICOMDIR"),
    ] {
      let error = #expect(throws: DecodingError.self) {
        try DICOMDecoder(path: DICOMFixture.path(name), options: DecodeOptions())
      }
      #expect(error?.reason.contains(text) == true)
    }
  }

  @Test(arguments: DICOMFixture.readable.filter { DICOMFixture.all[$0]?.reduced != nil })
  func reducedScale(name: String) throws {
    let reduced = try #require(DICOMFixture.all[name]?.reduced)
    let options = DecodeOptions(stored: true, enoughSide: reduced.side)
    let (header, frames) = try decodeAll(DICOMFixture.path(name), options)
    #expect([header.height, header.width] == reduced.shape)
    let frame = try #require(frames.first)
    #expect(frame.raster.shape == reduced.shape)
    #expect(distance(frame.raster.samples.numbers, numbers("uint8", reduced.stored)) <= reduced.tolerance)
    // One more than the scale gives: the next larger one is taken.
    let larger = try DICOMDecoder(
      path: DICOMFixture.path(name), options: DecodeOptions(stored: true, enoughSide: reduced.side + 1)
    ).header
    #expect(larger.height > reduced.shape[0])
  }

  @Test(arguments: [(1, [2]), (2, [1, 3]), (4, [0, 1, 2, 3]), (8, [0, 0, 1, 1, 2, 2, 3, 3])])
  func evenlySpacedFrames(count: Int, indices: [Int]) throws {
    let frames = try decodeAll(DICOMFixture.path("clip.dcm"), DecodeOptions(frames: count)).1
    #expect(frames.map(\.index) == indices)
    #expect(frames.map(\.time) == indices.map { Double($0) * 0.04 })
  }

  @Test func framesOfUnevenLengthAreTakenByTime() throws {
    // Starts at 0, 10, 20 and 100 ms; the last is taken to last as long as the mean: 133.3 ms in all.
    let frames = try decodeAll(DICOMFixture.path("clip-vector.dcm"), DecodeOptions(frames: 4)).1
    #expect(frames.map(\.index) == [1, 2, 2, 3])
  }

  @Test func picturesAboveTheLimitAreRefused() {
    var options = DecodeOptions()
    options.maximumPixels = 16 * 12 - 1
    let error = #expect(throws: DecodingError.self) {
      try DICOMDecoder(path: DICOMFixture.path("grey8-explicit.dcm"), options: options)
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func missingFilesAndFoldersAreRefused() {
    for (path, code) in [
      (DICOMFixture.path("no such file.dcm"), DecodingError.Code.notFound),
      (DICOMFixture.folder.path, .unsupported),
      ("/dev/zero", .unsupported),
    ] {
      let error = #expect(throws: DecodingError.self) {
        try DICOMDecoder(path: path, options: DecodeOptions())
      }
      #expect(error?.code == code)
    }
  }

  @Test func stopsWhenCancelled() async {
    let task = Task {
      var decoder = try DICOMDecoder(path: DICOMFixture.path("clip.dcm"), options: DecodeOptions())
      while !Task.isCancelled { await Task.yield() }
      return try decoder.next()
    }
    task.cancel()
    let error = await #expect(throws: DecodingError.self) { _ = try await task.value }
    #expect(error?.code == .cancelled)
  }
}
