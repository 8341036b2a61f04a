import Alignment
import Decoders
import Foundation
import Reports
import Selector
import Training

extension Verdict {
  /// Why an input was used or not, in a sentence or two.
  func reason(_ place: Int, _ part: StudyPart, _ choice: Choice?, _ language: ReportLanguage) -> String {
    let isEnglish = language == .en
    if let refusal = part.refusal {
      return isEnglish
        ? "Not read (\(refusal.code.rawValue)): \(refusal.reason) \(refusal.remedy)"
        : "无法读取：\(ChineseWording.of(refusal.code))。"
    }
    guard let choice else { return isEnglish ? "Not used." : "未采用。" }
    var sentences = isEnglish ? choice.reasons : ChineseWording.reasons(choice)
    if strangers.contains(place) {
      sentences.insert(
        isEnglish
          ? "Left out: it is unlike the training data, other inputs of the study are not."
          : "未采用：与训练数据差异过大，而本次检查的其他图像并非如此。",
        at: 0)
    } else if outvoted.contains(place) {
      sentences.insert(
        isEnglish ? "Left out: another task is trusted more with this study." : "未采用：另一任务对本次检查更可信。", at: 0)
    } else if calledUnusable, choice.used {
      sentences.insert(isEnglish ? "Left out: it was recognised as unusable." : "未采用：判定为无法评估。", at: 0)
    } else if abstains, choice.used {
      sentences.insert(
        isEnglish
          ? "Left out: it is unlike the training data, so that no statement is made." : "未采用：与训练数据差异过大，不作结论。",
        at: 0)
    }
    return language.joined(sentences)
  }

  /// Why a person must read the study; empty where nothing speaks for it beyond that every draft must be signed.
  func reasons(
    _ parts: [StudyPart], _ choices: [Int: Choice], language: ReportLanguage, confidence: Float?
  ) -> [String] {
    let isEnglish = language == .en
    var found: [String] = []
    for part in parts {
      guard let refusal = part.refusal else { continue }
      found.append(
        isEnglish
          ? "\(part.name) could not be read: \(refusal.reason)"
          : "\(part.name) 无法读取：\(ChineseWording.of(refusal.code))。")
    }
    if choices.isEmpty {
      found.append(
        isEnglish ? "No input of the study could be read, so no statement is made." : "本次检查没有可读取的文件，不作结论。")
      return found
    }
    if nothingUsable {
      let list = Verdict.list(
        parts.indices.compactMap { place in
          choices[place].map { "\(parts[place].name) (\(StudyText.short($0, language)))" }
        }, language)
      found.append(
        isEnglish
          ? "No statement is made, because no input can be trusted: \(list)." : "没有可信的图像，不作结论：\(list)。")
    }
    if calledUnusable {
      found.append(
        isEnglish ? "The scans were recognised as unusable, so no statement is made." : "图像质量不足以判断，不作结论。")
    }
    found += strangeness(parts, choices, language)
    guard !abstains else { return found }
    for pool in pools { found += reasons(pool, parts, language) }
    if let confidence, confidence < StudyDrafter.confidenceLimit {
      found.append(
        isEnglish ? "The model wrote its sentences with little certainty of their wording." : "模型对所写文字的把握不足。")
    }
    return found
  }

  /// Inputs that lie far from what was trained on; those left out for another reason say nothing of the study.
  private func strangeness(
    _ parts: [StudyPart], _ choices: [Int: Choice], _ language: ReportLanguage
  ) -> [String] {
    let far = parts.indices.filter { place in
      guard let choice = choices[place], abstains || choice.used else { return false }
      return choice.evidence.strangeness > StudyDrafter.strangenessLimit
    }
    guard !far.isEmpty else { return [] }
    let list = Verdict.list(
      far.map { place in
        "\(parts[place].name) (\(StudyText.times(choices[place]?.evidence.strangeness ?? 0)))"
      }, language)
    let limit = String(format: "%.1f", StudyDrafter.strangenessLimit)
    let end =
      abstains && !calledUnusable && !nothingUsable
      ? (language == .en ? " No statement is made." : "不作结论。") : ""
    return [
      language == .en
        ? "Unlike the training data (distance from it; 1 is usual, \(limit) the limit): \(list).\(end)"
        : "与训练数据差异过大（距离；通常为 1，上限 \(limit)）：\(list)。\(end)"
    ]
  }

  /// The first few of a list, and how many more there are.
  private static func list(_ items: [String], _ language: ReportLanguage) -> String {
    let shown = items.prefix(6).joined(separator: language == .en ? ", " : "、")
    guard items.count > 6 else { return shown }
    return language == .en ? "\(shown) and \(items.count - 6) more" : "\(shown) 等 \(items.count) 个"
  }

