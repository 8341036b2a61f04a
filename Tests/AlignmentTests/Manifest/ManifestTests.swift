import Alignment
import Foundation
import Testing

@Suite struct ManifestTests {
  let folder: ManifestFolder
  init() throws {
    folder = try ManifestFolder()
    for name in ["a.png", "b.png", "c.png"] { try folder.write("scans/" + name, "") }
    try folder.write("plant.csv", "x\n1\n")
  }

  private func refusal(_ text: String) -> ManifestError? {
    do {
      _ = try folder.manifest(text)
      return nil
    } catch {
      return error as? ManifestError
    }
  }

  @Test func readsEveryColumnInAnyOrder() throws {
    let manifest = try folder.manifest(
      "\u{FEFF}image,Split,id,note,label,text,group,series,start,end,target,task,clip\r\n"
        + "scans/a.png,train,one,x,p ; q;p,\"first line\r\nsecond, line\",g1,,,,,lungs,\r\n"
        + "../\((folder.path as NSString).lastPathComponent)/scans/b.png,val,two,x,,,g2,plant.csv,3,12.0,-2.5,,scans\r\n"
    )
    #expect(manifest.ignoredColumns == ["note"])
    #expect(manifest.folder == folder.path)
    #expect(
      manifest.rows == [
        ManifestRow(
          id: "one", split: .train, group: "g1", labels: ["p", "q"], text: "first line\r\nsecond, line",
          image: folder.path + "/scans/a.png", task: "lungs", line: 2),
        ManifestRow(
          id: "two", split: .val, group: "g2", image: folder.path + "/scans/b.png",
          clip: folder.path + "/scans",
          series: folder.path + "/plant.csv", start: 3, end: 12, target: -2.5, line: 4),
      ])
    #expect(manifest.rows(in: .val).map(\.id) == ["two"])
    #expect(manifest.labelNames == ["p", "q"])
    #expect(manifest.refused.isEmpty)
  }

  @Test func viewsOfOneExamination() throws {
    try folder.write("scans/d;e.png", "")
    let manifest = try folder.manifest(
      "image\nscans/a.png; scans/b.png\nscans/d;e.png\nscans/c.png\nscans/b.png;scans/a.png\n")
    #expect(
      manifest.rows.map { $0.images.map { ($0 as NSString).lastPathComponent } } == [
        ["a.png", "b.png"], ["d;e.png"], ["c.png"], ["b.png", "a.png"],
      ])
    #expect(manifest.rows.map(\.kinds) == [[.views], [.image], [.image], [.views]])
    #expect(Set(manifest.rows.compactMap(\.inputKey)).count == 4)
    let error = try #require(refusal("image\nscans/a.png;scans/z.png\n"))
    #expect(error.description.contains("scans/z.png") && !error.description.contains("a.png;"))
    // Both files bind: whoever shares one is in the same split or is told of.
    let rows = try folder.manifest(
      "image,split\nscans/a.png;scans/b.png,train\nscans/b.png,test\n"
    ).rows
    #expect(LeakAudit.sharedInputs(rows).map { ($0.path as NSString).lastPathComponent } == ["b.png"])
  }

  @Test func withoutIdsAndSplits() throws {
    let manifest = try folder.manifest("image\nscans/a.png\nscans/b.png\n")
    #expect(manifest.rows.map(\.id) == ["1", "2"])
    #expect(manifest.rows.allSatisfy { $0.split == .train && $0.group == nil && $0.labels.isEmpty })
  }

  @Test func descriptionsOfLabels() throws {
    try folder.write("labels.csv", "label,text,task\np,clear,\np,\"clear, again\",lungs\nq,dim,heart\n")
    let manifest = try folder.manifest(
      "image,label,text,task\nscans/a.png,p,,lungs\nscans/b.png,p;q,,heart\nscans/c.png,p,own,\n")
    #expect(manifest.labelTexts == ["p": ["clear", "clear, again"], "q": ["dim"]])
    #expect(manifest.labels.texts(of: "p", task: "heart") == ["clear"])
    #expect(manifest.rows.map(manifest.captions) == [["clear", "clear, again"], ["clear", "dim"], ["own"]])
  }

  @Test(
    arguments: [
      ("", ManifestError.Code.unreadable, nil, nil), ("image\n", .empty, nil, nil),
      ("id,label\n1,p\n", .missingColumn, 1, nil), ("imgae\nscans/a.png\n", .missingColumn, 1, nil),
      ("image,start\nscans/a.png,1\n", .missingColumn, 1, "series"),
      ("image,split\nscans/a.png,train\nscans/b.png,trian\n", .unknownSplit, 3, "split"),
      ("id,image\n7,scans/a.png\n7,scans/b.png\n", .duplicateID, 3, "id"),
      ("image\n\"scans/a.png\n", .unreadable, 2, nil),
      ("image\nnone.png\nscans/a.png\nnone2.png\n", .missingFile, 2, "image"),
    ] as [(String, ManifestError.Code, Int?, String?)])
  func refuses(text: String, code: ManifestError.Code, line: Int?, column: String?) throws {
    let error = try #require(refusal(text))
    #expect(error.code == code)
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
    #expect(error.description.contains("manifest.csv"))
  }

  @Test func misspeltColumnsAreGuessed() throws {
    #expect(refusal("imgae\nscans/a.png\n")?.remedy.contains("image") ?? false)
  }

  @Test func reportsAllFaultsAtOnce() throws {
    let rows = (1...50).map { "\($0),scans/a.png,x\n" }.joined()
    let error = try #require(refusal("id,image,split\n" + rows))
    #expect(error.count == 50)
    #expect(error.others.count == Manifest.Options().maximumProblems - 1)
    #expect(error.description.contains("30 more"))
  }

  @Test(arguments: [
    ("scans/none.png,,,,", ManifestError.Code.missingFile), (",plant.csv,5,4,", .badRange),
    (",plant.csv,0,4,", .badRange),
    (",plant.csv,x,4,", .badNumber), (",plant.csv,1.5,4,", .badNumber), (",plant.csv,1,4,high", .badNumber),
    (",plant.csv,1,4,inf", .badNumber), (",,,,", .noInput), ("scans/a.png,,1,4,", .badRange),
  ])
  func unusableRowsAreListed(row: String, code: ManifestError.Code) throws {
    let manifest = try folder.manifest(
      "image,series,start,end,target\nscans/a.png,,,,1\n,plant.csv,,,\n\(row)\n,plant.csv,2,,NaN\n")
    #expect(manifest.rows.map(\.id) == ["1", "2", "4"])
    #expect(manifest.refused.map(\.code) == [code])
    #expect(manifest.refused.first?.line == 4)
    #expect(manifest.rows.map(\.target) == [1, nil, nil])
  }

  @Test func groupsInTwoSplits() throws {
    let text = "image,split,group\nscans/a.png,train,p1\nscans/b.png,test,p1\nscans/c.png,val,p2\n"
    let error = try #require(refusal(text))
    #expect(error.code == .leak)
    #expect(error.groups == ["p1"])
    #expect(error.description.contains("“p1”") && error.description.contains("--allow-leak"))
    let manifest = try folder.manifest(text, allowLeak: true)
    #expect(manifest.leakedGroups == ["p1"])
    #expect(manifest.rows.count == 3)
  }

  @Test(
    .enabled(if: SharedManifests.folder != nil, "The shared data sets are not there."),
    arguments: [
      ("pneumonia", 4708, 524, 624, 2, 0), ("chest-xray", 4761, 427, 0, 3, 0),
      ("chest-notes", 253, 33, 74, 14, 0),
      ("tep", 903, 0, 1575, 21, 0), ("tep-plant", 1014, 0, 1666, 22, 0), ("cmapss", 13818, 3913, 100, 0, 0),
      ("emoji", 1073, 0, 292, 10, 0), ("exercises", 693, 93, 87, 0, 0),
      ("truce-synthetic", 1344, 168, 168, 0, 0),
      // 27 of its windows end before they start.
      ("truce-stock", 4584, 573, 570, 0, 27), ("chest-ct-notes", 514, 76, 0, 2, 0),
      ("lung-ultrasound-0", 93, 31, 31, 4, 0),
      ("cwru-c-07", 2115, 0, 1058, 3, 0), ("ucr-Car", 60, 0, 60, 4, 0),
    ])
  func sharedManifests(name: String, train: Int, val: Int, test: Int, labels: Int, refused: Int) throws {
    let manifest = try Manifest(path: #require(SharedManifests.folder) + "/\(name)/manifest.csv")
    #expect(Split.allCases.map { manifest.rows(in: $0).count } == [train, val, test])
    #expect(manifest.labelNames.count == labels)
    #expect(manifest.refused.count == refused)
    #expect(LeakAudit.sharedInputs(manifest.rows).isEmpty)
  }

  @Test(.enabled(if: SharedManifests.folder != nil, "The shared data sets are not there."))
  func everySharedManifestCanBeRead() throws {
    let root = try #require(SharedManifests.folder)
    for name in try FileManager.default.contentsOfDirectory(atPath: root) where !name.contains(".") {
      let manifest = try Manifest(path: "\(root)/\(name)/manifest.csv")
      #expect(!manifest.rows.isEmpty, "\(name)")
      #expect(Set(manifest.rows.map(\.id)).count == manifest.rows.count, "\(name)")
    }
  }
}
