import Decoders
import Foundation
import Testing

/// A scan folder that a test lays out.
struct Layout {
  let root: URL

  /// The start of a picture is all that the walk looks at.
  static let png: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
  static let mp4: [UInt8] = [0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 64)

  func path(_ name: String) -> String { root.appending(path: name).path }

  func put(_ name: String, _ bytes: some Collection<UInt8>) throws {
    let url = root.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// A fixture, its StudyInstanceUID ending with `study`.
  func putDICOM(_ name: String, _ fixture: String = "grey8-explicit.dcm", study: Int = 1) throws {
    var bytes = try Data(contentsOf: DICOMFixture.folder.appending(path: fixture))
    let uid = Data([0x20, 0, 0x0D, 0] + Array("UI".utf8))
    if let place = bytes.range(of: uid), let end = bytes[place.upperBound...].range(of: Data("54321.1".utf8))
    {
      bytes[end.upperBound - 1] = UInt8(ascii: "0") + UInt8(study)
    }
    try put(name, bytes)
  }

  func walk(identified: Bool = false) throws -> ScanWalk {
    try ScanFolder.studies(in: root.path, identified: identified)
  }

  /// Paths below the root.
  func names(_ paths: [String]) -> [String] { paths.map { String($0.dropFirst(root.path.count + 1)) } }
}

@Suite struct ScanFolderTests {
  func inFolder(_ body: (Layout) throws -> Void) throws {
    try TestData.inTemporaryFolder { try body(Layout(root: $0.resolvingSymlinksInPath())) }
  }

  @Test func imagesAndClipsOfAFolderAreOneStudyInNaturalOrder() throws {
    try inFolder { layout in
      for name in ["a/10.png", "a/2.png", "a/1.PNG", "a/clip.mp4", "b/deep/er/x.png"] {
        try layout.put(name, name.hasSuffix("mp4") ? Layout.mp4 : Layout.png)
      }
      let walk = try layout.walk()
      #expect(walk.studies.map(\.name) == ["a", "er"])
      #expect(
        layout.names(walk.studies[0].inputs.map(\.path)) == ["a/1.PNG", "a/2.png", "a/10.png", "a/clip.mp4"])
      #expect(walk.studies[0].inputs.map(\.kind) == [.image, .image, .image, .clip])
      #expect(walk.studies[0].inputs.map(\.format) == [.png, .png, .png, .video])
      #expect(walk.studies[0].root == layout.path("a"))
      #expect(walk.unreadable.isEmpty && walk.passedOver.isEmpty)
    }
  }

