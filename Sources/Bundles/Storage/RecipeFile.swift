import Alignment
import Foundation
import Yams

/// Recipes as YAML. Channel sets are not part of a recipe on disk: they are measured on the data.
public enum RecipeFile {
  /// The whole recipe, every key written.
  public static func encode(_ recipe: Recipe) throws -> String {
    var recipe = recipe
    recipe.series?.sets = []
    // By way of JSON, which writes every number as short as it can be read back.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return lines(try JSONDecoder().decode(Value.self, from: encoder.encode(recipe)), indent: "")
  }

  /// A part of a recipe.
  private indirect enum Value: Decodable {
    case word(String), list([Value]), map([String: Value])

    init(from decoder: any Decoder) throws {
      if let map = try? decoder.singleValueContainer().decode([String: Value].self) {
        self = .map(map)
      } else if let list = try? decoder.singleValueContainer().decode([Value].self) {
        self = .list(list)
      } else {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
          self = .word("\(flag)")
        } else if let number = try? value.decode(Int.self) {
          self = .word("\(number)")
        } else if let number = try? value.decode(UInt64.self) {
          // A seed may be larger than an Int.
          self = .word("\(number)")
        } else if let number = try? value.decode(UInt64.self) {
          self = .word("\(number)")
        } else if let number = try? value.decode(Float.self) {
          self = .word("\(number)")
        } else {
          self = .word("'" + (try value.decode(String.self)).replacingOccurrences(of: "'", with: "''") + "'")
        }
      }
    }

    /// On one line, for lists.
    var inline: String {
      switch self {
      case .word(let word): word
      case .list(let list): "[" + list.map(\.inline).joined(separator: ", ") + "]"
      case .map(let map):
        "{" + map.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.inline)" }.joined(separator: ", ")
          + "}"
      }
    }
  }

  private static func lines(_ value: Value, indent: String) -> String {
    guard case .map(let map) = value else { return indent + value.inline + "\n" }
    return map.sorted { $0.key < $1.key }.map { key, value in
      if case .map(let inner) = value, !inner.isEmpty {
        return "\(indent)\(key):\n" + lines(value, indent: indent + "  ")
      }
      return "\(indent)\(key): \(value.inline)\n"
    }.joined()
  }

  /// Reads a recipe; keys that it does not name keep their defaults.
  /// - Throws: `BundleError` that names the key that is unknown or has a wrong value.
  public static func decode(_ text: String, path: String, defaults: Recipe = Recipe()) throws -> Recipe {
    do {
      let base = try Yams.load(yaml: encode(defaults)) as? [String: Any] ?? [:]
      guard let given = try Yams.load(yaml: text) as? [String: Any] else {
        throw BundleError(
          path: path, reason: "This is no recipe.", remedy: "Write it as YAML, one key a line.")
      }
      let unknown = given.keys.filter { base[$0] == nil && !optional.contains($0) }.sorted()
      guard unknown.isEmpty else {
        throw BundleError(
          path: path, reason: "The recipe has unknown keys: \(unknown.joined(separator: ", ")).",
          remedy: "Known are \((Array(base.keys) + optional).sorted().joined(separator: ", ")).")
      }
      // Merged as written, not as numbers: a seed may be larger than an Int.
      guard let written = try Yams.compose(yaml: text), let known = try Yams.compose(yaml: encode(defaults))
      else {
        throw BundleError(
          path: path, reason: "This is no recipe.", remedy: "Write it as YAML, one key a line.")
      }
      let recipe = try YAMLDecoder().decode(Recipe.self, from: merge(known, written))
      let read = try Yams.load(yaml: encode(recipe)) as? [String: Any] ?? [:]
      let unread = unread(of: given, in: read, below: "")
      guard unread.isEmpty else {
        throw BundleError(
          path: path, reason: "The recipe has unknown keys: \(unread.joined(separator: ", ")).",
          remedy: "Compare it with a bundle's recipe.yaml.")
      }
      let problems = recipe.problems
      guard problems.isEmpty else {
        throw BundleError(
          path: path, reason: "No training can be run with this recipe: \(problems.joined(separator: "; ")).",
          remedy: "Correct these values.")
      }
      return recipe
    } catch let error as BundleError {
      throw error
    } catch {
      throw BundleError(
        path: path, reason: "The recipe cannot be read: \(error)",
        remedy: "Compare it with a bundle's recipe.yaml.")
    }
  }

  /// Keys that a recipe of defaults does not write.
  private static let optional = ["vision", "series", "text", "decoder", "labels", "lora"]

  /// Dotted names of keys that left nothing in the recipe that was read.
  private static func unread(of given: [String: Any], in read: [String: Any], below prefix: String)
    -> [String]
  {
    given.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
      if value is NSNull { return [] }
      guard let known = read[key] else { return [prefix + key] }
      guard let value = value as? [String: Any], let known = known as? [String: Any] else { return [] }
      return unread(of: value, in: known, below: prefix + key + ".")
    }
  }

  private static func merge(_ base: Node, _ given: Node) -> Node {
    guard var merged = base.mapping, let given = given.mapping else { return given }
    for (key, value) in given { merged[key] = merged[key].map { merge($0, value) } ?? value }
    return .mapping(merged)
  }
}
