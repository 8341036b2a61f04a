extension ReportDocument {
  /// The side of the patient on which a finding lies.
  public enum Laterality: String, Sendable, Codable, CaseIterable { case left, right, bilateral }

  /// The third of a lung's height in which a finding lies.
  public enum Zone: String, Sendable, Codable, CaseIterable { case upper, middle, lower }

  /// How large a finding is.
  public struct Size: Sendable, Equatable, Codable {
    /// Diameter in the plane of the detector; bodies between it and the tube look larger than they are.
    public var millimetres: Double
    /// The `path` of the input in which it was measured.
    public var input: String

    /// - Parameters:
    ///   - millimetres: diameter.
    ///   - input: the `path` of the input in which it was measured.
    public init(millimetres: Double, input: String) { (self.millimetres, self.input) = (millimetres, input) }
  }
}
