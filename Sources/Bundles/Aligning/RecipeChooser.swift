import Alignment
import Encoders
import Reports

/// Chooses every part of a recipe that the user left open, from what the manifest holds.
public enum RecipeChooser {
  /// - Parameters:
  ///   - survey: of the train and validation rows.
  ///   - given: the user's recipe; parts that it names are kept.
  public static func choose(_ survey: ManifestSurvey, given: Recipe = Recipe(), isGiven: Bool = false)
    -> Recipe
  {
    var recipe = given
    let hasScans = survey.images + survey.clips > 0
    if hasScans && recipe.vision == nil { recipe.vision = vision(survey) }
    if survey.series > 0 && recipe.series == nil { recipe.series = series(survey) }
    if survey.texts + survey.labels > 0 && recipe.text == nil {
      recipe.text = TextConfiguration(
        vocabulary: survey.texts > 0 ? 2048 : 512, length: survey.texts > 0 ? 96 : 48, width: 96,
        depth: survey.texts > 0 ? 3 : 1, hidden: 192)
    }
    // With the vocabulary of an imported encoder a sentence decoder would be most of a training: then it is made
    // where labels tell that reports are wanted, not for pictures and captions.
    let isOwn = recipe.text?.bert == nil && recipe.text?.clip == nil
    if hasScans && recipe.text != nil && recipe.decoder == nil && survey.hasReports
      && (isOwn || survey.labels > 0)
    {
      recipe.decoder = .init(depth: 2, length: 96)
    }
    if !isGiven { schedule(&recipe, survey) }
    return recipe
  }

  /// Rows from which pictures of 200 pixels and more are seen at 224: four times the work of 112, which fewer rows do
  /// not repay.
  private static let rowsForDetail = 2000

  /// For a training that starts from a bundle: the shapes of the encoders that it takes over, and everything else as
  /// for the manifest. The series encoder is shaped by its data and takes over what fits.
  static func choose(_ survey: ManifestSurvey, from source: BundleDescription) -> Recipe {
    var given = Recipe()
    (given.vision, given.text, given.embedding) = (source.vision, source.text, source.embedding)
    given.decoder = source.decoder.map { .init(depth: $0.depth, length: $0.length) }
    if source.text?.bert != nil || source.text?.clip != nil { given.pretrained.text = textRate(survey) }
    return choose(survey, given: given)
  }

  /// Of an imported text encoder. Captions are worded alike, and telling them apart has to be learned: on
  /// `truce-synthetic` low-rank pairs in the encoder raise the recall at 5 on validation from 0.70 to 0.74. The few
  /// sentences that describe labels teach it nothing, and what it knows of words that are not among them is what it is
  /// taken for. Long texts would cost hours on a plain CPU where each is encoded at every step; they say enough to be
  /// told apart as they are.
  private static func textRate(_ survey: ManifestSurvey) -> Float {
    survey.labels == 0 && (1...24).contains(survey.words) ? 0.02 : 0
  }

  /// Smaller pictures get fewer halvings; about 50 to 200 tokens a picture are enough for the sets that fit a
  /// plain CPU.
  private static func vision(_ survey: ManifestSurvey) -> VisionConfiguration {
    let channels = survey.hasColour ? 3 : 1
    switch survey.side {
    case ...40:
      // Seen at twice their side and more, so that a first stage looks at single pixels' surroundings: on PneumoniaMNIST
      // level on validation, better on the same rows as another hospital might have taken them, for both seeds tried.
      return VisionConfiguration(
        channels: channels, side: 56, stem: .convolution(widths: [24, 48, 96], blocks: [1, 2, 1]), width: 96,
        depth: 2, hidden: 192)
    case ...80:
      return VisionConfiguration(
        channels: channels, side: 64, stem: .convolution(widths: [24, 48, 96], blocks: [1, 2, 1]), width: 96,
        depth: 2, hidden: 192)
    case 200... where survey.train >= rowsForDetail:
      // The first stage has no blocks: at 112 x 112 places they would take as long as all the rest.
      return VisionConfiguration(
        channels: channels, side: 224, stem: .convolution(widths: [16, 32, 64, 112], blocks: [0, 1, 2, 1]),
        width: 112, depth: 2, hidden: 224)
    default:
      return VisionConfiguration(
        channels: channels, side: 112, stem: .convolution(widths: [16, 32, 64, 112], blocks: [1, 1, 2, 1]),
        width: 112, depth: 2, hidden: 224)
    }
  }

