/// Places of sensors by their names: as written, otherwise without regard to case, blanks and marks.
struct SensorSlots {
  private var exact: [String: Int] = [:]
  private var plain: [String: Int] = [:]

  init(_ names: [String]) {
    for (slot, name) in names.enumerated() {
      if exact[name] == nil { exact[name] = slot }
      let bare = Self.bare(name)
      if !bare.isEmpty, plain[bare] == nil { plain[bare] = slot }
    }
  }

  subscript(name: String) -> Int? { exact[name] ?? plain[Self.bare(name)] }

  private static func bare(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
