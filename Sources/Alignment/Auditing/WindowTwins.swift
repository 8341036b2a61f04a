/// Windows of later splits whose readings an earlier split holds value by value, whatever file they stand in.
struct WindowTwins {
  private(set) var findings: [SplitFinding] = []
  /// Windows that were compared.
  private(set) var count = 0

  private struct Key: Hashable {
    var set: Int
    var bits: [UInt32]
  }

  init(_ parts: [(split: Split, samples: [Sample])]) {
    var known: [Key: (id: String, split: Split)] = [:]
    for (split, samples) in parts {
      var own: [(Key, String)] = []
      for sample in samples {
        guard case .series(let window) = sample.input, WindowTwins.tells(window.values, window.channels)
        else {
          continue
        }
        count += 1
        let key = Key(set: window.set, bits: window.values.map(\.bitPattern))
        if let twin = known[key] {
          findings.append(
            SplitFinding(
              kind: .sameReadings, id: sample.id, split: split, twin: twin.id, twinSplit: twin.split))
        } else {
          own.append((key, sample.id))
        }
      }
      for (key, id) in own { known[key] = (id, split) }
    }
  }

  /// Whether a window is one of a kind: machines that stand still give the same readings everywhere.
  private static func tells(_ values: [Float], _ channels: Int) -> Bool {
    guard values.count >= 8 else { return false }
    return values.indices.dropFirst(channels).contains { place in
      let (now, before) = (values[place], values[place - channels])
      return now != before && !(now.isNaN && before.isNaN)
    }
  }
}
