import Foundation

/// The language of what Braid itself says in a report; sentences of a decoder come in that of its training.
public enum ReportLanguage: String, Sendable, Codable, CaseIterable { case en, zh }

extension ReportLanguage {
  /// A plain sentence on a finding that is present.
  func plain(_ finding: Consistency.Finding, isNormal: Bool) -> String {
    let percent = percent(finding.probability)
    switch (self, isNormal) {
    case (.en, true): return "No abnormality is seen among the findings looked for (probability \(percent))."
    case (.en, false): return "\(named(finding.name)) (probability \(percent))."
    case (.zh, true): return "所检项目未见异常（概率 \(percent)）。"
    case (.zh, false):
      return "可见\(named(finding.name).lowercasedFirst)（概率 \(percent)）。"
    }
  }

  /// A sentence for studies that may or may not be normal, and show nothing in particular.
  func doubtful(_ normal: Consistency.Finding) -> String {
    let percent = percent(normal.probability)
    return self == .en
      ? "It is uncertain whether the study is normal (probability \(percent))." : "是否正常不能确定（概率 \(percent)）。"
  }

  func short(_ finding: Consistency.Finding, isNormal: Bool) -> String {
    switch (self, isNormal) {
    case (.en, true): "No abnormality among the findings looked for."
    case (.en, false): "\(named(finding.name))."
    case (.zh, true): "所检项目未见异常。"
    case (.zh, false): "\(named(finding.name))。"
    }
  }

  /// One sentence on findings that are uncertain.
  func uncertain(_ findings: [Consistency.Finding], withProbability: Bool) -> String {
    let list = findings.map { finding in
      let name = named(finding.name).lowercasedFirst
      let percent = percent(finding.probability)
      return withProbability ? (self == .en ? "\(name) (\(percent))" : "\(name)（\(percent)）") : name
    }
    return self == .en
      ? "Uncertain: \(list.joined(separator: ", "))." : "不能确定：\(list.joined(separator: "、"))。"
  }

  func nothing(lookedFor names: [String]) -> String {
    let list = names.filter { !Consistency.namesNormal($0) && !Consistency.namesUnusable($0) }.map {
      named($0).lowercasedFirst
    }
    guard !list.isEmpty else { return self == .en ? "No statement is made." : "不作结论。" }
    return self == .en
      ? "None of the findings looked for is seen: no \(list.joined(separator: ", no "))."
      : "所检项目均未见：无\(list.joined(separator: "、无"))。"
  }

  /// One sentence on findings that are absent, beside others that are not.
  func absent(_ names: [String]) -> String {
    let list = names.map { named($0).lowercasedFirst }
    guard let first = list.first else { return "" }
    let rest = list.dropFirst()
    return self == .en
      ? "No \(first)" + rest.map { ", no \($0)" }.joined() + "."
      : "未见\(first)" + rest.map { "，未见\($0)" }.joined() + "。"
  }

  /// Whether a sentence is in this language, told by its script.
  public func speaks(_ sentence: String) -> Bool {
    sentence.unicodeScalars.contains(where: Words.isChinese) == (self == .zh)
  }

  /// Sentences as one paragraph; empty ones are left out.
  public func joined(_ sentences: [String]) -> String {
    sentences.filter { !$0.isEmpty }.joined(separator: self == .en ? " " : "")
  }

  /// A label as it is said: `bacterial_pneumonia` becomes `Bacterial pneumonia`; all capitals stay only where short.
  public static func spoken(_ label: String) -> String {
    let words = label.replacingOccurrences(of: "_", with: " ")
    let isShout = words.count > 5 && words == words.uppercased()
    let calm = isShout ? words.lowercased() : words
    return calm.prefix(1).uppercased() + calm.dropFirst()
  }

  /// `87 %`; at the ends the limits themselves, which the model does not claim to tell apart. Chinese sets no space.
  public func percent(_ probability: Double) -> String {
    let text =
      switch probability {
      case ..<0.005: "< 1 %"
      case 0.995...: "> 99 %"
      default: "\(Int((probability * 100).rounded())) %"
      }
    return self == .en ? text : text.filter { $0 != " " }
  }
}

extension String {
  /// With a small first letter, unless the first word is an abbreviation.
  var lowercasedFirst: String {
    let first = prefix { $0.isLetter || $0.isNumber }
    return first.count > 1 && first == first.uppercased() ? self : prefix(1).lowercased() + dropFirst()
  }
}
