import CLibAV

/// Size, turn and channels of the pictures of a clip, the same for all of them.
struct VideoShape {
  /// Of the scaled picture, before the turn.
  let width: Int, height: Int
  /// As in `CLibAVInfo`: bit 0 mirror, bits 1 and 2 quarter turns clockwise.
  let turn: Int
  /// 1 or 3.
  let channels: Int

  init(first: CLibAVFrame, info: CLibAVInfo, options: DecodeOptions) {
    var (width, height) = (Int(first.width), Int(first.height))
    if let enough = options.enoughSide, enough > 0, min(width, height) > enough {
      let shorter = min(width, height)
      func shrunk(_ side: Int) -> Int {
        side == shorter ? enough : max(enough, (side * enough + shorter / 2) / shorter)
      }
      (width, height) = (shrunk(width), shrunk(height))
    }
    let turn = info.turn != 0 ? Int(info.turn) : max(0, Int(first.turn))
    (self.width, self.height, channels) = (width, height, Int(first.channels))
    self.turn = options.stored ? 0 : turn
  }

  private var isSideways: Bool { turn & 2 != 0 }
  var shownWidth: Int { isSideways ? height : width }
  var shownHeight: Int { isSideways ? width : height }
  /// Degrees clockwise by which pictures are turned for display.
  var rotation: Int { (turn >> 1) * 90 }
  var isMirrored: Bool { turn & 1 != 0 }
}
