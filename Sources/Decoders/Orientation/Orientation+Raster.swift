extension Orientation {
  /// The picture upright. A copy unless it already is.
  /// - Parameter raster: `[H, W]` or `[H, W, C]`.
  /// - Returns: `[H, W, …]`, or `[W, H, …]` where the sides change places.
  public func upright(_ raster: Raster) -> Raster {
    guard self != .upright else { return raster }
    precondition(raster.shape.count == 2 || raster.shape.count == 3, "a picture, not \(raster.shape)")
    var shape = raster.shape
    if swapsSides { shape.swapAt(0, 1) }
    let samples: Raster.Samples =
      switch raster.samples {
      case .uint8(let v): .uint8(turn(v, raster.shape))
      case .int8(let v): .int8(turn(v, raster.shape))
      case .uint16(let v): .uint16(turn(v, raster.shape))
      case .int16(let v): .int16(turn(v, raster.shape))
      case .uint32(let v): .uint32(turn(v, raster.shape))
      case .int32(let v): .int32(turn(v, raster.shape))
      case .float32(let v): .float32(turn(v, raster.shape))
      case .float64(let v): .float64(turn(v, raster.shape))
      }
    return Raster(shape: shape, samples: samples)
  }

  private func turn<Sample>(_ samples: [Sample], _ shape: [Int]) -> [Sample] {
    let (height, width) = (shape[0], shape[1])
    let channels = shape.count == 3 ? shape[2] : 1
    return [Sample](unsafeUninitializedCapacity: samples.count) { target, count in
      samples.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(target)
        // A pixel moves as one value of its size.
        switch channels * MemoryLayout<Sample>.stride {
        case 1: move(source, target, width, height, UInt8.self)
        case 2: move(source, target, width, height, UInt16.self)
        case 3: move(source, target, width, height, (UInt8, UInt8, UInt8).self)
        case 4: move(source, target, width, height, UInt32.self)
        case 6: move(source, target, width, height, (UInt16, UInt16, UInt16).self)
        case 8: move(source, target, width, height, UInt64.self)
        case let size: moveBytes(source, target, width, height, size)
        }
      }
      count = samples.count
    }
  }

  /// Where the upper left pixel of the result stands in the source, and how far the next one to the right and the
  /// next one below are from there, in pixels.
  private func steps(_ width: Int, _ height: Int) -> (start: Int, right: Int, down: Int) {
    let (lastColumn, lastRow) = (width - 1, (height - 1) * width)
    return switch self {
    case .upright: (0, 1, width)
    case .mirrored: (lastColumn, -1, width)
    case .upsideDown: (lastRow + lastColumn, -1, -width)
    case .flipped: (lastRow, 1, -width)
    case .transposed: (0, width, 1)
    case .clockwise: (lastRow, -width, 1)
    case .transversed: (lastRow + lastColumn, -width, -1)
    case .counterclockwise: (lastColumn, width, -1)
    }
  }

  @inline(__always)
  private func move<Pixel: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ width: Int, _ height: Int,
    _: Pixel.Type
  ) {
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let size = MemoryLayout<Pixel>.stride
    let (start, right, down) = steps(width, height)
    let (columns, rows) = swapsSides ? (height, width) : (width, height)
    // Square tiles keep both the rows read and the rows written in the first-level cache.
    let tile = swapsSides ? 32 : columns
    var top = 0
    while top < rows {
      let bottom = min(top + 32, rows)
      var left = 0
      while left < columns {
        let end = min(left + tile, columns)
        var y = top
        while y < bottom {
          var from = (start + y * down + left * right) * size
          var to = (y * columns + left) * size
          for _ in left..<end {
            target.storeBytes(
              of: source.load(fromByteOffset: from, as: Pixel.self), toByteOffset: to, as: Pixel.self)
            to += size
            from += right * size
          }
          y += 1
        }
        left = end
      }
      top = bottom
    }
  }

  private func moveBytes(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ width: Int, _ height: Int,
    _ size: Int
  ) {
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let (start, right, down) = steps(width, height)
    let (columns, rows) = swapsSides ? (height, width) : (width, height)
    for y in 0..<rows {
      for x in 0..<columns {
        (target + (y * columns + x) * size).copyMemory(
          from: source + (start + y * down + x * right) * size, byteCount: size)
      }
    }
  }
}
