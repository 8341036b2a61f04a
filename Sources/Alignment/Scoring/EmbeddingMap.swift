import Foundation

/// Places of a task's rows in the shared space, seen from the side on which they lie furthest apart.
public struct EmbeddingMap: Sendable, Hashable, Codable {
  /// A row, or the descriptions of a label.
  public struct Point: Sendable, Hashable {
    /// Along the first and the second principal component, in thousandths of the space's unit.
    public var x: Int, y: Int
    /// Index into `names`.
    public var name: Int

    /// - Parameter name: index into the map's names.
    public init(x: Int, y: Int, name: Int) { (self.x, self.y, self.name) = (x, y, name) }
  }

  /// What the rows are told apart by: labels, or parts of the range of a number.
  public var names: [String]
  /// Rows, evenly spaced over the split where there are more than `EmbeddingMap.most`.
  public var points: [Point]
  /// Mean places of the labels' descriptions; empty without text.
  public var texts: [Point]
  /// Shares of the rows' variance along the two components.
  public var spread: [Double]

  /// Rows that a map shows at most: more lie over each other.
  public static let most = 600

  /// - Parameters:
  ///   - embeddings: one a row, all of one length.
  ///   - names: index of each row's name.
  ///   - texts: mean place of each name's descriptions; nil for names without.
  /// - Returns: nil for fewer than three rows, or rows that all lie in one place.
  public init?(_ embeddings: [[Float]], names: [String], of rows: [Int], texts: [[Float]?]) {
    let step = max(1, (embeddings.count + EmbeddingMap.most - 1) / EmbeddingMap.most)
    let shown = Array(stride(from: 0, to: embeddings.count, by: step))
    guard shown.count > 2, let plane = PrincipalPlane(shown.map { embeddings[$0] }) else { return nil }
    func point(_ embedding: [Float], _ name: Int) -> Point {
      let place = plane.place(embedding)
      return Point(x: Int((place.0 * 1000).rounded()), y: Int((place.1 * 1000).rounded()), name: name)
    }
    self.names = names
    points = shown.map { point(embeddings[$0], rows[$0]) }
    self.texts = texts.enumerated().compactMap { name, text in text.map { point($0, name) } }
    spread = plane.spread
  }

  private enum CodingKeys: String, CodingKey { case names, points, texts, spread }

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    names = try values.decode([String].self, forKey: .names)
    spread = try values.decode([Double].self, forKey: .spread)
    func points(_ key: CodingKeys) throws -> [Point] {
      try values.decode(String.self, forKey: key).split(separator: " ").map { text in
        let numbers = text.split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 3, numbers.allSatisfy({ abs($0) < 1_000_000 }) else {
          throw DecodingError.dataCorruptedError(
            forKey: key, in: values, debugDescription: "“\(text)” is no place.")
        }
        return Point(x: numbers[0], y: numbers[1], name: numbers[2])
      }
    }
    (self.points, texts) = (try points(.points), try points(.texts))
  }

  /// Writes points as one text `x,y,name x,y,name …`: a description is read at every start, and two thousand numbers
  /// on lines of their own would take most of it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(names, forKey: .names)
    try values.encode(spread, forKey: .spread)
    func text(_ points: [Point]) -> String {
      points.map { "\($0.x),\($0.y),\($0.name)" }.joined(separator: " ")
    }
    try values.encode(text(points), forKey: .points)
    try values.encode(text(texts), forKey: .texts)
  }
}
