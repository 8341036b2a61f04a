import Alignment
import Foundation
import Tensors
import Testing

/// Values of NumPy and SciPy; see Scripts/reference/transport_fixtures.py.
private struct TransportFixture: Decodable {
  struct Plan: Decodable { var costs: [[Float]], regularisation: Float, plan: [[Float]] }
  struct Captions: Decodable {
    var inputs: [[Float]], texts: [[Float]], bare: [Int], captioned: [Int], logScale: Float
    var regularisation: Float, positives: [[Bool]], shares: [[Float]], loss: Float
  }
  var plans: [Plan], captions: Captions

  static func read() throws -> TransportFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Transport/transport.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
  }
}

@Suite("Captions by optimal transport")
struct TransportTests {
  @Test("Plans are those that maximise the dual problem")
  func plans() throws {
    for known in try TransportFixture.read().plans {
      let (sources, sinks) = (known.costs.count, known.costs[0].count)
      let plan = OptimalTransport.plan(
        costs: known.costs.flatMap { $0 }, sources: sources, sinks: sinks,
        regularisation: known.regularisation, iterations: 500)
      let worst = zip(plan, known.plan.flatMap { $0 }).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst < 1e-5, "\(sources) to \(sinks)")
      let columns = (0..<sinks).map { sink in (0..<sources).reduce(0) { $0 + plan[$1 * sinks + sink] } }
      #expect(columns.allSatisfy { abs($0 - 1 / Float(sinks)) < 1e-5 })
    }
  }

  @Test("Costs far beyond the regularisation leave numbers")
  func farApart() {
    let plan = OptimalTransport.plan(
      costs: [0, 500, 500, 0], sources: 2, sinks: 2, regularisation: 0.001)
    #expect(zip(plan, [0.5, 0, 0, 0.5]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("Shares of captions and their loss; gradients do not flow through the transport")
  func captions() throws {
    let known = try TransportFixture.read().captions
    let width = known.inputs[0].count, texts = known.texts.count
    let inputs = known.inputs.flatMap { $0 }, positives = known.positives.flatMap { $0 }
    let shares = PseudoCaptions.shares(
      inputs, width: width, bare: known.bare, captioned: known.captioned, texts: texts, positives: positives,
      regularisation: known.regularisation)
    let wanted = known.shares.flatMap { $0 }
    #expect(shares.count == wanted.count && zip(shares, wanted).allSatisfy { abs($0 - $1) < 1e-4 })

    let tape = Tape(.training)
    let places = Tensor(inputs, shape: [known.inputs.count, width])
    let words = Tensor(known.texts.flatMap { $0 }, shape: [texts, width])
    for tensor in [places, words] { tape.watch(tensor) }
    let loss = PseudoCaptions.loss(
      inputs: places, bare: known.bare, captioned: known.captioned, texts: words, positives: positives,
      logScale: .scalar(known.logScale), regularisation: known.regularisation, on: tape)
    #expect(abs(loss.item - known.loss) < 1e-4)
    tape.backward(from: loss)
    let slopes = try #require(tape.gradient(of: places)).floats()
    // Softmax minus shares, over the number of bare rows, times the factor and the texts.
    let factor = exp(known.logScale)
    for (place, row) in known.bare.enumerated() {
      let logits = (0..<texts).map { text in
        factor * zip(known.inputs[row], known.texts[text]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let sum = logits.reduce(0) { $0 + exp($1) }
      for index in 0..<width {
        let slope = (0..<texts).reduce(Float(0)) { total, text in
          total + (exp(logits[text]) / sum - known.shares[place][text]) * factor * known.texts[text][index]
        }
        #expect(abs(slopes[row * width + index] - slope / Float(known.bare.count)) < 1e-3)
      }
    }
    // Labelled rows only tell where captions are; they are not moved by this.
    for row in known.captioned {
      #expect(slopes[row * width..<(row + 1) * width].allSatisfy { $0 == 0 })
    }
  }
}
