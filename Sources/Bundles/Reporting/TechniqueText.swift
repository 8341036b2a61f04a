import Decoders
import Foundation
import Reports

/// How the scans were made, from what their files say; nothing of the patient.
struct TechniqueText {
  var language: ReportLanguage

  func text(_ parts: [StudyPart]) -> String {
    let read = parts.filter { $0.routed != nil }
    var order: [String] = [], groups: [String: [StudyPart]] = [:]
    for part in read {
      let key = modality(part) ?? ""
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(part)
    }
    var sentences = order.map { key in
      let what = items(groups[key] ?? [])
      switch (language, key.isEmpty) {
      case (.en, false): return "\(key): \(what)."
      case (.en, true):
        return "\(what.prefix(1).uppercased() + what.dropFirst()); the files do not state the modality."
      case (.zh, false): return "\(key)：\(what)。"
      case (.zh, true): return "\(what)；文件未注明检查方式。"
      }
    }
    let bodies = Set(read.compactMap { text($0, "bodyPart") }).sorted()
    if !bodies.isEmpty {
      let list = bodies.map { language == .en ? $0.capitalized : ChineseWording.term($0) }.joined(
        separator: language == .en ? ", " : "、")
      sentences.append(language == .en ? "Body part: \(list)." : "检查部位：\(list)。")
    }
    if let exposure = exposure(read) { sentences.append(exposure) }
    let missing = parts.count - read.count
    if missing > 0 {
      sentences.append(
        language == .en
          ? "\(missing) further file\(missing == 1 ? "" : "s") could not be read." : "另有 \(missing) 个文件无法读取。")
    }
    return language.joined(sentences)
  }

  /// Tube voltage, exposure, thickness of slices, field strength and contrast, each with its range over the files.
  private func exposure(_ parts: [StudyPart]) -> String? {
    func range(_ key: String, _ unit: String) -> String? {
      let values = parts.compactMap { part -> Double? in
        switch part.routed?.source.metadata[key] {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
      }
      guard let low = values.min(), let high = values.max() else { return nil }
      return (low == high ? StudyText.short(low) : "\(StudyText.short(low))–\(StudyText.short(high))")
        + " \(unit)"
    }
    var found = [
      range("kvp", "kV"), range("exposure", "mAs"),
      range("sliceThickness", language == .en ? "mm slices" : "mm 层厚"),
      range("magneticFieldStrength", "T"),
    ].compactMap { $0 }
    let agents = Set(parts.compactMap { text($0, "contrastAgent") }).sorted()
    if !agents.isEmpty {
      found.append((language == .en ? "contrast: " : "对比剂：") + agents.joined(separator: ", "))
    }
    guard !found.isEmpty else { return nil }
    return language == .en
      ? "Acquisition: \(found.joined(separator: ", "))." : "采集参数：\(found.joined(separator: "，"))。"
  }

  /// Such as "2 images (frontal, lateral), 1 clip (20 frames)".
  private func items(_ parts: [StudyPart]) -> String {
    let images = parts.filter { $0.kind != .clip }, clips = parts.filter { $0.kind == .clip }
    func views(_ parts: [StudyPart]) -> [String] {
      var seen: Set<String> = []
      return parts.compactMap(\.view).map { language == .en ? $0 : ChineseWording.term($0) }.filter {
        seen.insert($0).inserted
      }
    }
    var found: [String] = []
    if !images.isEmpty {
      let detail = views(images)
      let noun = language == .en ? (images.count == 1 ? "image" : "images") : "幅图像"
      found.append("\(images.count) \(noun)" + bracketed(detail))
    }
    if !clips.isEmpty {
      let frames = clips.compactMap { $0.routed?.source.frameCount }
      let detail =
        views(clips)
        + (frames.count == 1 && clips.count == 1
          ? [language == .en ? "\(frames[0]) frames" : "\(frames[0]) 帧"] : [])
      let noun = language == .en ? (clips.count == 1 ? "clip" : "clips") : "段动态影像"
      found.append("\(clips.count) \(noun)" + bracketed(detail))
    }
    return found.joined(separator: language == .en ? ", " : "、")
  }

  private func bracketed(_ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return language == .en ? " (\(items.joined(separator: ", ")))" : "（\(items.joined(separator: "、"))）"
  }

  private func modality(_ part: StudyPart) -> String? {
    guard let code = text(part, "modality") else { return nil }
    let names = language == .en ? TechniqueText.modalities : ChineseWording.modalities
    return names[code].map { language == .en ? "\($0) (\(code))" : "\($0)（\(code)）" } ?? code
  }

  private func text(_ part: StudyPart, _ key: String) -> String? {
    if case .string(let text)? = part.routed?.source.metadata[key], !text.isEmpty { text } else { nil }
  }

  /// Defined terms of (0008,0060), PS3.3 C.7.3.1.1.1.
  private static let modalities = [
    "CR": "Computed radiography", "DX": "Digital radiography", "RG": "Radiographic imaging",
    "RF": "Radiofluoroscopy",
    "CT": "Computed tomography", "MR": "Magnetic resonance", "US": "Ultrasound",
    "IVUS": "Intravascular ultrasound",
    "XA": "X-ray angiography", "MG": "Mammography", "NM": "Nuclear medicine",
    "PT": "Positron emission tomography",
    "PX": "Panoramic X-ray", "IO": "Intra-oral radiography", "OP": "Ophthalmic photography",
    "OPT": "Ophthalmic tomography", "ES": "Endoscopy", "XC": "Photography", "GM": "Microscopy",
    "SC": "Secondary capture",
    "OT": "Other modality",
  ]
}
