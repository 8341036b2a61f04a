/// Tells whether bytes look like a DICOM data set without preamble (as older devices write): two elements that
/// follow one another, the first of group 0002 or 0008.
struct DICOMSniffer {
  private static let representations: Set<String> = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV",
    "OW", "PN",
    "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
  ]
  private static let long: Set<String> = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
  ]

  private let head: [UInt8]

  init(_ head: [UInt8]) { self.head = head }

  var looksLikeDataSet: Bool { looksLikeDataSet(little: true) || looksLikeDataSet(little: false) }

  private func looksLikeDataSet(little: Bool) -> Bool {
    guard let first = element(at: 0, little: little), first.group == 2 || first.group == 8 else {
      return false
    }
    guard let second = element(at: first.end, little: little) else { return false }
    return (second.group, second.number) > (first.group, first.number) && second.group <= 0x20
  }

  private func element(at offset: Int, little: Bool) -> (group: Int, number: Int, end: Int)? {
    guard offset + 12 <= head.count else { return nil }
    func short(_ at: Int) -> Int {
      little ? Int(head[at]) | Int(head[at + 1]) << 8 : Int(head[at]) << 8 | Int(head[at + 1])
    }
    func length(_ at: Int) -> Int {
      little ? short(at) | short(at + 2) << 16 : short(at) << 16 | short(at + 2)
    }
    let (group, number) = (short(offset), short(offset + 2))
    let representation = String(decoding: head[offset + 4..<offset + 6], as: UTF8.self)
    let explicit = Self.representations.contains(representation)
    // Big-endian data sets always name their types.
    guard explicit || little else { return nil }
    let isLong = explicit && Self.long.contains(representation)
    let size = isLong ? length(offset + 8) : explicit ? short(offset + 6) : length(offset + 4)
    // What stands at the start of a data set is short, and of even length.
    guard size <= 4096, size % 2 == 0 else { return nil }
    return (group, number, offset + (isLong ? 12 : 8) + size)
  }
}
