import Layers
import Tensors

extension Tape {
  /// Clips as their pictures one by one: a token for each, their mean as the summary.
  /// - Parameters:
  ///   - clips: `[batch, frames, height, width, channels]`.
  ///   - summaries: `[pictures, width]` of pictures `[pictures, height, width, channels]`.
  func stills(of clips: Tensor, summaries: (Tensor) -> Tensor) -> Encoded {
    let (batch, frames) = (clips.shape[0], clips.shape[1])
    let found = summaries(flattened(clips))
    let stills = reshape(found, [batch, frames, found.shape[1]])
    return Encoded(tokens: stills, summary: mean(stills, axis: 1))
  }
}
