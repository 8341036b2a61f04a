// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// The rows of the house, top to bottom. A target uses rows above its own, never below or beside;
/// `beside` names the few exceptions inside one row.
struct Room {
  enum Kind { case c(link: [String], defines: [String] = []), swift, command }
  var row: Int
  var name: String
  var uses: [String] = []
  var products: [Target.Dependency] = []
  var kind: Kind = .swift
}

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// MPI is used where it is installed (libopenmpi-dev); without it trainings run in one process.
let hasMPI = ["x86_64", "aarch64"].contains {
  FileManager.default.fileExists(atPath: "/usr/include/\($0)-linux-gnu/mpi/mpi.h")
}

let rooms: [Room] = [
  Room(row: 0, name: "CPNG", kind: .c(link: ["png", "z"])),
  Room(row: 0, name: "CJPEG", kind: .c(link: ["jpeg", "dcmjpeg", "dcmdata", "oflog", "ofstd"])),
  // Opens libavformat, libavcodec, libswscale and libavutil with the first clip.
  Room(row: 0, name: "CLibAV", kind: .c(link: [])),
  Room(row: 0, name: "COneDNN", kind: .c(link: ["dnnl", "m"])),
  Room(
    row: 0, name: "CDICOM",
    kind: .c(link: [
      "dcmsr", "dcmjpeg", "dcmjpls", "dcmimgle", "dcmdata", "oflog", "ofstd", "openjp2", "jpeg", "z",
    ])),
  Room(row: 0, name: "CZlib", kind: .c(link: ["z"])),
  // Opens libmosquitto with the first broker.
  Room(row: 0, name: "CMosquitto", kind: .c(link: [])),
  Room(row: 0, name: "CSensorCSV", kind: .c(link: ["m"])),
  Room(
    row: 0, name: "CMPI",
    kind: .c(link: hasMPI ? ["mpi"] : [], defines: hasMPI ? ["BRAID_WITH_MPI"] : [])),
  Room(row: 0, name: "CPictures", kind: .c(link: [])),
  Room(row: 0, name: "CSeries", kind: .c(link: [])),
  Room(row: 0, name: "CFolders", kind: .c(link: [])),
  Room(row: 0, name: "Files"),
  Room(row: 1, name: "Tensors", uses: ["COneDNN"]),
  Room(
    row: 1, name: "Decoders",
    uses: ["Files", "CPNG", "CJPEG", "CLibAV", "CMosquitto", "CDICOM", "CZlib", "CSensorCSV"],
    products: [collections]),
  Room(row: 2, name: "Layers", uses: ["Files", "Tensors"]),
  Room(
    row: 3, name: "Encoders", uses: ["Files", "Tensors", "Layers", "Decoders", "CPictures", "CSeries"]),
  Room(row: 3, name: "Training", uses: ["Files", "Tensors", "Layers", "CMPI"]),
  Room(
    row: 4, name: "Alignment", uses: ["Files", "Tensors", "Layers", "Decoders", "Encoders", "Training"]),
  Room(row: 4, name: "Selector", uses: ["Files", "Tensors", "Layers", "Decoders", "Encoders", "Training"]),
  Room(
    row: 4, name: "Reports",
    uses: ["Files", "Tensors", "Layers", "Decoders", "Encoders", "Training", "CDICOM"], products: [crypto]),
  Room(row: 4, name: "Faults", uses: ["Files", "Tensors", "Layers", "Decoders", "Encoders", "Training"]),
  Room(
    row: 5, name: "Bundles",
    uses: [
      "Files", "Tensors", "Layers", "Decoders", "Encoders", "Training", "Alignment", "Selector", "Reports",
      "Faults", "CFolders",
    ],
    products: [crypto, collections, yams]),
  Room(
    row: 6, name: "braid",
    uses: [
      "Bundles", "Files", "Tensors", "Layers", "Decoders", "Encoders", "Training", "Alignment", "Selector",
      "Reports",
      "Faults",
    ],
    products: [arguments], kind: .command),
]

/// Suites and what each may see beyond the target it tests.
let suites: [(name: String, uses: [String])] = [
  (name: "FilesTests", uses: ["Files"]),
  (name: "TensorsTests", uses: ["Tensors"]),
  (name: "LayersTests", uses: ["Layers", "Tensors"]),
  (name: "DecodersTests", uses: ["Decoders", "Files"]),
  (name: "VideoTests", uses: ["Decoders"]),
  (name: "EncodersTests", uses: ["Encoders", "Decoders", "Layers", "Tensors"]),
  (name: "TrainingTests", uses: ["Training", "Layers", "Tensors"]),
  (name: "AlignmentTests", uses: ["Alignment", "Decoders", "Encoders", "Layers", "Tensors", "Training"]),
  (name: "SelectorTests", uses: ["Selector", "Decoders", "Encoders", "Layers"]),
  (name: "ReportsTests", uses: ["Reports", "Encoders", "Layers", "Tensors", "Training"]),
  (name: "ReportDocumentTests", uses: ["Reports"]),
  (name: "FaultsTests", uses: ["Faults", "Decoders", "Encoders", "Layers", "Tensors", "Training"]),
  (
    name: "BundlesTests",
    uses: [
      "Bundles", "Alignment", "Decoders", "Encoders", "Faults", "Files", "Layers", "Reports", "Selector",
      "Tensors", "Training",
    ]
  ),
  (name: "BraidTests", uses: ["Bundles", "Decoders"]),
]

/// Suites whose folder `Fixtures` travels with them.
let fixtures: Set = ["TensorsTests"]

let rows = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, $0.row) })
for room in rooms {
  for used in room.uses {
    guard let row = rows[used] else { fatalError("\(room.name) uses \(used), which is no room.") }
    guard row < room.row else {
      fatalError("\(room.name) (row \(room.row)) may not use \(used) (row \(row)): arrows point up.")
    }
  }
}

func target(_ room: Room) -> Target {
  let dependencies = room.uses.map { Target.Dependency.target(name: $0) } + room.products
  switch room.kind {
  case .swift: return .target(name: room.name, dependencies: dependencies)
  case .command: return .executableTarget(name: room.name, dependencies: dependencies)
  case .c(let link, let defines):
    return .target(
      name: room.name, cSettings: defines.map { .define($0) },
      linkerSettings: link.map { .linkedLibrary($0) })
  }
}

let package = Package(
  name: "Braid",
  products: [
    .executable(name: "braid", targets: ["braid"]),
    .library(name: "BraidKit", targets: rooms.filter { $0.row > 0 && $0.row < 6 }.map(\.name)),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: rooms.map(target)
    + suites.map {
      .testTarget(
        name: $0.name, dependencies: $0.uses.map { .target(name: $0) },
        resources: fixtures.contains($0.name) ? [.copy("Fixtures")] : [])
    },
  cLanguageStandard: .c11,
  cxxLanguageStandard: .cxx17
)
