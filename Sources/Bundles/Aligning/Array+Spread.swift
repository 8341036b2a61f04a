extension Array {
  /// At most `limit` of the elements, evenly spaced, the first among them.
  func spread(atMost limit: Int) -> [Element] {
    let step = Swift.max(1, (count + limit - 1) / Swift.max(1, limit))
    return stride(from: 0, to: count, by: step).map { self[$0] }
  }
}
