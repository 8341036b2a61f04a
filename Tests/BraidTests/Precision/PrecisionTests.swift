import Bundles
import Decoders
import Foundation
import Testing

/// Answers in bf16 and in 8 bits against those in f32, with the shipped bundle on the samples.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct PrecisionTests {
  /// An input and where it lies.
  private struct Row: Decodable {
    var path: String?
    var kind: String
    var embedding: [Double]?
  }

  private static let inputs = ["phantoms", "scans/05-clip", "scans/06-dicom-cine", "mixed", "sensors/runs"]
    .map {
      Command.samples + "/" + $0
    }

  private static let hasBF16 =
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx512_bf16") == true

  private func embed(_ precision: String, limit: String? = nil) throws -> [Row] {
    let result = try Command.run(
      ["embed", "--quiet", "--precision", precision, "--bundle", Command.base] + Self.inputs,
      environment: limit.map { ["DNNL_MAX_CPU_ISA": $0] } ?? [:])
    #expect(result.status == 0, "\(result.errors)")
    return try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(Row.self, from: Data($0.utf8))
    }
  }

  /// Mean cosine of embeddings to their counterparts, the mean of the kind taken away from both.
  private func agreement(_ found: [Row], _ exact: [Row], kind: String) throws -> Double {
    try #require(found.map(\.path) == exact.map(\.path))
    let (a, b) = (
      found.filter { $0.kind == kind }.compactMap(\.embedding),
      exact.filter { $0.kind == kind }.compactMap(\.embedding)
    )
    try #require(a.count == b.count && b.count > 10)
    let mean = b[0].indices.map { place in b.reduce(0) { $0 + $1[place] } / Double(b.count) }
    return zip(a, b).map { x, y in
      let (x, y) = (zip(x, mean).map { $0 - $1 }, zip(y, mean).map { $0 - $1 })
      func dot(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * $1.1 } }
      return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
    }.reduce(0, +) / Double(b.count)
  }

  @Test func embeddingsAgreeWithF32OnEveryProcessor() throws {
    let exact = try embed("f32")
    // AVX2 has neither bf16 nor VNNI: bf16 then works in f32, and 8 bits with weights up to 63.
    for limit in [nil, "AVX2"] {
      for precision in ["bf16", "int8"] {
        let found = try embed(precision, limit: limit)
        for kind in ["image", "clip", "series"] {
          let cosine = try agreement(found, exact, kind: kind)
          #expect(cosine >= 0.999, "\(precision) \(limit ?? "") \(kind): \(cosine)")
          let isCoarse = precision == "int8" || (limit == nil && Self.hasBF16)
          if isCoarse { #expect(cosine < 1 - 1e-9, "\(precision) leaves a trace: \(kind) \(cosine)") }
        }
        if precision == "bf16", limit != nil {
          #expect(try agreement(found, exact, kind: "image") > 1 - 1e-9)
        }
      }
    }
  }

  @Test(arguments: ["bf16", "int8"])
  func calibratedAnswersAgree(precision: String) throws {
    struct Line: Decodable {
      var row: Int
      var fault: String
      var probability: Double
      var alarm: Bool
    }
    func predict(_ precision: String) throws -> [Line] {
      let result = try Command.run([
        "predict", Command.samples + "/sensors/plant.csv", "--quiet", "--bundle", Command.base, "--precision",
        precision,
      ])
      return try result.output.split(separator: "\n").map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
    }
    let exact = try predict("f32"), found = try predict(precision)
    #expect(exact.count == 70 && found.map(\.row) == exact.map(\.row))
    for (a, b) in zip(found, exact) {
      #expect(abs(a.probability - b.probability) < 0.03, "row \(a.row): \(a.probability), \(b.probability)")
      if b.probability > 0.6 { #expect(a.fault == b.fault && a.alarm == b.alarm) }
    }
    // bf16 may be f32 on this processor; 8 bits never are.
    if precision == "int8" { #expect(found.map(\.probability) != exact.map(\.probability)) }
  }

  @Test func draftsNameTheSameFindings() throws {
    struct Row: Decodable { var present: [String] }
    func report(_ precision: String) throws -> [[String]] {
      let scratch = try Scratch()
      let result = try Command.run(
        [
          "report", "--out", scratch.path + "/r", "--json", "--quiet", "--precision", precision, "--bundle",
          Command.base,
        ]
          + ["02-jpeg", "03-dicom", "07-several-findings"].map { Command.samples + "/scans/" + $0 })
      #expect(result.status == 0, "\(result.errors)")
      return try result.output.split(separator: "\n").map {
        try JSONDecoder().decode(Row.self, from: Data($0.utf8)).present
      }
    }
    let exact = try report("f32")
    #expect(exact.count == 3 && exact.contains { !$0.isEmpty })
    #expect(try report("bf16") == exact)
    #expect(try report("int8") == exact)
  }

  @Test func whatCannotBeIsRefused() throws {
    let unknown = try Command.run(["embed", Command.samples + "/mixed/chest.jpg", "--precision", "int4"])
    #expect(unknown.status == 64 && unknown.errors.contains("int8"))
    let fitted = try Command.run([
      "evaluate", Command.samples + "/sensors/manifest.csv", "--recalibrate", "/nowhere", "--precision",
      "int8",
    ])
    #expect(fitted.status == 64 && fitted.errors.contains("--precision"))
    let scratch = try Scratch()
    let error = #expect(throws: BundleError.self) {
      try ModelBundle(path: Command.base).computing(in: .int8).write(
        to: scratch.path + "/b", card: "", replacing: false)
    }
    #expect(error?.reason.contains("8 bits") == true)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/b"))
  }
}
