import Decoders
import Reports
import Selector

/// In Chinese what the decoders and the selector tell in English.
enum ChineseWording {
  static func of(_ code: Decoders.DecodingError.Code) -> String {
    switch code {
    case .unsupported: "不支持的格式或编码"
    case .truncated: "文件不完整"
    case .malformed: "文件内容有误"
    case .tooLarge: "文件过大"
    case .notFound: "找不到文件"
    case .unknownFormat: "无法识别的格式"
    case .cancelled: "读取被取消"
    }
  }

  /// Why an input was used or left out.
  static func reasons(_ choice: Choice) -> [String] {
    if let objection = choice.objection { return ["未采用：\(of(objection))。"] }
    let percent = Int((choice.trust * 100).rounded())
    var found = [
      choice.used ? "采用：预计对此类图像判断正确的可能性为 \(percent)%。" : "未采用：预计对此类图像判断正确的可能性仅 \(percent)%。"
    ]
    found += choice.evidence.quality.complaints.map { of($0) + "。" }
    if choice.evidence.strangeness > StudyDrafter.strangenessLimit {
      found.append("与训练数据的距离是通常的 \(StudyText.times(choice.evidence.strangeness)) 倍。")
    }
    return found
  }

  /// Why an input is no scan of what the task is about, without a full stop.
  static func of(_ objection: Objection) -> String {
    switch objection {
    case .screenshot(let lines): "这是文字页面（\(lines) 行），不是影像"
    case .scout: "文件头注明为定位像"
    case .bodyPart(let named, _): "文件头注明检查部位为\(term(named))，与模型任务不符"
    }
  }

  /// What stands out about an input, without a full stop.
  static func of(_ complaint: Quality.Complaint) -> String {
    func percent(_ share: Float) -> String { "\(Int((share * 100).rounded()))%" }
    return switch complaint {
    case .blank: "图像几乎空白"
    case .withoutDetail: "图像几乎没有细节"
    case .saturated(let share): "\(percent(share)) 的像素处于灰阶两端"
    case .missing(let share): "\(percent(share)) 缺失"
    case .frozen(let share): "\(percent(share)) 没有变化"
    case .outside(let share): "\(percent(share)) 的数值超出训练范围"
    }
  }

  /// Views and parts of the body as DICOM and file names write them.
  static func term(_ english: String) -> String {
    let known = [
      "CHEST": "胸部", "ABDOMEN": "腹部", "HEAD": "头部", "BRAIN": "脑", "LUNG": "肺", "HEART": "心脏",
      "PELVIS": "骨盆", "SPINE": "脊柱", "KNEE": "膝", "HAND": "手", "FOOT": "足", "NECK": "颈部", "BREAST": "乳腺",
      "LIVER": "肝", "KIDNEY": "肾",
    ]
    return known[english.uppercased()] ?? ReportLanguage.zh.say(english)
  }

  /// Modalities of (0008,0060).
  static let modalities = [
    "CR": "计算机X线摄影", "DX": "数字X线摄影", "RG": "X线摄影", "RF": "X线透视", "CT": "计算机断层扫描", "MR": "磁共振成像",
    "US": "超声", "IVUS": "血管内超声", "XA": "X线血管造影", "MG": "乳腺X线摄影", "NM": "核医学", "PT": "正电子发射断层扫描",
    "PX": "全景X线摄影", "IO": "口内X线摄影", "OP": "眼底照相", "OPT": "眼科断层扫描", "ES": "内镜", "XC": "摄影",
    "GM": "显微镜", "SC": "二次采集", "OT": "其他方式",
  ]
}
