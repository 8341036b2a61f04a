import Foundation

/// Finds the studies in folders, from names, first bytes and DICOM headers; decodes no pixels.
public enum ScanFolder {
  /// Walks the folder `path` with everything below it. A file stands for itself, a DICOMDIR for its folder.
  /// - Parameter identified: lets the patient's name, id and birth date into the metadata of DICOM inputs, and
  ///   into names of studies where folders carry them.
  /// - Throws: `notFound` where `path` does not exist, `cancelled` once the surrounding task is cancelled.
  ///   Anything else that goes wrong is listed in the walk.
  public static func studies(in path: String, identified: Bool = false) throws(DecodingError) -> ScanWalk {
    try studies(in: [path], identified: identified)
  }

  /// Walks several folders as if they were one: a study may be spread over them.
  public static func studies(in paths: [String], identified: Bool = false) throws(DecodingError) -> ScanWalk {
    let roots = paths.map(folderOfIndex)
    let tree = try FolderTree(roots: roots)
    var walk = ScanWalk()
    (walk.unreadable, walk.passedOver) = (tree.unreadable, tree.passedOver)
    var found: [Found] = []
    for path in tree.files {
      guard !Task.isCancelled else {
        throw DecodingError(
          .cancelled, file: path, reason: "The walk through the folder was cancelled.",
          remedy: "Start it again.")
      }
      switch FoundScan(path: path, identified: identified) {
      case .scan(let input, let identity): found.append(Found(input: input, identity: identity))
      case .unreadable(let error): walk.unreadable.append(error)
      case .passedOver: walk.passedOver.append(path)
      }
    }
    let groups = group(found, &walk)
    walk.studies = name(groups, roots)
    walk.passedOver.sort(by: NaturalOrder.precedes)
    walk.unreadable.sort { NaturalOrder.precedes($0.file, $1.file) }
    return walk
  }

  private struct Found {
    var input: StudyInput
    var identity: [String]
    var folder: String { ScanFolder.parent(input.path) }

    func text(_ key: String) -> String {
      if case .string(let text)? = input.metadata[key] { text } else { "" }
    }

    func number(_ key: String) -> Int {
      if case .integer(let number)? = input.metadata[key] { number } else { Int.max }
    }

    /// Series, then instance, then path.
    static func precedes(_ a: Found, _ b: Found) -> Bool {
      let (left, right) = (a.number("seriesNumber"), b.number("seriesNumber"))
      if left != right { return left < right }
      let (first, second) = (a.text("seriesInstanceUID"), b.text("seriesInstanceUID"))
      if first != second { return NaturalOrder.precedes(first, second) }
      let (one, other) = (a.number("instanceNumber"), b.number("instanceNumber"))
      if one != other { return one < other }
      return NaturalOrder.precedes(a.input.path, b.input.path)
    }
  }

  /// A DICOMDIR names the files of its folder; all of them are looked at anyway.
  private static func folderOfIndex(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      case .dicomdir? = try? ScanFormat.sniff(path: path)
    else { return path }
    return parent(path)
  }

  /// Studies in the order in which their first files were met.
  private static func group(_ found: [Found], _ walk: inout ScanWalk) -> [[Found]] {
    let dicomFolders = Set(found.filter { $0.input.format == .dicom }.map(\.folder))
    var groups: [[Found]] = []
    var places: [String: Int] = [:]
    for scan in found {
      let key: String
      if scan.input.format == .dicom {
        let uid = scan.text("studyInstanceUID")
        key = uid.isEmpty ? "folder \(scan.folder)" : "study \(uid)"
      } else if dicomFolders.contains(scan.folder) {
        walk.passedOver.append(scan.input.path)
        continue
      } else {
        key = "folder \(scan.folder)"
      }
      if let place = places[key] {
        groups[place].append(scan)
      } else {
        places[key] = groups.count
        groups.append([scan])
      }
    }
    return groups.map { $0[0].input.format == .dicom ? $0.sorted(by: Found.precedes) : $0 }
  }

  private static func name(_ groups: [[Found]], _ roots: [String]) -> [Study] {
    let folders = groups.map { commonFolder($0.map(\.folder)) }
    let sources = groups.indices.map { i in
      let first = groups[i][0]
      // A folder that holds several DICOM studies names none of them.
      let isShared =
        !first.text("studyInstanceUID").isEmpty
        && groups.indices.contains { j in
          j != i && groups[j].contains { $0.input.format == .dicom && isInside($0.folder, folders[i]) }
        }
      return StudyNames.Source(
        folders: isShared ? [] : names(from: roots, to: folders[i]), modality: first.text("modality"),
        date: first.text("studyDate"), uid: first.text("studyInstanceUID"),
        identity: Set(groups[i].flatMap(\.identity)))
    }
    return zip(StudyNames.names(for: sources), groups.indices).map { name, i in
      Study(name: name, root: folders[i], inputs: groups[i].map(\.input))
    }
  }

  private static func parent(_ path: String) -> String {
    let url = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
    let folder = url.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + folder : folder.isEmpty ? "." : folder
  }

  private static func commonFolder(_ folders: [String]) -> String {
    var common = folders[0].split(separator: "/")
    for folder in folders.dropFirst() {
      let parts = folder.split(separator: "/")
      common = Array(zip(common, parts).prefix { $0 == $1 }.map(\.0))
    }
    let path = common.joined(separator: "/")
    return folders[0].hasPrefix("/") ? "/" + path : path.isEmpty ? "." : path
  }

  private static func isInside(_ folder: String, _ outer: String) -> Bool {
    outer == "." && !folder.hasPrefix("/") || folder == outer
      || folder.hasPrefix(outer == "/" ? "/" : outer + "/")
  }

  /// Folder names from the one that the user gave down to `folder`.
  private static func names(from roots: [String], to folder: String) -> [String] {
    let parts = folder.split(separator: "/").map(String.init)
    let root = roots.map { parent($0 + "/x") }.filter { isInside(folder, $0) }.max { $0.count < $1.count }
    let above = root.map { $0 == "." ? 0 : $0.split(separator: "/").count } ?? parts.count
    var names = Array(parts.dropFirst(max(0, above - 1)))
    // `.` and `..` have names of their own.
    if above == 0 || names.first == "." || names.first == ".." {
      let real = URL(filePath: root ?? ".").standardizedFileURL.resolvingSymlinksInPath().lastPathComponent
      names = [real] + (above == 0 ? names : Array(names.dropFirst()))
    }
    return names.filter { $0 != "." && $0 != "/" }
  }
}
