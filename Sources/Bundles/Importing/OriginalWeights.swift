import Layers
import Tensors

/// The original's weights, by their names without prefix.
struct OriginalWeights {
  private let plan: ImportPlan
  private let files: [SafetensorsFile]
  private let places: [String: (file: SafetensorsFile, name: String)]
  private let path: String

  init(_ paths: [String], _ plan: ImportPlan, path: String) throws {
    (self.plan, self.path) = (plan, path)
    files = try paths.map { try SafetensorsFile(path: $0) }
    var places: [String: (file: SafetensorsFile, name: String)] = [:]
    for file in files {
      for name in file.names { places[OriginalWeights.plain(name, plan)] = (file, name) }
    }
    self.places = places
    let stored = places.values.reduce(0) { $0 + ($1.file.shape($1.name) ?? []).reduce(1, *) }
    // Before anything of the size that config.json gives is built.
    guard plan.parameters <= 2 * stored + 1_000_000 else {
      throw BundleError(
        path: path,
        reason: "config.json describes about \(plan.parameters) values, but the weight files hold \(stored).",
        remedy: "Put config.json and weights of the same model into the folder.")
    }
  }

  /// Whether every matrix is bf16, which is how Braid then keeps them.
  var areBF16: Bool {
    places.values.allSatisfy { ($0.file.shape($0.name)?.count ?? 0) < 2 || $0.file.type($0.name) == "BF16" }
  }

  /// Values for the parameters of a model.
  /// - Throws: `LoadingProblems` with every name that is missing, unused or misshapen, as the original spells it.
  func values(for parameters: [(name: String, tensor: Tensor)]) throws -> (
    values: [String: Tensor], leftOut: [String]
  ) {
    var values: [String: Tensor] = [:]
    var used: Set<String> = []
    var problems: [LoadingProblems.Problem] = []
    // The scale and bias of a contrastive loss stand in the original of a model that was trained with it.
    for (name, tensor) in parameters where !name.hasPrefix("contrast.") || plan.whole[name] != nil {
      guard let origin = plan.origin(of: name) else {
        problems.append(.missing(name))
        continue
      }
      if let norm = origin.norm {
        let folded = try folded(name, tensor.shape, origin, norm, &used, &problems)
        if let folded { values[name] = folded }
        continue
      }
      used.insert(origin.name)
      guard let place = places[origin.name] else {
        if origin.isOptional {
          values[name] = Tensor(zeros: tensor.shape)
        } else if !problems.contains(.missing(origin.name)) {
          problems.append(.missing(origin.name))
        }
        continue
      }
      let wanted = origin.layout.shape(of: tensor.shape)
      let stored = place.file.shape(place.name) ?? []
      guard stored == wanted else {
        let problem = LoadingProblems.Problem.shape(place.name, model: wanted, checkpoint: stored)
        if !problems.contains(problem) { problems.append(problem) }
        continue
      }
      values[name] = origin.layout.read(try finite(place), shape: tensor.shape)
    }
    let rest = places.keys.filter { !used.contains($0) }.sorted()
    let leftOut = rest.filter { name in
      plan.leftOut.contains { name.hasPrefix($0) } || name.hasSuffix(".num_batches_tracked")
    }
    problems += rest.filter { !leftOut.contains($0) }.map { .unused(places[$0]?.name ?? $0) }
    guard problems.isEmpty else { throw LoadingProblems(problems: problems) }
    return (values, leftOut.map { places[$0]?.name ?? $0 })
  }

  /// A parameter of a convolution that does the work of the batch normalisation after it too (Ioffe and Szegedy 2015):
  /// its filters by γ / √(variance + ε), and β - mean γ / √(variance + ε) as its bias.
  private func folded(
    _ name: String, _ shape: [Int], _ origin: WeightOrigin, _ norm: String, _ used: inout Set<String>,
    _ problems: inout [LoadingProblems.Problem]
  ) throws -> Tensor? {
    var parts: [[Float]] = []
    let known = problems.count
    func read(_ plain: String, _ wanted: [Int]) throws {
      used.insert(plain)
      var problem: LoadingProblems.Problem?
      if let place = places[plain] {
        let stored = place.file.shape(place.name) ?? []
        if stored == wanted {
          parts.append(try finite(place))
        } else {
          problem = .shape(place.name, model: wanted, checkpoint: stored)
        }
      } else {
        problem = .missing(plain)
      }
      if let problem, !problems.contains(problem) { problems.append(problem) }
      if problem != nil { parts.append([]) }
    }
    for kind in ["weight", "bias", "running_mean", "running_var"] { try read("\(norm).\(kind)", [shape[0]]) }
    let isBias = shape.count == 1
    if !isBias { try read(origin.name, origin.layout.shape(of: shape)) }
    guard problems.count == known, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    let factors = zip(parts[0], parts[3]).map { $0 / ($1 + OriginalWeights.epsilon).squareRoot() }
    guard factors.allSatisfy(\.isFinite) else {
      throw BundleError(
        path: path, reason: "The variances \(norm).running_var are below 0.",
        remedy: "Copy or download the file again.")
    }
    if isBias {
      return Tensor(factors.indices.map { parts[1][$0] - parts[2][$0] * factors[$0] }, shape: shape)
    }
    let size = parts[4].count / shape[0]
    let filters = parts[4].indices.map { parts[4][$0] * factors[$0 / size] }
    return origin.layout.read(filters, shape: shape)
  }

  /// What TensorFlow's EfficientNets add to variances.
  private static let epsilon: Float = 1e-3

  private func finite(_ place: (file: SafetensorsFile, name: String)) throws -> [Float] {
    let floats = try place.file.floats(place.name)
    guard floats.allSatisfy(\.isFinite) else {
      throw BundleError(
        path: place.file.path, reason: "The tensor \(place.name) holds numbers that are not finite.",
        remedy: "Copy or download the file again.")
    }
    return floats
  }

  /// Without prefix, and with today's names of a normalisation's parameters.
  private static func plain(_ name: String, _ plan: ImportPlan) -> String {
    var plain = name
    if let prefix = plan.prefixes.first(where: { name.hasPrefix($0) }) { plain.removeFirst(prefix.count) }
    if plain.hasSuffix(".gamma") { return plain.dropLast(6) + ".weight" }
    if plain.hasSuffix(".beta") { return plain.dropLast(5) + ".bias" }
    return plain
  }
}

extension WeightLayout {
  /// The shape in which the original has a parameter of `shape`.
  func shape(of shape: [Int]) -> [Int] {
    switch self {
    case .same: shape
    case .channelsFirst: [shape[0], shape[3], shape[1], shape[2]]
    case .withoutLeadingOnes: Array(shape.drop { $0 == 1 })
    case .rows(_, let total): [total] + shape.dropFirst()
    }
  }

  /// The original's values as a parameter of `shape`.
  func read(_ values: [Float], shape: [Int]) -> Tensor {
    switch self {
    case .same, .withoutLeadingOnes: return Tensor(values, shape: shape)
    case .rows(let start, _):
      let row = shape.dropFirst().reduce(1, *)
      return Tensor(Array(values[start * row..<(start + shape[0]) * row]), shape: shape)
    case .channelsFirst:
      return Tensor(shape: shape) { out in
        var index = 0
        for filter in 0..<shape[0] {
          for y in 0..<shape[1] {
            for x in 0..<shape[2] {
              for channel in 0..<shape[3] {
                out[index] = values[((filter * shape[3] + channel) * shape[1] + y) * shape[2] + x]
                index += 1
              }
            }
          }
        }
      }
    }
  }
}
