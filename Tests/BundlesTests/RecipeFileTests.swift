import Alignment
import Bundles
import Encoders
import Layers
import Tensors
import Testing

@Suite("Recipes as YAML")
struct RecipeFileTests {
  private var full: Recipe {
    var recipe = Recipe()
    recipe.vision = VisionConfiguration(
      channels: 3, side: 64, stem: .convolution(widths: [8, 16], blocks: [1, 2]), width: 32, depth: 2,
      heads: .dynamic)
    recipe.series = SeriesConfiguration(sets: [], bands: 9, width: 40, depth: 2)
    recipe.text = TextConfiguration(vocabulary: 300, width: 24, depth: 1, heads: .fixed(3))
    recipe.decoder = .init(depth: 2, length: 50)
    (recipe.learningRate, recipe.seed, recipe.precision) = (1e-5, .max, .bf16)
    (recipe.contrast, recipe.labels, recipe.warmUp) = (.sigmoid, "10%", 0.1)
    recipe.augmentation.images.erase = 0
    return recipe
  }

  @Test("What is written is read back the same")
  func roundTrip() throws {
    #expect(try RecipeFile.decode(RecipeFile.encode(full), path: "r") == full)
    #expect(try RecipeFile.decode(RecipeFile.encode(Recipe()), path: "r") == Recipe())
    var patches = Recipe()
    patches.vision = VisionConfiguration(channels: 1, side: 32, stem: .patches(size: 8), width: 16, depth: 1)
    patches.labels = "50"
    #expect(try RecipeFile.decode(RecipeFile.encode(patches), path: "r") == patches)
  }

  @Test("Keys that are not named keep their defaults, inside sections too")
  func partial() throws {
    let text = "epochs: 7\nlearningRate: 2e-3\naugmentation:\n  images:\n    shift: 0.5\nlabels: 25%\n"
    var wanted = Recipe()
    (wanted.epochs, wanted.learningRate, wanted.labels) = (7, 2e-3, "25%")
    wanted.augmentation.images.shift = 0.5
    #expect(try RecipeFile.decode(text, path: "r") == wanted)
    var base = full
    base.seed = 3
    let changed = try RecipeFile.decode("vision:\n  side: 96\n", path: "r", defaults: base)
    base.vision?.side = 96
    #expect(changed == base)
  }

  @Test("Unknown keys are named, wherever they stand")
  func unknown() {
    let outer = #expect(throws: BundleError.self) { try RecipeFile.decode("epoch: 3\n", path: "my.yaml") }
    #expect(
      outer?.path == "my.yaml" && outer?.reason.contains("epoch") == true
        && outer?.remedy.contains("epochs") == true)
    let inner = #expect(throws: BundleError.self) {
      try RecipeFile.decode("augmentation:\n  images:\n    shft: 0.5\n", path: "r")
    }
    #expect(inner?.reason.contains("augmentation.images.shft") == true)
  }

  @Test(
    "Values that cannot be run are refused, all of them named",
    arguments: [
      "batch: 0", "epochs: 0", "warmUp: 1.5", "learningRate: -1", "learningRate: 0", "embedding: 0",
      "clip: 0",
      "labelSmoothing: 1", "patience: 0", "unlabelled: {views: -1}", "unlabelled: {confidence: 1}",
      "unlabelled: {maskedShare: 1}", "decoder: {depth: 0, length: 50}",
      "augmentation: {series: {crop: 0.7}}", "averageDecay: 2", "augmentation: {series: {speed: 0.5}}",
      "augmentation: {series: {timeWarp: -1}}", "augmentation: {series: {load: -1}}",
      "augmentation: {series: {jitter: -1}}", "augmentation: {series: {scaling: -0.1}}",
      "augmentation: {series: {channelDropout: 1}}", "pseudoLabels: 1.1",
    ])
  func unsound(_ text: String) {
    let error = #expect(throws: BundleError.self) { try RecipeFile.decode(text, path: "r") }
    let key =
      text.split { !$0.isLetter }.first { !["decoder", "augmentation", "series", "unlabelled"].contains($0) }
      ?? ""
    #expect(error?.reason.contains(key) == true)
    let both = #expect(throws: BundleError.self) { try RecipeFile.decode("batch: -3\nclip: -1\n", path: "r") }
    #expect(both?.reason.contains("batch") == true && both?.reason.contains("clip") == true)
  }

  @Test(
    "Shapes that cannot be built are refused",
    arguments: [
      "vision: {width: 0}", "vision: {channels: 2}", "vision: {side: 1}", "vision: {heads: 0}",
      "vision: {dropout: 1}",
      "vision: {stem: {convolution: {widths: [8], blocks: []}}}", "series: {blocks: 0, depth: 0}",
      "series: {bands: -1}", "series: {encoder: kernels, responses: 0}", "series: {encoder: wavelets}",
      "text: {length: 0}", "text: {vocabulary: 0}",
    ])
  func shapes(_ text: String) {
    #expect(throws: BundleError.self) { try RecipeFile.decode(text, path: "r", defaults: full) }
  }

  @Test(
    "What is no recipe is refused",
    arguments: ["", "just words", "- 1\n- 2", "epochs: many", "a: [", "epochs: 3.5"])
  func noRecipe(_ text: String) {
    #expect(throws: BundleError.self) { try RecipeFile.decode(text, path: "r") }
  }
}
