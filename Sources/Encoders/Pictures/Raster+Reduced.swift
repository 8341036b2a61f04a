import Decoders

extension Raster {
  /// A picture for the eye: 8 bits, grey `[H, W]` or RGB `[H, W, 3]`, its longer side at most `longSide`, the aspect
  /// ratio kept. Alpha is laid on black, wider samples are windowed between their 0.5 and 99.5 percentiles.
  public func reduced(longSide: Int) -> Raster {
    let isColour = shape.count > 2 && shape[shape.count - 1] >= 3
    let planes = Planes(self, channels: isColour ? 3 : 1)
    let longer = max(planes.height, planes.width)
    func side(_ length: Int) -> Int { longer <= longSide ? length : max(1, length * longSide / longer) }
    let (height, width) = (side(planes.height), side(planes.width))
    let small =
      longer <= longSide ? planes : Resampling.resize(planes, height: height, width: width)
    return Raster(
      shape: [height, width] + (isColour ? [3] : []),
      samples: .uint8(Resampling.bytes(small.values)))
  }
}
