extension ReportLanguage {
  /// A heading, or another fixed phrase of a rendered report.
  /// - Parameter english: the phrase in English; it stands for itself where there is no other wording.
  public func say(_ english: String) -> String {
    self == .en ? english : ReportLanguage.chinese[english] ?? english
  }

  private static let chinese: [String: String] = [
    "Report": "报告", "Impression": "印象", "Findings": "影像所见", "Technique": "检查技术",
    "A human must read this study": "本次检查须由医师阅片", "Remarks": "备注", "What the model saw": "模型判读",
    "Inputs": "输入文件", "Origin": "来源", "Finding": "征象", "State": "判断", "Probability": "概率", "Evidence": "依据",
    "Input": "文件", "File": "文件", "Kind": "类型", "View": "体位", "Used": "采用", "Use": "采用", "Why": "原因",
    "Present": "存在", "Absent": "不存在", "Uncertain": "不确定", "Status": "状态", "Final": "终稿",
    "Preliminary": "初稿", "Created": "生成时间", "Model": "模型", "Signed by": "签署人",
    "Nothing was drafted.": "未生成内容。", "not known": "不详", "yes": "是", "no": "否", "used": "采用",
    "left out": "未采用", "none shown": "未标出", "Picture": "图", "Hashes (SHA-256)": "校验值（SHA-256）",
    "Draft that was signed": "所签署的草稿", "Bundle": "模型包", "image": "图像", "clip": "动态影像",
    "series": "传感记录", "Marked": "标记", "What the selector decided": "选择器的判断",
    "frontal": "正位", "lateral": "侧位", "oblique": "斜位", "axial": "轴位", "coronal": "冠状位",
    "sagittal": "矢状位", "PA": "后前位", "AP": "前后位", "Limits": "局限", "Asked for in words": "按文字询问（零样本）",
    "present": "存在",
    "uncertain": "不确定", "absent": "不存在", "none": "无",
    "Comparison": "对比", "Privacy": "隐私提示", "Patient": "患者", "Changed by the signer": "签署人的修改",
    "Report identifier": "报告标识", "Skip to the impression": "跳至印象", "Place": "位置", "left": "左侧",
    "right": "右侧", "bilateral": "双侧", "upper zone": "上肺野", "middle zone": "中肺野", "lower zone": "下肺野",
    "Sentences and what they rest on": "语句及其依据", "Sentence": "语句", "Findings behind it": "所依据的征象",
    "Withheld: identity may be part of the picture.": "未显示：图像可能含身份信息。",
    "Drafted by software (Braid) from the inputs listed; it names the patient, as was asked for.":
      "由软件（Braid）根据所列文件起草，按要求含患者身份信息。",
    "Pictures": "图像", "None is stated: the inputs cannot be trusted.": "图像不可信，不列出征象。",
    "Draft, preliminary: for review by a clinician; not a diagnosis": "草稿（初步）：供医师审阅，不作为诊断",
    "Drafted by software (Braid) from the inputs listed; no part of it identifies a patient.":
      "由软件（Braid）根据所列文件起草，不含任何患者身份信息。",
  ]
}
