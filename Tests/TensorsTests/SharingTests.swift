import Tensors
import Testing

/// What is shared between the parts of a batch, between replicas, and between blocks of memory.
@Suite struct SharingTests {
  struct Fixed: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 { state }
  }

  @Test("Dropout gives a sample the same whatever part it goes through in")
  func dropout() {
    let whole = Tensor((0..<6 * 40).map { Float($0 + 1) }, shape: [6, 40])
    func dropped(_ samples: Range<Int>) -> [Float] {
      let tape = Tape()
      var rng = Fixed(state: 99)
      tape.samples = samples
      let part = tape.slice(whole, axis: 0, from: samples.lowerBound, count: samples.count)
      // Two rows a sample, as the frames of a clip are.
      return tape.dropout(tape.reshape(part, [2 * samples.count, 20]), rate: 0.4, using: &rng).floats()
    }
    let all = dropped(0..<6)
    #expect(dropped(0..<2) + dropped(2..<5) + dropped(5..<6) == all)
    // And each sample by a silence of its own.
    let silences = Set((0..<12).map { row in all[row * 20..<(row + 1) * 20].map { $0 == 0 } })
    #expect(silences.count == 12)
  }

  @Test("The gradient of a large table is that of the rows taken from it, and of its other uses")
  func table() {
    let table = Tensor((0..<50 * 3).map { Float($0 % 7) }, shape: [50, 3])
    for precision in [ElementType.f32, .bf16] {
      let tape = Tape(.training, precision: precision)
      tape.watch(table)
      let first = tape.gather(table, indices: [4, 9, 4], shape: [3])
      let second = tape.take(table, indices: [9])
      let other = tape.sum(tape.scale(table, by: 0.5))
      let loss = tape.add(tape.add(tape.sum(first), tape.scale(tape.sum(second), by: 4)), other)
      tape.backward(from: loss)
      var wanted = [Float](repeating: 0.5, count: 150)
      for column in 0..<3 {
        wanted[4 * 3 + column] += 2
        wanted[9 * 3 + column] += 5
      }
      #expect(tape.gradient(of: table)?.floats() == wanted)
      // Asked again it is the same.
      #expect(tape.gradient(of: table)?.floats() == wanted)
    }
  }

  @Test("A weight that changed is cast anew")
  func casts() {
    guard ElementType.hasFastBF16 else { return }
    var weight = Tensor([1, 2, 3, 4], shape: [2, 2])
    let x = Tensor([1, 0], shape: [1, 2])
    func product() -> [Float] {
      let tape = Tape(.training, precision: .bf16)
      tape.watch(weight)
      return tape.linear(x, weight: weight).floats()
    }
    #expect(product() == [1, 3])
    weight.withUnsafeMutableFloats { $0[0] = 8 }
    #expect(product() == [8, 3])
  }

  @Test("Memory that large tensors leave serves others of other sizes")
  func regions() {
    func fill(_ count: Int, _ size: Int) {
      let tensors = (0..<count).map { Tensor(repeating: Float($0), shape: [size]) }
      for (index, tensor) in tensors.enumerated() {
        #expect(tensor.withUnsafeFloats { $0[0] == Float(index) && $0[size - 1] == Float(index) })
      }
    }
    fill(200, 75_000)
    let before = TensorMemory.held
    // Lists by size would take 60 MB again for each of these.
    fill(100, 147_456)
    fill(900, 16_600)
    fill(1, 15_000_000)
    #expect(TensorMemory.held - before < 70_000_000)
  }

  @Test("Large blocks taken and left by several threads in any order keep what is theirs")
  func shuffled() async {
    let wrong = await withTaskGroup(of: Int.self) { group in
      for thread in 0..<4 { group.addTask { SharingTests.shuffle(thread) } }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  /// - Returns: tensors that did not hold what was written to them.
  private static func shuffle(_ thread: Int) -> Int {
    var state = UInt64(thread + 1), wrong = 0
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var held: [(Tensor, Float)] = []
    for round in 0..<600 {
      let value = Float(thread * 1000 + round)
      held.append((Tensor(repeating: value, shape: [16_384 + draw(120_000)]), value))
      guard held.count > 12 else { continue }
      let (tensor, wanted) = held.remove(at: draw(held.count))
      let count = tensor.count
      let kept = tensor.withUnsafeFloats {
        $0[0] == wanted && $0[count / 2] == wanted && $0[count - 1] == wanted
      }
      if !kept { wrong += 1 }
    }
    return wrong
  }
}
