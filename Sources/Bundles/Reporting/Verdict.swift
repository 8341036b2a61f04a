import Alignment
import Decoders
import Foundation
import Reports
import Selector
import Training

/// Which inputs of a study speak for which tasks, what they say together, and whether anything is said at all.
struct Verdict: Sendable {
  let bundle: ModelBundle
  /// One a task that is reported, the most trusted first. Where the verdict abstains, what would have been said.
  let pools: [Pooling]
  /// Nothing is stated: all findings are uncertain.
  let abstains: Bool
  /// The head itself calls what it was given unusable.
  let calledUnusable: Bool
  /// No input was good enough to be used.
  let nothingUsable: Bool
  /// Used inputs that are unlike the training data although others are not.
  let strangers: [Int]
  /// Places of used inputs whose task is not reported because another is trusted more.
  let outvoted: [Int]

  init(parts: [StudyPart], choices: [Int: Choice], bundle: ModelBundle) {
    self.bundle = bundle
    let limit = StudyDrafter.strangenessLimit
    let used = parts.indices.filter { choices[$0]?.used == true }
    let familiar = used.filter { (choices[$0]?.evidence.strangeness ?? 4) <= limit }
    // Where most of a study is unlike the training data, the few inputs that are not are so by chance.
    let ordinary = 2 * familiar.count >= used.count ? familiar : []
    nothingUsable = used.isEmpty
    strangers = ordinary.isEmpty ? [] : used.filter { !ordinary.contains($0) }
    // With nothing to rely on, the inputs that come nearest show what was looked for.
    let speaking = !ordinary.isEmpty ? ordinary : !used.isEmpty ? used : choices.keys.sorted()
    let byTask = Dictionary(grouping: speaking) { parts[$0].routed?.sample.task ?? 0 }
    func trust(_ task: Int) -> Float { byTask[task]?.compactMap { choices[$0]?.trust }.max() ?? 0 }
    func heft(_ task: Int) -> Float { byTask[task]?.compactMap { choices[$0]?.weight }.reduce(0, +) ?? 0 }
    let order = byTask.keys.sorted { (trust($0), heft($0), -$0) > (trust($1), heft($1), -$1) }
    let reported = order.filter { trust($0) >= trust(order[0]) - StudyDrafter.comparableTrust }
    outvoted = speaking.filter { !reported.contains(parts[$0].routed?.sample.task ?? 0) }
    let pooled = reported.map { task in
      let members = (byTask[task] ?? []).map { (part: $0, weight: choices[$0]?.weight ?? 0) }
      return Pooling(
        task: task, members: members, logits: members.map { parts[$0.part].routed?.prediction.logits ?? [] },
        bundle: bundle)
    }
    let labels = bundle.description.tasks
    let isUnusable =
      !ordinary.isEmpty
      && pooled.allSatisfy { pool in
        labels[pool.task].labels.indices.contains {
          Consistency.namesUnusable(labels[pool.task].labels[$0]) && pool.states[$0] == .present
        }
      }
    (pools, calledUnusable, abstains) = (pooled, isUnusable, ordinary.isEmpty || isUnusable)
  }

  /// Whether an input stands behind what is stated.
  func isUsed(_ part: Int) -> Bool { !abstains && weight(part) > 0 }

  /// Share of an input in its task's answer.
  func weight(_ part: Int) -> Float {
    pools.lazy.compactMap { $0.members.first { $0.part == part }?.weight }.first ?? 0
  }

  /// The findings of all reported tasks, a name of two tasks told apart by theirs.
  /// - Parameter evidence: by task and label.
  func findings(evidence: [Int: [Int: [ReportDocument.Evidence]]]) -> [ReportDocument.Finding] {
    let names = pools.flatMap { bundle.description.tasks[$0.task].labels }.filter {
      !Consistency.namesUnusable($0)
    }
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    return pools.flatMap { pool in
      let task = bundle.description.tasks[pool.task]
      let states = states(pool)
      // Whether a scan can be assessed is no finding of the patient; the reasons tell it.
      return task.labels.indices.filter { !Consistency.namesUnusable(task.labels[$0]) }.map { label in
        let name = task.labels[label]
        return ReportDocument.Finding(
          name: (counts[name] ?? 0) > 1 ? "\(name) (\(task.name))" : name,
          // Logits that are no numbers can state nothing.
          probability: pool.probabilities[label].isFinite
            ? Double(min(1, max(0, pool.probabilities[label]))) : 0.5,
          state: states[label], evidence: evidence[pool.task]?[label] ?? [])
      }
    }
  }

  /// States of a task's labels; "normal" is taken back where a finding is present.
  private func states(_ pool: Pooling) -> [ReportDocument.State] {
    let labels = bundle.description.tasks[pool.task].labels
    if abstains { return labels.map { _ in .uncertain } }
    let isFound = contradictsNormal(pool)
    return labels.indices.map { label in
      if isFound, Consistency.namesNormal(labels[label]) { return .uncertain }
      switch pool.states[label] {
      case .present: return .present
      case .absent: return .absent
      case .uncertain: return .uncertain
      }
    }
  }

  /// Whether "normal" and a finding are both called present.
  private func contradictsNormal(_ pool: Pooling) -> Bool {
    let labels = bundle.description.tasks[pool.task].labels
    let present = labels.indices.filter { pool.states[$0] == .present }
    return present.contains { Consistency.namesNormal(labels[$0]) }
      && present.contains { !Consistency.namesNormal(labels[$0]) }
  }

