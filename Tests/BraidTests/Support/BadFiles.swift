import Foundation

/// Files that must be refused, made from the project's samples, beside some that are fine.
struct BadFiles {
  let scratch: Scratch
  /// Folders of what cannot be read and of what can.
  let bad: String, good: String
  /// Broken scans and the code that each is refused with.
  static let scans: [String: String] = [
    "empty.png": "truncated", "empty.jpg": "truncated", "empty.dcm": "truncated", "empty.avi": "truncated",
    "huge.png": "tooLarge", "cut.png": "truncated", "cut.jpg": "truncated", "cut.dcm": "truncated",
    "cut.avi": "truncated", "head.png": "truncated", "corrupt.png": "malformed", "notes.dcm": "unknownFormat",
    "circle.png": "notFound", "nowhere.png": "notFound",
  ]
  /// The same of recordings.
  static let recordings: [String: String] = [
    "empty.csv": "truncated", "empty.csv.gz": "truncated", "cut.csv.gz": "truncated",
    "corrupt.csv.gz": "malformed",
    "text.csv": "malformed", "binary.csv": "unknownFormat", "header.csv": "malformed",
  ]

  init() throws {
    scratch = try Scratch()
    (bad, good) = (scratch.path + "/bad", scratch.path + "/good")
    func sample(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: Command.samples + "/" + name))
    }
    let png = try sample("scans/01-png/frontal.png"), jpg = try sample("scans/02-jpeg/frontal.jpg")
    let dcm = try sample("scans/03-dicom/IM0001.dcm"), avi = try sample("scans/05-clip/breathing.avi")
    let csv = try sample("sensors/plant.csv"), packed = try sample("sensors/runs/run-02.csv.gz")
    for name in ["empty.png", "empty.jpg", "empty.dcm", "empty.avi", "empty.csv", "empty.csv.gz"] {
      try scratch.write("bad/" + name, [])
    }
    for (name, data) in [
      ("cut.png", png), ("cut.jpg", jpg), ("cut.dcm", dcm), ("cut.avi", avi), ("cut.csv.gz", packed),
    ] { try scratch.write("bad/" + name, data.prefix(data.count / 3)) }
    for (name, data) in [("corrupt.png", png), ("corrupt.csv.gz", packed)] {
      var bytes = [UInt8](data)
      for place in bytes.count / 2..<bytes.count / 2 + 400 { bytes[place] ^= 0xA5 }
      try scratch.write("bad/" + name, bytes)
    }
    try scratch.write("bad/head.png", png.prefix(12))
    try scratch.write("bad/huge.png", BadFiles.png(width: 60_000, height: 60_000))
    try scratch.write("bad/notes.dcm", "Call the ward before noon.\n".utf8)
    try scratch.write("bad/text.csv", "note,author\nthe pump is loud,ann\nall is well,bob\n".utf8)
    try scratch.write("bad/binary.csv", csv.prefix(2000) + Data(count: 50) + csv.prefix(2000))
    try scratch.write("bad/header.csv", csv.prefix { $0 != 10 } + [10])
    try scratch.link("bad/circle.png", to: "circle.png")
    try scratch.link("bad/nowhere.png", to: "/no/such/picture.png")
    for name in ["folder.png", "folder.csv"] { try scratch.makeFolder("bad/" + name) }
    try scratch.makeFolder("nothing")
    try scratch.write("good/frontal.png", png)
    try scratch.write("good/plant.csv", csv)
  }

  /// A PNG of one bit a pixel whose picture is as large as stated and holds next to nothing.
  static func png(width: UInt32, height: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(name.utf8) + data
      // CRC-32 of ISO 3309, as the PNG standard asks.
      var crc: UInt32 = 0xFFFF_FFFF
      for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
      }
      return big(UInt32(data.count)) + body + big(~crc)
    }
    let header = big(width) + big(height) + [1, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + chunk("IHDR", header)
      + chunk("IDAT", [0x78, 0x9C] + [UInt8](repeating: 0, count: 4000)) + chunk("IEND", [])
  }
}
