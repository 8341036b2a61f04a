import Foundation
import Layers

extension FourierWords {
  /// Which parts of a series are read, and what of them.
  struct Dictionary: Sendable, Codable, Hashable {
    /// Whether differences are read.
    let isStep: Bool
    /// Values of a part.
    let length: Int
    /// Rows from one value to the next.
    let dilation: Int
    /// Of the part's Fourier transform: the mean, then real and imaginary parts by turns.
    var coefficients: [Int] { didSet { patterns = Self.patterns(coefficients, length) } }
    /// `[coefficient, length]`, flat: what a part is multiplied by.
    private(set) var patterns: [Float]

    private enum CodingKeys: CodingKey { case isStep, length, dilation, coefficients }

    /// One drawn at random that reads the first coefficients.
    init(rows: Int, isStep: Bool, using rng: inout some RandomNumberGenerator) {
      // A long part says little of its shape in eight bits: parts stay short, and dilations let them span the window.
      let longest = rows < 100 ? 24 : 44
      let size = isStep ? rows - 1 : rows
      self.isStep = isStep
      length = shortest + rng.below(min(longest, size) - shortest + 1)
      let widest = log2(Float(size - 1) / Float(length - 1))
      dilation = max(1, Int(exp2(rng.uniform(0, max(0, widest)))))
      coefficients = Array(0..<min(letters, length))
      patterns = Self.patterns(coefficients, length)
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      isStep = try values.decode(Bool.self, forKey: .isStep)
      length = try values.decode(Int.self, forKey: .length)
      dilation = try values.decode(Int.self, forKey: .dilation)
      coefficients = try values.decode([Int].self, forKey: .coefficients)
      patterns = Self.patterns(coefficients, length)
    }

    /// Places of a series at which a part begins.
    func places(_ count: Int) -> Int { max(0, count - (length - 1) * dilation) }

    func fits(rows: Int) -> Bool {
      (shortest...1024).contains(length) && (1...max(1, rows)).contains(dilation)
        && places(isStep ? rows - 1 : rows) >= 1 && coefficients.count == min(letters, length)
        && coefficients.allSatisfy { (0..<length).contains($0) }
    }

    /// Cosines and sines over the part, each by the root of its length.
    private static func patterns(_ coefficients: [Int], _ length: Int) -> [Float] {
      coefficients.flatMap { coefficient -> [Float] in
        let turns = Double((coefficient + 1) / 2) * 2 * .pi / Double(max(1, length))
        return (0..<max(0, length)).map { place in
          let angle = turns * Double(place)
          let wave = coefficient == 0 || coefficient % 2 == 1 ? cos(angle) : sin(angle)
          return Float(wave / Double(length).squareRoot())
        }
      }
    }

    /// Coefficients of all parts of some series: `[coefficient][place]`.
    func products(_ courses: [[Float]]) -> [[Float]] {
      var out = [[Float]](repeating: [], count: coefficients.count)
      for course in courses {
        let values = isStep ? zip(course.dropFirst(), course).map { $0 - $1 } : course
        let count = places(values.count)
        for index in coefficients.indices {
          var sums = [Float](repeating: 0, count: count)
          for step in 0..<length {
            let weight = patterns[index * length + step]
            for place in 0..<count { sums[place] += weight * values[place + step * dilation] }
          }
          out[index] += sums
        }
      }
      return out
    }
  }
}
