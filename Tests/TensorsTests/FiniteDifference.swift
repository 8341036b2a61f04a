import Tensors

/// A generator for test values: SplitMix64 (Steele et al. 2014).
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func tensor(_ shape: [Int], _ range: ClosedRange<Float> = -1...1) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in Float.random(in: range, using: &self) }, shape: shape)
  }
}

/// What a gradient and a finite difference of the same function disagree by.
struct GradientGap {
  let input: Int
  let element: Int
  let analytic: Float
  let numeric: Float
}

/// Holds the tape's gradients of Σ r f(inputs), r fixed random numbers, against central differences, and returns
/// the worst disagreement relative to the size of the gradient of that input. The sum is taken in double.
func worstGap(
  _ inputs: [Tensor], step: Float = 1e-2, precision: ElementType = .f32,
  _ function: (Tape, [Tensor]) -> Tensor
) -> (gap: Float, at: GradientGap?) {
  var rng = TestGenerator(99)
  let tape = Tape(.training, precision: precision)
  for input in inputs { tape.watch(input) }
  let output = function(tape, inputs)
  let weights = rng.tensor(output.shape)
  tape.backward(from: [(output, weights)])
  let r = weights.floats()
  func value(_ inputs: [Tensor]) -> Double {
    let y = function(Tape(.inference), inputs).floats()
    return zip(y, r).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  var worst: Float = 0
  var place: GradientGap?
  for (number, input) in inputs.enumerated() {
    guard let gradient = tape.gradient(of: input)?.floats() else {
      return (.infinity, GradientGap(input: number, element: -1, analytic: .nan, numeric: .nan))
    }
    let values = input.floats()
    var numeric = [Float](repeating: 0, count: values.count)
    for i in values.indices {
      var moved = values
      var others = inputs
      moved[i] = values[i] + step
      let width = Double(moved[i])
      others[number] = Tensor(moved, shape: input.shape)
      let up = value(others)
      moved[i] = values[i] - step
      others[number] = Tensor(moved, shape: input.shape)
      numeric[i] = Float((up - value(others)) / (width - Double(moved[i])))
    }
    let size = max(numeric.map(abs).max() ?? 0, 1e-3)
    for i in values.indices {
      let gap = abs(numeric[i] - gradient[i]) / size
      if !(gap <= worst) {
        worst = gap
        place = GradientGap(input: number, element: i, analytic: gradient[i], numeric: numeric[i])
      }
    }
  }
  return (worst, place)
}
