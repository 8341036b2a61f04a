import Alignment
import Foundation
import Yams

/// Recipes as YAML.
public enum RecipeFile {
  /// The whole recipe, every key written.
  public static func encode(_ recipe: Recipe) throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.sortKeys = true
    return try encoder.encode(recipe)
  }

  /// Reads a recipe; keys that it does not name keep their defaults.
  /// - Throws: `BundleError` that names the key that is unknown or has a wrong value.
  public static func decode(_ text: String, path: String, defaults: Recipe = Recipe()) throws -> Recipe {
    do {
      let base = try Yams.load(yaml: encode(defaults)) as? [String: Any] ?? [:]
      guard let given = try Yams.load(yaml: text) as? [String: Any] else {
        throw BundleError(path: path, reason: "This is no recipe.", remedy: "Write it as YAML, one key a line.")
      }
      let unknown = given.keys.filter { base[$0] == nil && !optional.contains($0) }.sorted()
      guard unknown.isEmpty else {
        throw BundleError(
          path: path, reason: "The recipe has unknown keys: \(unknown.joined(separator: ", ")).",
          remedy: "Known are \((Array(base.keys) + optional).sorted().joined(separator: ", ")).")
      }
      return try YAMLDecoder().decode(Recipe.self, from: Yams.dump(object: merge(base, given)))
    } catch let error as BundleError {
      throw error
    } catch {
      throw BundleError(
        path: path, reason: "The recipe cannot be read: \(error)", remedy: "Compare it with a bundle's recipe.yaml.")
    }
  }

  /// Keys that a recipe of defaults does not write.
  private static let optional = ["vision", "series", "text", "decoder", "labels"]

  private static func merge(_ base: [String: Any], _ given: [String: Any]) -> [String: Any] {
    base.merging(given) { old, new in
      if let old = old as? [String: Any], let new = new as? [String: Any] { return merge(old, new) }
      return new
    }
  }
}
