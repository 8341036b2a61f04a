/// How one vector is made of a row of tokens.
public enum TokenPooling: String, Sendable, Codable, CaseIterable {
  /// The mean of the tokens that are there.
  case mean
  /// The first token, which some encoders are trained to make stand for the whole (`[CLS]` of BERT).
  case first
}