  private func reasons(_ pool: Pooling, _ parts: [StudyPart], _ language: ReportLanguage) -> [String] {
    let isEnglish = language == .en, task = bundle.description.tasks[pool.task], labels = task.labels
    func names(_ places: [Int]) -> String {
      places.map { place in
        let percent = language.percent(Double(pool.probabilities[place]))
        let name =
          isEnglish ? labels[place].replacingOccurrences(of: "_", with: " ") : language.named(labels[place])
        return isEnglish ? "\(name) (\(percent))" : "\(name)（\(percent)）"
      }.joined(separator: isEnglish ? ", " : "、")
    }
    var found: [String] = []
    let normals = labels.indices.filter { Consistency.namesNormal(labels[$0]) }
    let doubted = labels.indices.filter { pool.states[$0] == .uncertain && !normals.contains($0) }
    let isClear = labels.indices.allSatisfy {
      pool.states[$0] == .absent || Consistency.namesHealthy(labels[$0])
    }
    if !doubted.isEmpty {
      found.append(
        isEnglish ? "Neither present nor ruled out: \(names(doubted))." : "既不能肯定也不能排除：\(names(doubted))。")
    }
    let faint = labels.indices.filter {
      pool.states[$0] == .present && pool.probabilities[$0] < StudyDrafter.marginLimit
        && !Consistency.namesNormal(labels[$0])
    }
    if !faint.isEmpty {
      found.append(
        isEnglish ? "Called present with little margin: \(names(faint))." : "判为存在，但把握有限：\(names(faint))。")
    }
    if contradictsNormal(pool) {
      found.append(isEnglish ? "“Normal” and a finding were both called present." : "“正常”与异常同时被判为存在。")
    } else if isClear, let normal = normals.first(where: { pool.states[$0] == .uncertain }) {
      let percent = language.percent(Double(pool.probabilities[normal]))
      found.append(
        isEnglish
          ? "No finding is called present, but the study is not surely normal (\(percent))."
          : "未判为任何异常，但也不能肯定为正常（\(percent)）。")
    } else if isClear, !normals.isEmpty, !normals.contains(where: { pool.states[$0] == .present }) {
      found.append(isEnglish ? "Neither normal nor any finding was called present." : "既未判为正常，也未判为任何异常。")
    }
    // Of exclusive labels the states tell it already, where any is uncertain.
    if pool.uncertainty > StudyDrafter.uncertaintyLimit, doubted.isEmpty {
      let first = labels.indices.sorted { pool.probabilities[$0] > pool.probabilities[$1] }.prefix(2)
      found.append(
        isEnglish ? "Leans only weakly: \(names(Array(first)))." : "判断倾向较弱：\(names(Array(first)))。")
    }
    if !pool.disputed.isEmpty {
      let inputs = Verdict.list(pool.members.map { parts[$0.part].name }, language)
      found.append(
        isEnglish
          ? "The inputs (\(inputs)) disagree about \(names(pool.disputed))."
          : "各输入（\(inputs)）意见不一：\(names(pool.disputed))。")
    }
    if bundle.description.calibrations[pool.task].rows == 0, !labels.isEmpty {
      found.append(
        isEnglish
          ? "The probabilities of \(task.name) were never checked: the bundle had too few validation scans for it."
          : "\(task.name) 的概率未经校验：模型包的验证数据过少。")
    }
    return found
  }

  /// What the bundle is known to miss, or was never measured on, among what it calls absent.
  func limits(_ language: ReportLanguage) -> [String] {
    guard !abstains else { return [] }
    var weak: [(share: Double, words: String)] = [], unknown: [String] = []
    for pool in pools {
      let labels = bundle.description.tasks[pool.task].labels, wholes = Pooling.wholes(labels)
      for (place, rates) in zip(labels.indices, bundle.description.calibrations[pool.task].rates ?? []) {
        // What is said of a finding holds for its sides.
        if let whole = wholes[place], pool.states[whole] == .absent { continue }
        guard pool.states[place] == .absent, !Consistency.namesNormal(labels[place]),
          !Consistency.namesUnusable(labels[place])
        else { continue }
        let name = language.named(labels[place]).lowercased()
        if let sensitivity = rates.sensitivity, rates.isWeak {
          let noticed = Int((sensitivity * Double(rates.positives)).rounded())
          let of = language == .en ? " of " : "/"
          weak.append((share: sensitivity, words: "\(name) \(noticed)\(of)\(rates.positives)"))
        } else if rates.sensitivity == nil {
          unknown.append(name)
        }
      }
    }
    var found: [String] = []
    let worst = weak.sorted { $0.share < $1.share }.map(\.words)
    if !weak.isEmpty {
      found.append(
        language == .en
          ? "Called absent, but not reliably seen by this bundle (how many validation scans with the "
            + "finding it noticed): \(worst.joined(separator: ", "))."
          : "判为不存在，但本模型不能可靠识别（在含该征象的验证影像中识别出的例数）：\(worst.joined(separator: "、"))。")
    }
    if !unknown.isEmpty {
      found.append(
        language == .en
          ? "Called absent, but no validation scan had it, so that nobody knows whether this bundle sees it: "
            + "\(unknown.joined(separator: ", "))."
          : "判为不存在，但验证影像中没有该征象，识别能力不明：\(unknown.joined(separator: "、"))。")
    }
    return found
  }
}
