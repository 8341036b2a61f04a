import Foundation

// Foundation's overloads are ambiguous inside generic extensions; these name the ones for Float.
func logarithm(_ x: Float) -> Float { Foundation.logf(x) }
func cosine(_ x: Float) -> Float { Foundation.cosf(x) }