  /// Why an input was used or not, in a sentence or two.
  func reason(_ place: Int, _ part: StudyPart, _ choice: Choice?) -> String {
    if let refusal = part.refusal {
      return "Not read (\(refusal.code.rawValue)): \(refusal.reason) \(refusal.remedy)"
    }
    guard let choice else { return "Not used." }
    var sentences = choice.reasons
    if strangers.contains(place) {
      sentences.insert("Left out: it is unlike the training data, other inputs of the study are not.", at: 0)
    } else if outvoted.contains(place) {
      sentences.insert("Left out: another task is trusted more with this study.", at: 0)
    } else if calledUnusable, choice.used {
      sentences.insert("Left out: it was recognised as unusable.", at: 0)
    } else if abstains, choice.used {
      sentences.insert("Left out: it is unlike the training data, so that no statement is made.", at: 0)
    }
    return sentences.joined(separator: " ")
  }

  /// Why a person must read the study; empty where nothing speaks for it beyond that every draft must be signed.
  func reasons(
    _ parts: [StudyPart], _ choices: [Int: Choice], language: ReportLanguage, confidence: Float?
  ) -> [String] {
    let isEnglish = language == .en
    var found: [String] = []
    for part in parts where part.refusal != nil {
      found.append(isEnglish ? "\(part.name) could not be read." : "\(part.name) 无法读取。")
    }
    if choices.isEmpty {
      found.append(
        isEnglish ? "No input of the study could be read, so no statement is made." : "本次检查没有可读取的文件，不作结论。")
      return found
    }
    if nothingUsable {
      found.append(
        isEnglish
          ? "No input was good enough to be used, so no statement is made: "
            + Verdict.list(
              parts.indices.compactMap { place in
                choices[place].map { "\(parts[place].name) (\(StudyText.short($0)))" }
              }, language) + "."
          : "没有可用于判断的图像，不作结论。")
    }
    if calledUnusable {
      found.append(
        isEnglish ? "The scans were recognised as unusable, so no statement is made." : "图像质量不足以判断，不作结论。")
    }
    // Inputs that were left out for another reason say nothing of the study.
    let far = parts.indices.filter { place in
      guard let choice = choices[place], abstains || choice.used else { return false }
      return choice.evidence.strangeness > StudyDrafter.strangenessLimit
    }
    if !far.isEmpty {
      let list = Verdict.list(
        far.map { place in
          "\(parts[place].name) (\(String(format: "%.1f", choices[place]?.evidence.strangeness ?? 0)))"
        }, language)
      let end = abstains && !calledUnusable ? (isEnglish ? " No statement is made." : "不作结论。") : ""
      found.append(
        isEnglish
          ? "Unlike the training data, in units of the usual distance: \(list)." + end
          : "与训练数据差异过大（以通常距离为单位）：\(list)。" + end)
    }
    guard !abstains else { return found }
    for pool in pools { found += reasons(pool, parts, language) }
    if let confidence, confidence < StudyDrafter.confidenceLimit {
      found.append(isEnglish ? "The sentence decoder was unsure of its wording." : "文字生成的把握不足。")
    }
    return found
  }

  /// The first few of a list, and how many more there are.
  private static func list(_ items: [String], _ language: ReportLanguage) -> String {
    let shown = items.prefix(6).joined(separator: ", ")
    guard items.count > 6 else { return shown }
    return language == .en ? "\(shown) and \(items.count - 6) more" : "\(shown) 等 \(items.count) 个"
  }

  private func reasons(_ pool: Pooling, _ parts: [StudyPart], _ language: ReportLanguage) -> [String] {
    let isEnglish = language == .en, labels = bundle.description.tasks[pool.task].labels
    func names(_ places: [Int]) -> String {
      places.map { "\(labels[$0]) (\(Int((pool.probabilities[$0] * 100).rounded())) %)" }.joined(
        separator: ", ")
    }
    var found: [String] = []
    let uncertain = labels.indices.filter { pool.states[$0] == .uncertain }
    if !uncertain.isEmpty {
      found.append(isEnglish ? "Uncertain: \(names(uncertain))." : "不能确定：\(names(uncertain))。")
    }
    if contradictsNormal(pool) {
      found.append(isEnglish ? "“Normal” and a finding were both called present." : "“正常”与异常同时被判为存在。")
    }
    let normals = labels.indices.filter { Consistency.namesNormal(labels[$0]) }
    if !normals.isEmpty, pool.states.allSatisfy({ $0 == .absent }) {
      found.append(isEnglish ? "Neither normal nor any finding was called present." : "既未判为正常，也未判为任何异常。")
    }
    if pool.uncertainty > StudyDrafter.uncertaintyLimit {
      found.append(isEnglish ? "The answers are nearly undecided." : "判断几乎没有倾向。")
    }
    if !pool.disputed.isEmpty {
      let inputs = Verdict.list(pool.members.map { parts[$0.part].name }, language)
      found.append(
        isEnglish
          ? "The inputs (\(inputs)) disagree about \(names(pool.disputed))."
          : "各输入（\(inputs)）意见不一：\(names(pool.disputed))。")
    }
    return found
  }
}
