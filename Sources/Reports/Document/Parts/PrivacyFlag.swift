extension ReportDocument {
  /// Something in an input that may tell who the patient is; what it tells is not repeated.
  public struct PrivacyFlag: Sendable, Equatable, Codable {
    /// What was met.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// The header says that identity is part of the picture (0028,0301).
      case burnedIn
      /// Marks in the picture look like lines of text.
      case textInPicture
      /// The header has overlay planes (60xx,3000), which may hold text.
      case overlay
      /// The header has private elements, which nobody else knows to read.
      case privateTags
    }

    /// The `path` of the input.
    public var input: String
    /// What was met.
    public var kind: Kind
    /// How many lines, planes or elements; 1 where nothing is counted.
    public var count: Int
    /// In words, one sentence, in the report's language.
    public var text: String

    /// - Parameters:
    ///   - input: the `path` of the input.
    ///   - count: of lines, planes or elements; 1 where nothing is counted.
    public init(input: String, kind: Kind, count: Int, language: ReportLanguage) {
      (self.input, self.kind, self.count) = (input, kind, count)
      let isEnglish = language == .en, plural = count == 1 ? "" : "s"
      text =
        switch kind {
        case .burnedIn:
          isEnglish
            ? "\(input): its header says that identity is burned into the picture."
            : "\(input)：文件头注明图像内含身份信息。"
        case .textInPicture:
          isEnglish
            ? "\(input): \(count) line\(plural) in the picture look\(count == 1 ? "s" : "") like text, which may name somebody."
            : "\(input)：图像中有 \(count) 行类似文字的内容，可能含身份信息。"
        case .overlay:
          isEnglish
            ? "\(input): its header has \(count) overlay plane\(plural), which may hold text."
            : "\(input)：文件头含 \(count) 个叠加层，可能含文字。"
        case .privateTags:
          isEnglish
            ? "\(input): its header has \(count) private element\(plural); none was read."
            : "\(input)：文件头含 \(count) 个私有元素，未读取。"
        }
    }
  }
}
