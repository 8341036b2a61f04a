import Encoders
import Tensors

/// Everything that makes a training what it is. Written into the bundle; the same recipe, manifest, seed and
/// number of threads give the same bundle again.
public struct Recipe: Sendable, Codable, Hashable {
  /// The model.
  public var vision: VisionConfiguration?
  /// Shape of the series encoder; nil for none.
  public var series: SeriesConfiguration?
  /// Shape of the text encoder; nil for none.
  public var text: TextConfiguration?
  /// Width of the shared space.
  public var embedding = 128
  /// Hidden width and blocks of the sentence decoder; nil for no decoder.
  public var decoder: Decoder?

  /// The optimisation.
  public var seed: UInt64 = 0
  /// Passes over the train rows, at most.
  public var epochs = 30
  /// Rows a step, over all threads.
  public var batch = 64
  /// Of parameters that begin at chance; what is taken over from a bundle learns at a part of it, see `pretrained`.
  public var learningRate: Float = 1e-3
  /// Factors on the learning rate for what is taken over, so that it is not torn up.
  public var pretrained = PretrainedRates()
  /// Share of the steps in which the rate climbs to its full height.
  public var warmUp: Float = 0.1
  /// Share of the steps, from the first, in which pictures are seen at half their side, for a quarter of the work (Tan
  /// and Le 2021, "EfficientNetV2": progressive learning). Only Braid's own encoder takes another size.
  public var halfSide: Float = 0
  /// Share of a weight that goes with each step, times the learning rate.
  public var weightDecay: Float = 0.05
  /// Largest norm of all gradients together.
  public var clip: Float = 1
  /// Of the slow average of the weights, which is what is validated and kept.
  public var averageDecay: Float = 0.99
  /// Epochs from one validation to the next. With few rows an epoch is a handful of steps, and scoring them all again
  /// would cost as much as the training.
  public var validateEvery = 1
  /// Epochs without a better validation after which training ends.
  public var patience = 10
  /// Of the matrix products.
  public var precision: ElementType = .f32

  /// Fine-tuning by low-rank pairs beside frozen encoders; nil to train every weight.
  public var lora: LowRankAdaptation?

  /// The losses.
  public var contrast: ContrastChoice = .auto
  /// Of the contrastive loss.
  public var contrastWeight: Float = 0.5
  /// Of the labels' loss.
  public var headWeight: Float = 1
  /// Of the targets' loss.
  public var valueWeight: Float = 1
  /// Of the sentence decoder's loss.
  public var decoderWeight: Float = 0.5
  /// What is learned from rows without label, text or target.
  public var unlabelled = UnlabelledLearning()
  /// How far rare labels of a task, of which each row has one, are made up for in the loss: 0 not at all, 1 until each
  /// label counts as much as any other. Between, a row counts by its label's share to the power of minus this.
  public var balance: Float = 0
  /// Share of a label's weight that is spread over the others.
  public var labelSmoothing: Float = 0.05

  /// Learners that may answer the tasks of recordings beside the network; validation weighs them. Empty for the
  /// network alone.
  public var ensemble = EnsembleMember.Kind.allCases

  /// Share of the recordings' windows without labels that the learners' trees come to learn from, named by themselves;
  /// 0 for none. Most, since with two labels a fault nearly all of the surer four fifths were named right; the rest is
  /// where they would err.
  public var pseudoLabels: Float = 0.8

  /// Train windows that the bundle keeps, to learn on from later.
  public var replay = ReplaySettings()

  /// Of the penalty that holds weights near those of a bundle that learns on (`ElasticPenalty`), as a factor on the
  /// number of rows which that bundle had learned from over the number of those learned now. With 1, Bayes' rule says,
  /// the old rows count as many as they were, where their loss is a parabola about the old weights (Laplace); 0 turns it
  /// off.
  public var elasticity: Float = 1

  /// How train inputs are varied.
  public var augmentation = Augmentation()
  /// Share or number of train rows that keep their labels, as on the command line; nil for all.
  public var labels: String?

  /// What is trained where nothing else is said.
  public init() {}

  /// The sentence decoder's shape; its width is the vision encoder's.
  public struct Decoder: Sendable, Codable, Hashable {
    /// Transformer blocks.
    public var depth: Int
    /// Longest report in tokens.
    public var length: Int

    /// - Parameter length: longest report in tokens.
    public init(depth: Int, length: Int) { (self.depth, self.length) = (depth, length) }
  }

  /// Which contrastive loss.
  public enum ContrastChoice: String, Sendable, Codable {
    /// Both are tried for some epochs, and the better on validation goes on.
    case auto
    /// Always this one; see `ContrastiveLoss`.
    case infoNCE, sigmoid
  }
}