  @Test func dicomIsGroupedByStudyOverFolders() throws {
    try inFolder { layout in
      try layout.putDICOM("disc/series1/1", study: 1)
      try layout.putDICOM("disc/series2/1", "clip.dcm", study: 1)
      try layout.putDICOM("other/1.dcm", study: 2)
      try layout.putDICOM("other/2.dcm", study: 3)
      let walk = try layout.walk()
      // The third and fourth share a folder, so that their names come from modality, date and UID.
      #expect(walk.studies.map(\.inputs.count) == [2, 1, 1])
      #expect(walk.studies[0].name == "disc")
      #expect(
        walk.studies[1].name.hasPrefix("OT-20240229-") && walk.studies[2].name.hasPrefix("OT-20240229-"))
      #expect(walk.studies[1].name != walk.studies[2].name)
      #expect(walk.studies[0].inputs.map(\.kind).sorted { $0.rawValue < $1.rawValue } == [.clip, .image])
      #expect(walk.studies[0].inputs.allSatisfy { $0.metadata["studyInstanceUID"] != nil })
    }
  }

  @Test func dicomIsOrderedByInstance() throws {
    try inFolder { layout in
      // Instance numbers grow in the order in which the fixtures were made: implicit, explicit, big, deflated.
      try layout.putDICOM("ct/a", "grey8-deflated.dcm")
      try layout.putDICOM("ct/b", "grey8-explicit.dcm")
      try layout.putDICOM("ct/c", "grey8-implicit.dcm")
      let studies = try layout.walk().studies
      #expect(studies.map { layout.names($0.inputs.map(\.path)) } == [["ct/c", "ct/b", "ct/a"]])
    }
  }

  @Test func picturesBesideDICOMAndOtherFilesArePassedOver() throws {
    try inFolder { layout in
      try layout.putDICOM("s/1.dcm")
      try layout.put("s/photo.png", Layout.png)
      try layout.putDICOM("s/report.dcm", "no-picture-sr.dcm")
      try layout.putDICOM("DICOMDIR", "no-picture-dicomdir.dcm")
      try layout.put("notes.txt", Array("nothing to see".utf8))
      try layout.put("table.csv", Array("a,b\n1,2\n".utf8))
      try layout.put(".hidden/x.png", Layout.png)
      try layout.put("s/._1.dcm", Layout.png)
      let walk = try layout.walk()
      #expect(walk.studies.map(\.inputs.count) == [1])
      #expect(
        layout.names(walk.passedOver)
          == [".hidden", "DICOMDIR", "notes.txt", "s/._1.dcm", "s/photo.png", "s/report.dcm", "table.csv"])
      #expect(walk.unreadable.isEmpty)
    }
  }

  @Test func brokenScansAreListedWithTheirReason() throws {
    try inFolder { layout in
      try layout.put("ok/1.png", Layout.png)
      try layout.put("ok/2.png", Array("not a picture".utf8))
      try layout.put("ok/3.dcm", [UInt8]())
      try layout.putDICOM("ok/4.dcm", "broken-cut.dcm")
      let walk = try layout.walk()
      #expect(walk.studies.map { layout.names($0.inputs.map(\.path)) } == [["ok/1.png"]])
      #expect(layout.names(walk.unreadable.map(\.file)) == ["ok/2.png", "ok/3.dcm", "ok/4.dcm"])
      #expect(walk.unreadable.map(\.code) == [.unknownFormat, .truncated, .truncated])
    }
  }

  @Test func linksFoldersNamedLikeFilesAndOddNamesDoNoHarm() throws {
    try inFolder { layout in
      try layout.put("scan.png/inner.png", Layout.png)
      try layout.put("胸部 X線/画像 ١.png", Layout.png)
      let files = FileManager.default
      try files.createSymbolicLink(atPath: layout.path("scan.png/up"), withDestinationPath: "..")
      try files.createSymbolicLink(atPath: layout.path("self.dcm"), withDestinationPath: "self.dcm")
      try files.createSymbolicLink(atPath: layout.path("nowhere.png"), withDestinationPath: "gone.png")
      try files.createSymbolicLink(
        atPath: layout.path("zagain.png"), withDestinationPath: "scan.png/inner.png")
      #expect(mkfifo(layout.path("pipe.dcm"), 0o600) == 0)
      try layout.put("x", [UInt8]())
      let walk = try layout.walk()
      #expect(walk.studies.map(\.name).sorted() == ["scan.png", "胸部 X線"].sorted())
      #expect(layout.names(walk.unreadable.map(\.file)) == ["nowhere.png", "self.dcm"])
      #expect(walk.unreadable.allSatisfy { $0.code == .notFound })
      #expect(layout.names(walk.passedOver).sorted() == ["pipe.dcm", "scan.png/up", "x", "zagain.png"])
    }
  }

  @Test func namesThatAreNotUTF8AreListed() throws {
    try inFolder { layout in
      var bytes = Array(layout.root.path.utf8CString.dropLast()) + Array("/caf".utf8CString.dropLast())
      bytes += [CChar(bitPattern: 0xE9), 0]
      let file = open(bytes, O_CREAT | O_WRONLY, 0o600)
      try #require(file >= 0)
      close(file)
      let walk = try layout.walk()
      #expect(walk.unreadable.count == 1)
      #expect(walk.unreadable.first?.reason.contains("UTF-8") == true)
    }
  }

  @Test func namesAreUniqueAndSafe() throws {
    try inFolder { layout in
      for name in [
        "p1/AP/1.png", "p2/AP/1.png", "p2/ap/1.png", "x/index.json/1.png", "dots../1.png", "a:b?/1.png",
      ] {
        try layout.put(name, Layout.png)
      }
      try layout.put(String(repeating: "ä", count: 110) + "/1.png", Layout.png)
      let names = try layout.walk().studies.map(\.name)
      #expect(Set(names.map { $0.lowercased() }).count == 7)
      #expect(Set(names).isSuperset(of: ["p1-AP", "p2-AP", "p2-ap-2", "a_b_", "dots", "index.json-2"]))
      #expect(!names.contains("index.json"))
      #expect(names.allSatisfy { $0.utf8.count <= 255 && !$0.hasPrefix(".") && !$0.contains("/") })
    }
  }

  @Test func patientStaysOutOfNamesAndMetadata() throws {
    try inFolder { layout in
      try layout.putDICOM("Doe_Jane/1.dcm")
      try layout.putDICOM("visit PID-4711/2.dcm", study: 2)
      let walk = try layout.walk()
      #expect(walk.studies.map(\.name).allSatisfy { $0.hasPrefix("OT-20240229-") })
      #expect(walk.studies.flatMap(\.inputs).allSatisfy { $0.metadata["patientName"] == nil })
      let identified = try layout.walk(identified: true)
      #expect(identified.studies.map(\.name) == ["Doe_Jane", "visit PID-4711"])
      #expect(identified.studies[0].inputs[0].metadata["patientName"] == .string("Doe^Jane"))
    }
  }

  @Test func rootsMayBeFilesIndexesOrSeveralFolders() throws {
    try inFolder { layout in
      try layout.putDICOM("disc/DICOMDIR", "no-picture-dicomdir.dcm")
      try layout.putDICOM("disc/IMAGES/IM1")
      try layout.putDICOM("more/IM2", "grey8-implicit.dcm")
      try layout.put("single/a.png", Layout.png)
      try layout.put("single/b.png", Layout.png)
      let index = try ScanFolder.studies(in: layout.path("disc/DICOMDIR"))
      #expect(index.studies.map { layout.names($0.inputs.map(\.path)) } == [["disc/IMAGES/IM1"]])
      let file = try ScanFolder.studies(in: layout.path("single/a.png"))
      #expect(file.studies.map { layout.names($0.inputs.map(\.path)) } == [["single/a.png"]])
      #expect(file.studies[0].name == "single")
      let both = try ScanFolder.studies(in: [layout.path("disc"), layout.path("more/")])
      #expect(both.studies.map(\.inputs.count) == [2])
      let whole = try ScanFolder.studies(in: layout.path("single"))
      #expect(whole.studies.map(\.name) == ["single"])
    }
  }

  @Test func missingFoldersAreRefused() {
    let error = #expect(throws: DecodingError.self) { try ScanFolder.studies(in: "/no/such/folder") }
    #expect(error?.code == .notFound)
  }

  @Test func emptyFoldersGiveNothing() throws {
    try inFolder { layout in
      let walk = try layout.walk()
      #expect(walk == ScanWalk())
    }
  }
}
