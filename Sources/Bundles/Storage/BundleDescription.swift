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
    public var created: String
    public var braid: String
    public var manifest: String
    public var manifestSHA256: String
    public var rows: [String: Int]
    /// Train rows that kept their label, text or target; all where the list is absent.
    public var keptIDs: [String]?
    public var epochs: Int
    public var bestEpoch: Int
    public var contrast: ContrastiveLoss
    public var seconds: Double
    public var threads: Int
    public var parameters: Int
    public var history: [EpochRecord]
    public var excludedColumns: [LeakAudit.ColumnExclusion]
    public var refused: [DatasetBuilder.Refusal]
    public var evaluations: [Evaluation]
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
    public var task: Int
    public var kind: SampleInput.Kind
    public var usual: Float
    public var ids: [String]
  }

  public var formatVersion = BundleDescription.newestFormat
  public var name: String
  public var vision: VisionConfiguration?
  public var series: SeriesConfiguration?
  public var text: TextConfiguration?
  public var embedding: Int
  public var decoder: SentenceDecoder.Configuration?
  public var tasks: [LabelTask]
  public var kinds: [Set<SampleInput.Kind>]
  /// Channel sets that the windows of each task follow; nil in bundles that do not tell.
  public var taskSets: [[Int]]?
  public var descriptions: [[[String]]]
  public var calibrations: [TaskCalibration]
  public var familiarity: [FamiliarityRecord]
  /// The same of plain appearance; nil in bundles of before it was measured.
  public var appearance: [FamiliarityRecord]?
  /// Kinds for which the selector has a trained network.
  public var selectorKinds: [String]
  public var selectorThreshold: Float
  public var training: TrainingRecord
  /// Where imported weights come from; nil in bundles that Braid trained.
  public var origin: ImportRecord?
  /// How matrices are stored; nil for bf16.
  public var matrixType: ElementType?
}
