import Decoders
import Foundation
import Testing

@Suite struct FormatSnifferTests {
  /// What a file with this content and name is; the error's code where it is refused.
  private func sniff(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let folder = try Pictures.TemporaryFolder()
    let path = try folder.write(bytes, name)
    do throws(DecodingError) {
      return try ScanFormat.sniff(path: path).rawValue
    } catch {
      #expect(error.file == path)
      return error.code.rawValue
    }
  }

  private func sniff(_ text: String, _ name: String = "file") throws -> String {
    try sniff(Array(text.utf8), name)
  }

  @Test(
    arguments: [
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "png"),
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "jpeg"),
      ([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [2, 0, 0, 0], "dicom"),
      // Without preamble: (0008,0005) CS and (0008,0008) CS; the same implicit, and explicit big-endian.
      (
        [8, 0, 5, 0] + Array("CS".utf8) + [2, 0, 0x49, 0x53, 8, 0, 8, 0] + Array("CS".utf8) + [
          4, 0, 1, 1, 1, 1,
        ], "dicom"
      ),
      ([8, 0, 5, 0, 2, 0, 0, 0, 0x49, 0x53, 8, 0, 8, 0, 4, 0, 0, 0, 1, 1, 1, 1], "dicom"),
      (
        [0, 8, 0, 5] + Array("CS".utf8) + [0, 2, 0x49, 0x53, 0, 8, 0, 8] + Array("CS".utf8) + [
          0, 4, 1, 1, 1, 1,
        ], "dicom"
      ),
      // A group that a data set cannot go on with, and a length beyond reason.
      ([8, 0, 5, 0, 2, 0, 0, 0, 0x49, 0x53, 7, 0, 8, 0, 4, 0, 0, 0, 1, 1, 1, 1], "unknownFormat"),
      ([8, 0, 5, 0, 2, 0, 0, 9, 0x49, 0x53, 8, 0, 8, 0, 4, 0, 0, 0, 1, 1, 1, 1], "unknownFormat"),
      ([0, 0, 0, 0x18] + Array("ftypmp42".utf8), "video"), (Array("RIFF\0\0\0\0AVI LIST".utf8), "video"),
      ([0x1A, 0x45, 0xDF, 0xA3, 1], "video"), ([0, 0, 1, 0xBA, 0x44], "video"),
      (Array("GIF89a\u{1}".utf8), "video"),
      ((0..<1000).map { $0 % 188 == 0 ? 0x47 : 1 }, "video"),
      ([0, 0, 0, 0x18] + Array("ftypheic".utf8), "unknownFormat"),
      (Array("RIFF\0\0\0\0WAVEfmt ".utf8), "unknownFormat"),
      (Array("%PDF-1.7\n1,2,3\n".utf8), "unknownFormat"), (Array("PK\u{3}\u{4}".utf8), "unknownFormat"),
      ([], "truncated"), ([0x89, 0x50, 0x4E], "truncated"), ([0xFF, 0xD8], "truncated"),
      ((0..<500).map { UInt8($0 * 37 % 256) }, "unknownFormat"), ([0x1F, 0x8B, 0, 0], "malformed"),
    ] as [([UInt8], String)])
  func binary(bytes: [UInt8], expected: String) throws { #expect(try sniff(bytes) == expected) }

  @Test func directoryOfDICOM() throws {
    func file(_ uid: String) -> [UInt8] {
      let uid = Array(uid.utf8) + (uid.utf8.count % 2 == 1 ? [0] : [])
      return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [2, 0, 2, 0] + Array("UI".utf8)
        + [UInt8(uid.count), 0] + uid + [2, 0, 3, 0] + Array("UI".utf8)
    }
    #expect(try sniff(file("1.2.840.10008.1.3.10")) == "dicomdir")
    #expect(try sniff(file("1.2.840.10008.1.3.101")) == "dicom")
    #expect(try sniff(file("1.2.840.10008.5.1.4.1.1.2")) == "dicom")
  }

  @Test(arguments: [
    ("time,a,b\n1,2,3\n2,3,4\n", "csv"), ("\u{FEFF}Zeit;Druck [bar]\r\n01.02.2024 10:00:00;1,5\r\n", "csv"),
    ("a\tb\n1\t2\n", "csv"), ("1|2|3\n4|5|6", "csv"), ("# made by a logger\n\na,b\n1,NaN\n", "csv"),
    ("\"a, with comma\",b\n\"1\",2\n", "csv"), ("value\n0.5\n0.25\n-3e4\n", "csv"),
    ("2024-01-02T03:04:05Z,5\n2024-01-02T03:04:06Z,6\n", "csv"),
    ("{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n", "unknownFormat"), ("<html>,1\n<p>,2\n", "unknownFormat"),
    ("Hello, world\nThis is prose, and nothing else\n", "unknownFormat"),
    ("one line of words", "unknownFormat"),
    ("a,b\nx,y\n", "unknownFormat"), ("\n\n\n", "unknownFormat"),
  ])
  func text(text: String, expected: String) throws {
    #expect(try sniff(text) == expected)
  }

  @Test func nameHelpsWithTextOnly() throws {
    #expect(try sniff("one line of words", "log.CSV") == "csv")
    #expect(try sniff("a,b\nx,y\n", "log.tsv") == "csv")
    #expect(try sniff([0, 1, 2, 3, 4, 5], "log.csv") == "unknownFormat")
    #expect(try sniff([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "log.csv") == "png")
  }

  @Test func looksIntoGzip() throws {
    // gzip -n of "a,b\n1,2\n3,4\n", of "%PDF-1.7" and of nothing.
    let table = "H4sIAAAAAAACA0vUSeIy1DHiMtYx4QIA5enWzgwAAAA="
    for (packed, name, expected) in [
      (table, "a.csv.gz", "csv"), (table, "a", "csv"),
      ("H4sIAAAAAAACA1MNcHHTNdQzBwAY61BwCAAAAA==", "a.gz", "unknownFormat"),
      ("H4sIAAAAAAACAwMAAAAAAAAAAAA=", "a.csv.gz", "truncated"),
    ] {
      let bytes = [UInt8](try #require(Data(base64Encoded: packed)))
      #expect(try sniff(bytes, name) == expected, "\(name)")
    }
    #expect(try sniff([UInt8](try #require(Data(base64Encoded: table))).dropLast(10), "cut.gz") == "csv")
  }

  @Test func sizesThatEndInTheMiddleOfARow() throws {
    let long = "a,b,c\n" + String(repeating: "1.5,2.25,3.125\n", count: 10_000)
    #expect(try sniff(long) == "csv")
  }

  @Test func placesThatAreNoFiles() throws {
    let folder = try Pictures.TemporaryFolder()
    func refusal(_ path: String) throws -> DecodingError {
      try #require(#expect(throws: DecodingError.self) { try ScanFormat.sniff(path: path) })
    }
    let named = folder.url.appendingPathComponent("scan.png")
    try FileManager.default.createDirectory(at: named, withIntermediateDirectories: false)
    let folderRefusal = try refusal(named.path)
    #expect(folderRefusal.code == .unsupported && folderRefusal.reason.contains("folder"))
    #expect(try refusal(named.path + "/missing.png").code == .notFound)
    #expect(try refusal("").code == .notFound)
    let pipe = folder.url.appendingPathComponent("pipe.png").path
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(try refusal(pipe).code == .unsupported)
    #expect(throws: DecodingError.self) { _ = try PNGDecoder(path: pipe) }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func unreadableFile() throws {
    let folder = try Pictures.TemporaryFolder()
    let path = try folder.write([1], "closed.png")
    chmod(path, 0)
    let error = try #require(#expect(throws: DecodingError.self) { try ScanFormat.sniff(path: path) })
    #expect(error.code == .notFound && error.reason.contains("may not be read"))
  }

  @Test(.enabled(if: Pictures.sharedFolder != nil, "the shared data are not here (set BRAID_SHARED)"))
  func sharedFiles() throws {
    let data = try #require(Pictures.sharedFolder).appendingPathComponent("data")
    // A text, a packed file, and one that is broken from its first byte on.
    let others: Set = ["README.pydicom-test-files.txt", "zipMR.gz", "no_meta.dcm"]
    let temporary = try Pictures.TemporaryFolder()
    var count = 0
    for (folder, ending, expected) in [
      ("medical/pocus_lung_ultrasound/clips", "", ScanFormat.video),
      ("medical/dicom_pydicom/files", "", .dicom),
      ("medical/jpeg_conformance/exif_orientation", ".jpg", .jpeg),
      ("medical/kermany_chest_xray/images", "", .jpeg),
      ("industrial/cwru", ".csv.gz", .csv), ("industrial/skab", ".csv.gz", .csv),
      ("industrial/tep", ".csv.gz", .csv),
      ("industrial/cmapss_fd001", ".csv.gz", .csv), ("industrial/nab", ".csv.gz", .csv),
    ] {
      let root = data.appendingPathComponent(folder)
      for name in try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted().prefix(120) {
        let file = root.appendingPathComponent(name)
        guard name.hasSuffix(ending), !others.contains(file.lastPathComponent),
          try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        else { continue }
        // Under a name that says nothing.
        count += 1
        let link = temporary.url.appendingPathComponent("\(count)")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        do throws(DecodingError) {
          #expect(try ScanFormat.sniff(path: link.path) == expected, "\(file.path)")
        } catch {
          Issue.record("\(file.path): \(error)")
        }
      }
    }
    #expect(count > 200)
  }
}
