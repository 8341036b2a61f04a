import Alignment
import Encoders
import Reports
import Selector
import Tensors
import Training

/// Everything of a bundle but its weights: `bundle.json`.
public struct BundleDescription: Sendable, Codable {
  /// Raised when an older Braid could not read a bundle.
  public static let newestFormat = 1

  /// How a training went, for people and for doing it again.
  public struct TrainingRecord: Sendable, Codable {
    /// When the training began, or the import was done: ISO 8601 in UTC.
    public var created: String
    /// The version of Braid that made the bundle.
    public var braid: String
    /// File name of the manifest, without its folder; empty for imported weights.
    public var manifest: String
    /// Of the manifest's bytes, in hexadecimal; empty for imported weights.
    public var manifestSHA256: String
    /// Inputs read, by split (`train`, `val`, `test`), those held out for validation counted as `val`; and `labelled`,
    /// train rows that kept a label, text or target, before any were held out; and `labelledByOverlap`, those that took
    /// the label of windows that they overlap with, where there are any.
    public var rows: [String: Int]
    /// Train rows that kept their label, text or target; all where the list is absent.
    public var keptIDs: [String]?
    /// Epochs that were run before training ended.
    public var epochs: Int
    /// The epoch that did best on validation, 1 for the first; the last where there was no validation part.
    public var bestEpoch: Int
    /// The contrastive loss that was used.
    public var contrast: ContrastiveLoss
    /// Time of the whole job, decoding and scoring included, in seconds.
    public var seconds: Double
    /// Threads that shared the work.
    public var threads: Int
    /// Number of trained values, heads included.
    public var parameters: Int
    /// Every epoch, in order; without those of a last training on held-out rows too.
    public var history: [EpochRecord]
    /// Columns of recordings that were kept from the model, and why.
    public var excludedColumns: [LeakAudit.ColumnExclusion]
    /// Rows of the manifest that could not be used, and why.
    public var refused: [DatasetBuilder.Refusal]
    /// Scores on `val` and `test`, those of the two that have rows.
    public var evaluations: [Evaluation]
    /// Ways to read recordings that were tried, with their scores on validation; nil where there was no choice.
    var encoders: [EncoderTrial.Tried]?
    /// How the rows of a manifest without splits were dealt out; nil where it names splits, or none could be dealt.
    public var dealt: SplitDeal.Record?
    /// Rows to choose or score by that an earlier split has in some way too; nil in bundles that do not tell.
    public var audit: SplitAudit.Record?
    /// The scores without those rows, of the splits that have such rows and others; nil without any.
    public var honest: [Evaluation]?
    /// How labels that were left out of training are told by their texts alone; nil where none were.
    public var leftOut: LeftOutFigures?
  }

  /// Weights that others trained.
  public struct ImportRecord: Sendable, Codable {
    /// Name of the folder that they were read from.
    public var folder: String
    /// As the original names it, such as `BertModel`.
    public var architecture: String
    /// Of the original's weight files, by name.
    public var sha256: [String: String]
    /// Weights of the original that embedding does not use.
    public var leftOut: [String]
    /// Where Braid's result differs from the original's, in plain sentences.
    public var notes: [String]
  }

  /// How strange an input is: what the prototypes in the weights mean.
  public struct FamiliarityRecord: Sendable, Codable {
    /// Index into `tasks`.
    public var task: Int
    /// Modality of the inputs.
    public var kind: SampleInput.Kind
    /// The cosine distance that 95 % of such inputs stay below; see `Familiarity`.
    public var usual: Float
    /// Ids of the training rows that the prototypes are, in their order.
    public var ids: [String]
  }

  /// Of this file; one above `newestFormat` is refused.
  public var formatVersion = BundleDescription.newestFormat
  /// The bundle's, as reports and errors call it.
  public var name: String
  /// Shape of the vision encoder; nil without images and clips.
  public var vision: VisionConfiguration?
  /// Shape of the series encoder, with its channel sets; nil without series.
  public var series: SeriesConfiguration?
  /// Shape of the text encoder; nil without text.
  public var text: TextConfiguration?
  /// Width of the space that all modalities share.
  public var embedding: Int
  /// Shape of the sentence decoder; nil without one.
  public var decoder: SentenceDecoder.Configuration?
  /// The questions that the heads answer; everywhere else a task is its index here.
  public var tasks: [LabelTask]
  /// Modalities of each task: `[task]`.
  public var kinds: [Set<SampleInput.Kind>]
  /// Channel sets that the windows of each task follow; nil in bundles that do not tell.
  public var taskSets: [[Int]]?
  /// Sentences on what each label means: `[task][label][description]`.
  public var descriptions: [[[String]]]
  /// One a task.
  public var calibrations: [TaskCalibration]
  /// What is usual for each task and kind of input that was trained on; the prototypes stand in the weights.
  public var familiarity: [FamiliarityRecord]
  /// The same of plain appearance; nil in bundles that do not tell.
  public var appearance: [FamiliarityRecord]?
  /// Kinds for which the selector has a trained network.
  public var selectorKinds: [String]
  /// Inputs whose trust, less the price of their cost, is below this are left out; 0 to 1.
  public var selectorThreshold: Float
  /// Who answers the tasks of recordings beside the heads; nil in bundles where nobody does.
  public var ensemble: [SeriesEnsemble.Record]?
  /// Whether the views of examinations are encoded together; nil where no validation row had several views.
  public var views: [ViewsFigures]?
  /// How the training went; mostly empty for imported weights.
  public var training: TrainingRecord
  /// Where imported weights come from; nil in bundles that Braid trained.
  public var origin: ImportRecord?
  /// Where the linear maps stand in the model that was imported, by Braid's names; nil for Braid's own.
  public var modules: [String: OriginalModule]?
  /// Low-rank pairs that were merged into the weights, in their order; nil without any.
  public var adapters: [AdapterRecord]?
  /// Train rows that the bundle keeps; nil where it keeps none.
  public var replay: ReplayRecord?
  /// How the bundle learned on; nil for one that did not.
  public var continuation: ContinuationRecord?
  /// How matrices are stored; nil for bf16.
  public var matrixType: ElementType?
}
