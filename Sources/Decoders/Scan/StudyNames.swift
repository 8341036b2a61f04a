/// Names for studies: safe as folders, unique, and without the patient.
struct StudyNames {
  /// What a name can be made of.
  struct Source {
    /// Folder names from the folder given down to the study's own; empty where the study shares its folder.
    var folders: [String]
    /// Of the first DICOM file; empty for images.
    var modality = "", date = "", uid = ""
    /// Lower-case words that must not stand in the name.
    var identity: Set<String> = []
  }

  /// One name for each source.
  static func names(for sources: [Source]) -> [String] {
    var depths = [Int](repeating: 1, count: sources.count)
    var names = zip(sources, depths).map { name($0, depth: $1) }
    // Equal names take in folders further up, as long as that tells them apart.
    while true {
      let groups = Dictionary(grouping: names.indices, by: { names[$0].lowercased() })
      let extendable = groups.values.filter { group in
        Set(group.map { name(sources[$0], depth: Int.max).lowercased() }).count > 1
      }.joined().filter { depths[$0] < sources[$0].folders.count }
      if extendable.isEmpty { break }
      for i in extendable {
        depths[i] += 1
        names[i] = name(sources[i], depth: depths[i])
      }
    }
    var taken: Set<String> = ["index.json"]
    return names.map { name in
      var unique = name, number = 1
      while !taken.insert(unique.lowercased()).inserted {
        number += 1
        unique = "\(name)-\(number)"
      }
      return unique
    }
  }

  private static func name(_ source: Source, depth: Int) -> String {
    let folders = source.folders.suffix(depth).joined(separator: "-")
    let lower = folders.lowercased()
    if !folders.isEmpty, !source.identity.contains(where: { lower.contains($0) }) { return safe(folders) }
    let modality = source.modality.isEmpty ? "study" : source.modality
    let parts = [modality, source.date.filter(\.isNumber), source.uid.isEmpty ? "" : hash(source.uid)]
    return safe(parts.filter { !$0.isEmpty }.joined(separator: "-"))
  }

  /// Letters of any script stay; what a file system or a shell could take amiss does not. At most 120 bytes, so
  /// that endings find room below the usual limit of 255.
  private static func safe(_ name: String) -> String {
    var result = ""
    for letter in name {
      let isBad = letter.unicodeScalars.contains {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
          || "/\\:*?\"<>|".unicodeScalars.contains($0)
      }
      let next = isBad ? "_" : letter
      if result.utf8.count + next.utf8.count > 120 { break }
      result.append(next)
    }
    let trimmed = result.drop { $0 == " " || $0 == "." }.reversed().drop { $0 == " " || $0 == "." }.reversed()
    return trimmed.isEmpty ? "study" : String(trimmed)
  }

  /// FNV-1a, 32 bits: short, and the same on every machine.
  private static func hash(_ text: String) -> String {
    let value = text.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