  /// States are told apart by statistics, remaining life by the course of the channels.
  private static func series(_ survey: ManifestSurvey) -> SeriesConfiguration {
    let isForecast = survey.targets > 0
    let isClassified = survey.labels > 0 || survey.texts > 0
    return SeriesConfiguration(
      sets: [], points: 32, bands: 7, width: isClassified ? 256 : 128, hidden: isClassified ? 512 : 256,
      blocks: isClassified ? 1 : 0, depth: isForecast || survey.texts > 0 ? 2 : 0, tokenWidth: 64,
      dropout: isClassified ? 0.3 : 0.1, inputDropout: isClassified ? 0.3 : 0.1)
  }

  /// Rows a step. Some hundred scans with labels would be a step or two an epoch with the usual 64.
  private static func batch(_ survey: ManifestSurvey) -> Int {
    guard survey.images + survey.clips > 0, survey.labels > 0 else { return 64 }
    var batch = 64
    while batch > 16, survey.train < 8 * batch { batch /= 2 }
    return batch
  }

  /// A label that stands for less than a third of its even share is one that a plain loss leaves unlearned.
  static let rare: Float = 1 / 3

  /// For some hundred scans: slower steps, a shorter average, and validations no more often than forty times.
  private static func tame(_ recipe: inout Recipe) {
    recipe.learningRate = 5e-4
    recipe.averageDecay = 0.99
    recipe.validateEvery = max(1, recipe.epochs / 40)
  }

  private static func schedule(_ recipe: inout Recipe, _ survey: ManifestSurvey) {
    let hasScans = survey.images + survey.clips > 0
    recipe.batch = batch(survey)
    // Rows that an epoch goes over: those with labels come back until they are half of all.
    let rows = max(1, survey.train, hasScans ? 2 * (survey.train - survey.labelled) : 0)
    // Steps that were enough on sets of this kind; text alone to learn from needs more.
    var steps = hasScans ? 900 : survey.targets > 0 ? 1200 : 500
    if survey.labels == 0 && survey.texts > 0 { steps = 1500 }
    // More to see: twelve epochs of large X-rays left their losses falling.
    if hasScans && survey.labels > 0 && recipe.vision?.side == 224 { steps = 1800 }
    let isSmall = recipe.batch < 64
    recipe.epochs = max(4, min(isSmall ? 160 : 60, steps * recipe.batch / rows))
    recipe.patience = max(4, recipe.epochs / 3)
    recipe.learningRate = hasScans ? 1.5e-3 : survey.targets > 0 && survey.labels == 0 ? 1e-3 : 2e-3
    recipe.weightDecay = hasScans ? 0.05 : survey.labels > 0 ? 0.2 : 0.05
    recipe.averageDecay = hasScans ? 0.998 : 0.99
    recipe.labelSmoothing = 0.1
    if survey.labels == 0 { recipe.contrastWeight = 1 }
    if !hasScans && survey.texts == 0 { recipe.contrastWeight = 0.3 }
    // Descriptions of a few labels: every batch holds all of them, which a decision for each pair makes nothing of.
    if survey.texts == 0 { recipe.contrast = .infoNCE }
    if hasScans {
      // Validation saw nothing in a second view of pictures, which doubles the work; a slow teacher helps a little once
      // it has learned from some hundred labels (CONTRIBUTING, "What rows without label teach").
      recipe.unlabelled.views = 0
      recipe.unlabelled.consistency = survey.labelled >= 200 ? 1 : 0
    }
    if survey.rarest < Self.rare { recipe.balance = 1 }
    if survey.clips > 0 { recipe.augmentation.images.frames = 0.25 }
    if isSmall { tame(&recipe) }
    if let vision = recipe.vision, vision.side == 224, !vision.isForeign { recipe.halfSide = 0.6 }
  }
}
