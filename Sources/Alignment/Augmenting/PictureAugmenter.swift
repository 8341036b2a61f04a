import Encoders
import Foundation
import Layers

/// Random changes of a picture, as another exposure, position or device would make.
struct PictureAugmenter: Sendable {
  var settings: Augmentation.Images

  /// One draw of all random choices; frames of a clip share it.
  struct Draw: Sendable {
    var angle: Float, zoom: Float, shiftX: Float, shiftY: Float
    var brightness: Float, contrast: Float, gamma: Float, noise: Float, blur: Float
    /// Change of brightness from the centre to the right and to the lower edge, as shares.
    var shading: (across: Float, down: Float)
    /// How many times coarser the detector is; 1 for none.
    var coarser: Float
    /// Black borders as shares of the side: left, top, right, bottom.
    var borders: [Float]
    var erased: (x: Float, y: Float, width: Float, height: Float)?
  }

  func draw(using rng: inout some RandomNumberGenerator) -> Draw {
    let s = settings
    return Draw(
      angle: rng.uniform(-s.rotation, s.rotation) * .pi / 180, zoom: 1 + rng.uniform(-s.zoom, s.zoom),
      shiftX: rng.uniform(-s.shift, s.shift), shiftY: rng.uniform(-s.shift, s.shift),
      brightness: rng.uniform(-s.brightness, s.brightness),
      contrast: 1 + rng.uniform(-s.contrast, s.contrast), gamma: expf(rng.uniform(-s.gamma, s.gamma)),
      noise: rng.uniform(0, s.noise), blur: rng.uniform() < s.blur ? rng.uniform(0, 0.8) : 0,
      shading: (rng.uniform(-s.shading, s.shading), rng.uniform(-s.shading, s.shading)),
      coarser: rng.uniform() < s.coarse ? rng.uniform(1, 2.5) : 1,
      borders: rng.uniform() < s.border ? (0..<4).map { _ in rng.uniform(0, 0.1) } : [],
      erased: rng.uniform() < s.erase
        ? (rng.uniform(), rng.uniform(), rng.uniform(0.14, 0.36), rng.uniform(0.14, 0.36)) : nil)
  }

  /// The changed picture, `[side, side, channels]` in 0...1.
  func apply(_ draw: Draw, to picture: Picture, using rng: inout some RandomNumberGenerator) -> [Float] {
    var out = move(picture, draw)
    if draw.coarser > 1 { coarsen(&out, draw.coarser, picture) }
    if draw.blur > 0 { soften(&out, draw.blur, picture) }
    if draw.shading != (0, 0) { shade(&out, draw.shading, picture) }
    expose(&out, draw, using: &rng)
    if !draw.borders.isEmpty { cover(&out, draw.borders, picture) }
    if let erased = draw.erased { erase(&out, erased, picture) }
    return out
  }

  /// Turned, scaled and shifted about the centre, bilinear, edges repeated.
  private func move(_ picture: Picture, _ draw: Draw) -> [Float] {
    let side = picture.side, channels = picture.channels
    let (cosine, sine) = (cosf(draw.angle) / draw.zoom, sinf(draw.angle) / draw.zoom)
    let centre = Float(side - 1) / 2, last = Float(side - 1)
    var out = [Float](repeating: 0, count: picture.pixels.count)
    picture.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<side {
        for x in 0..<side {
          let dx = Float(x) - centre - draw.shiftX * Float(side)
          let dy = Float(y) - centre - draw.shiftY * Float(side)
          let sx = max(0, min(last, cosine * dx + sine * dy + centre))
          let sy = max(0, min(last, cosine * dy - sine * dx + centre))
          let (x0, y0) = (Int(sx), Int(sy))
          let (x1, y1) = (min(x0 + 1, side - 1), min(y0 + 1, side - 1))
          let (fx, fy) = (sx - Float(x0), sy - Float(y0))
          for channel in 0..<channels {
            func at(_ x: Int, _ y: Int) -> Float { Float(pixels[(y * side + x) * channels + channel]) }
            let top = at(x0, y0) * (1 - fx) + at(x1, y0) * fx
            let bottom = at(x0, y1) * (1 - fx) + at(x1, y1) * fx
            out[(y * side + x) * channels + channel] = (top * (1 - fy) + bottom * fy) / 255
          }
        }
      }
    }
    return out
  }

  /// Mixes in the mean of each pixel's neighbourhood of three by three.
  private func soften(_ values: inout [Float], _ share: Float, _ picture: Picture) {
    let side = picture.side, channels = picture.channels, source = values
    for y in 0..<side {
      for x in 0..<side {
        for channel in 0..<channels {
          var sum: Float = 0
          for dy in -1...1 {
            for dx in -1...1 {
              let (px, py) = (max(0, min(side - 1, x + dx)), max(0, min(side - 1, y + dy)))
              sum += source[(py * side + px) * channels + channel]
            }
          }
          let place = (y * side + x) * channels + channel
          values[place] += share * (sum / 9 - values[place])
        }
      }
    }
  }

  private func erase(
    _ values: inout [Float], _ area: (x: Float, y: Float, width: Float, height: Float), _ picture: Picture
  ) {
    let side = Float(picture.side)
    let left = Int(area.x * (1 - area.width) * side), top = Int(area.y * (1 - area.height) * side)
    for y in top..<min(picture.side, top + Int(area.height * side)) {
      for x in left..<min(picture.side, left + Int(area.width * side)) {
        for channel in 0..<picture.channels {
          values[(y * picture.side + x) * picture.channels + channel] = 0.5
        }
      }
    }
  }
}
