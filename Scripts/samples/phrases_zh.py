"""Chinese phrases, the same keys as in English."""

SIDES = {-1: "右", 1: "左"}
ZONES = {"upper": "上", "middle": "中", "lower": "下"}
EXTENTS = {"small": "少量", "moderate": "中等量", "large": "大量"}
PATTERNS = {"patchy": "斑片状", "dense": "致密", "hazy": "磨玻璃样"}
UNUSABLE = {"blank": "未显示解剖结构", "over-exposed": "曝光过度", "under-exposed": "曝光不足", "cut off": "胸部未完整显示",
            "blurred": "运动模糊"}
TECHNIQUE = {"frontal": "模拟胸部正位片。", "lateral": "模拟胸部侧位片。", "both": "模拟胸部正侧位片。",
             "cine": "模拟胸部正位透视，一个呼吸周期。"}
BETWEEN = ""
HEADING = "印象："

PHRASES = {
    "patchy opacity": ["{side}{zone}肺野见斑片状密度增高影。", "{side}{zone}肺野可见斑片影。", "{side}肺{zone}野见斑片状实变影。"],
    "dense opacity": ["{side}{zone}肺野见致密实变影。", "{side}{zone}肺野可见大片致密影。", "{side}肺{zone}野实变，密度较高。"],
    "hazy opacity": ["{side}{zone}肺野见磨玻璃样密度增高影。", "{side}{zone}肺野透亮度减低，呈磨玻璃样改变。", "{side}肺{zone}野见淡薄模糊影。"],
    "patchy opacity lateral": ["侧位示{zone}肺野斑片状密度增高影。", "侧位片上{zone}肺野可见斑片影。"],
    "dense opacity lateral": ["侧位示{zone}肺野致密实变影。", "侧位片上{zone}肺野可见致密影。"],
    "hazy opacity lateral": ["侧位示{zone}肺野磨玻璃样影。", "侧位片上{zone}肺野见淡薄模糊影。"],
    "nodule": ["{side}{zone}肺野见一结节，直径约{size}毫米。", "{side}{zone}肺野可见约{size}毫米圆形结节影。", "{side}肺{zone}野见边界清楚的结节，大小约{size}毫米。"],
    "nodule lateral": ["侧位示{zone}肺野约{size}毫米结节。", "侧位片上{zone}肺野见直径约{size}毫米圆形结节影。"],
    "small effusion": ["{side}侧少量胸腔积液。", "{side}侧肋膈角变钝，考虑少量胸腔积液。", "{side}侧胸腔可见少量积液。"],
    "moderate effusion": ["{side}侧中等量胸腔积液。", "{side}侧胸腔中等量积液，呈外高内低弧形液面。", "{side}侧中等量胸腔积液，膈面显示不清。"],
    "large effusion": ["{side}侧大量胸腔积液。", "{side}侧胸腔大量积液，占据中下部胸腔。", "{side}侧胸腔可见大量积液。"],
    "small effusion lateral": ["后肋膈角变钝，少量胸腔积液。", "后肋膈角处见少量胸腔积液。"],
    "moderate effusion lateral": ["后方见中等量胸腔积液。", "侧位示中等量胸腔积液，一侧膈面被遮盖。"],
    "large effusion lateral": ["侧位示大量胸腔积液。", "大量胸腔积液遮盖膈面及下部胸腔。"],
    "two effusions": ["双侧胸腔积液，右侧{right}，左侧{left}。", "两侧胸腔均见积液：右侧{right}，左侧{left}。"],
    "two effusions lateral": ["双侧后肋膈角均见胸腔积液。", "侧位示双侧膈面被积液遮盖。"],
    "pneumothorax": ["{side}侧{extent}气胸。", "{side}侧可见脏层胸膜线，为{extent}气胸。", "{side}侧{extent}气胸，胸膜线外未见肺纹理。"],
    "enlarged heart": ["心影增大，心胸比约{ratio}。", "心影增大。", "心脏增大。"],
    "normal heart": ["心影不大。", "心影大小正常。", "心影在正常范围内。", "心脏及纵隔未见异常。"],
    "no lung finding": ["双肺野清晰。", "双肺未见局灶性密度增高影或结节。", "两肺清晰。", "双肺未见实变影。"],
    "other lung clear": ["{side}肺清晰。", "{side}肺未见密度增高影。"],
    "no pleural finding": ["未见胸腔积液及气胸。", "双侧未见胸腔积液或气胸征象。", "无气胸及胸腔积液。", "双侧肋膈角锐利，未见气胸。"],
    "no effusion": ["未见胸腔积液。", "无胸腔积液。", "未见胸腔积液征象。"],
    "no pneumothorax": ["未见气胸。", "无气胸。", "未见气胸征象。"],
    "bones": ["胸廓骨质未见异常。", "骨质未见明显异常。", "所见骨质完整。"],
    "normal motion": ["双侧膈肌运动正常。", "两侧膈肌活动度正常。", "膈肌随呼吸活动自如。"],
    "reduced motion": ["{side}侧膈肌运动减弱。", "{side}侧膈肌随呼吸几乎不动。", "{side}侧膈肌活动度减低。"],
    "reduced motion of both": ["双侧膈肌运动减弱。", "双侧膈肌随呼吸几乎不动。"],
    "unusable": ["图像质量不佳，无法评估：{kind}。", "图像不符合诊断要求：{kind}。"],
    "impression opacity": ["{side}{zone}肺野{pattern}影。", "{side}{zone}肺野密度增高影。"],
    "impression opacity lateral": ["{zone}肺野{pattern}影。", "{zone}肺野密度增高影。"],
    "impression nodule": ["{side}{zone}肺野结节，约{size}毫米。", "{side}{zone}肺野结节。"],
    "impression nodule lateral": ["{zone}肺野结节，约{size}毫米。", "{zone}肺野结节。"],
    "impression pleural effusion": ["{side}侧{extent}胸腔积液。", "{side}侧胸腔积液。"],
    "impression pleural effusion lateral": ["{extent}胸腔积液。", "胸腔积液。"],
    "impression pneumothorax": ["{side}侧{extent}气胸。", "{side}侧气胸。"],
    "impression enlarged heart": ["心影增大。", "心脏增大。"],
    "impression motion": ["{side}侧膈肌运动减弱。"],
    "impression motion of both": ["双侧膈肌运动减弱。"],
    "impression normal": ["胸部未见明显异常。", "心肺未见急性异常。", "心、肺及胸膜未见异常。"],
    "impression unusable": ["建议重新检查。"],
}
