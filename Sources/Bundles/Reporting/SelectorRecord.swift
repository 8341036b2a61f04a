import Foundation
import Reports
import Selector

/// What the selector decided for a study, as `report.json` tells it.
struct SelectorRecord: Sendable {
  var parts: [StudyPart]
  var choices: [Int: Choice]
  var verdict: Verdict
  var bundle: ModelBundle

  var tree: JSONTree {
    .object([
      "abstains": .bool(verdict.abstains),
      "tasks": .array(
        verdict.pools.map { pool in
          let trust = pool.members.compactMap { choices[$0.part]?.trust }.max() ?? 0
          return .object([
            "task": .string(bundle.description.tasks[pool.task].name), "trust": number(trust),
            "uncertainty": number(pool.uncertainty),
            "together": .array(
              (pool.together?.parts ?? []).map { .string(parts[$0].name) }),
          ])
        }),
      "inputs": .array(parts.indices.compactMap { place in choices[place].map { input(place, $0) } }),
    ])
  }

  private func input(_ place: Int, _ choice: Choice) -> JSONTree {
    let quality = choice.evidence.quality
    let routed = parts[place].routed
    return .object([
      "path": .string(parts[place].name), "kind": .string(choice.kind), "task": .string(choice.task),
      "trust": number(choice.trust), "weight": number(verdict.isUsed(place) ? verdict.weight(place) : 0),
      "cost": number(choice.cost), "strangeness": number(choice.evidence.strangeness),
      "uncertainty": number(choice.evidence.uncertainty),
      "reasons": .array(choice.reasons.map { .string($0) }),
      "quality": .object([
        "blur": number(quality.blur), "saturation": number(quality.saturation),
        "contrast": number(quality.contrast),
        "entropy": number(quality.entropy), "missing": number(quality.missing),
        "frozen": number(quality.frozen),
      ]),
      "nearest": .array(
        (routed?.nearest ?? []).map { .object(["id": .string($0.id), "distance": number($0.distance)]) }),
      "alternatives": .array(
        (routed?.strangeness ?? []).map {
          .object(["task": .string($0.task), "strangeness": number($0.strangeness)])
        }),
    ])
  }

  /// Four digits are more than the figures mean.
  private func number(_ value: Float) -> JSONTree {
    value.isFinite ? .number((Double(value) * 10000).rounded() / 10000) : .null
  }
}
