/// Figures of merit as pure functions over arrays.
///
/// Scores and probabilities are `Float`, as models give them; sums are taken in `Double`. A figure that
/// the data cannot give, such as the AUROC of a set without positives, is nil and never a guess.
public enum Metrics {}
