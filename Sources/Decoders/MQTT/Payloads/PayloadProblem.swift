/// Why a payload cannot be read.
struct PayloadProblem: Error, Equatable {
  /// From the start of the payload.
  var byte: Int
  /// One sentence.
  var reason: String
}
