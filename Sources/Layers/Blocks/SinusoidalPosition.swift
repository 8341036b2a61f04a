import Foundation
import Tensors

/// Fixed sine and cosine features of places (Vaswani et al. 2017), for any number of tokens. Coordinates run
/// from 0 to 1 over the input, so that another resolution shifts no place.
public enum SinusoidalPosition {
  /// - Parameters:
  ///   - coordinates: one array an axis, each with a value in 0...1 for each token.
  ///   - width: features a token; what does not divide by twice the number of axes stays zero.
  /// - Returns: `[tokens, width]`.
  public static func features(_ coordinates: [[Float]], width: Int) -> Tensor {
    let tokens = coordinates[0].count
    let frequencies = width / (2 * coordinates.count)
    // From half a period to 32 periods over the input: finer than any grid of tokens used here.
    let rates = (0..<frequencies).map { index in
      Float.pi * powf(64, Float(index) / Float(max(1, frequencies - 1)))
    }
    return Tensor(shape: [tokens, width]) { out in
      out.initialize(repeating: 0)
      for token in 0..<tokens {
        for (axis, places) in coordinates.enumerated() {
          for (index, rate) in rates.enumerated() {
            let place = token * width + (axis * frequencies + index) * 2
            out[place] = sinf(rate * places[token])
            out[place + 1] = cosf(rate * places[token])
          }
        }
      }
    }
  }

  /// Features of a `height` x `width` grid, row-major.
  public static func grid(height: Int, width: Int, features: Int) -> Tensor {
    let rows = (0..<height * width).map { (Float($0 / width) + 0.5) / Float(height) }
    let columns = (0..<height * width).map { (Float($0 % width) + 0.5) / Float(width) }
    return Self.features([rows, columns], width: features)
  }

  /// Features of `count` places on a line.
  public static func line(_ count: Int, features: Int) -> Tensor {
    Self.features([(0..<count).map { (Float($0) + 0.5) / Float(count) }], width: features)
  }
}
