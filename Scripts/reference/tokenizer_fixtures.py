"""Writes Tests/Fixtures/Tokenizer with the Python package tokenizers.

Run from the package's root: python Scripts/reference/tokenizer_fixtures.py
"""
import json
import pathlib
import random
import unicodedata

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

out = pathlib.Path("Tests/Fixtures/Tokenizer")
out.mkdir(parents=True, exist_ok=True)
rng = random.Random(11)

OWN = ["<pad>", "<begin>", "<end>", "<mask>", "<sep>"]


def corpus():
    """Short made-up report and plant sentences in several scripts."""
    place = ["left lower lobe", "right upper lobe", "lingula", "both bases", "the apex"]
    what = ["consolidation", "atelectasis", "effusion", "a nodule of 7 mm", "no focal opacity"]
    sensor = ["compressor outlet temperature", "fan speed", "bearing vibration", "oil pressure"]
    other = [
        "左下肺野见斑片状密度增高影，边界不清。",
        "两肺纹理增多，心影不大，膈面光整。",
        "В нижней доле левого лёгкого очаговых изменений нет.",
        "Kein Pleuraerguss, die Herzgröße ist regelrecht.",
        "फेफड़ों में कोई घाव नहीं है।",
        "لا يوجد انصباب جنبي.",
    ]
    texts = []
    for i in range(400):
        texts.append(f"There is {rng.choice(what)} in {rng.choice(place)}; it's {rng.choice(['new', 'unchanged', 'larger'])}.")
        texts.append(f"The {rng.choice(sensor)} rises to {rng.randint(10, 999)}.{rng.randint(0, 9)} after {rng.randint(1, 400)} cycles.")
        if i % 3 == 0:
            texts.append(rng.choice(other))
    return texts


def strange(count, database=unicodedata):
    """Random scalars of every script, with much white space, apostrophes and digits between."""
    assigned = [
        c for c in range(0x20000)
        if not 0xD800 <= c < 0xE000 and database.category(chr(c)) == unicodedata.category(chr(c)) != "Cn"
    ]
    marks = [" ", "  ", "\n", "\t", "\u00a0", "\u3000", "\u2028", "\u0085", "'s", "'re", "'ll ", "'", "12", "½", "Ⅷ", "e\u0301", "é", "ﬁ", "👩‍⚕️", "한국", "の", "##", "x", "İ", "ẞ", "\u200b", "\ufeff", "."]
    texts = []
    for _ in range(count):
        n = rng.randint(1, 12)
        texts.append("".join(rng.choice(marks) if rng.random() < 0.6 else chr(rng.choice(assigned)) for _ in range(n)))
    return texts


hand = [
    "", " ", "   ", "a", " a", "a ", "Hello world", "Hello  world\n\n  again ", "it's we're they'll I'd 'sample 'S",
    " 's", "12345 67.8%", "x²+½", "左肺 下叶12mm", "naïve café", "<mask> <pad>", "\u0000\u0001", "a\u00a0b",
    "tab\tand\r\nreturn", "The bearing vibration rises to 12.5 after 300 cycles.", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
]
texts = hand + corpus()[:6] + strange(300)

# Byte-level BPE, trained by the package on the corpus.
words = corpus()
bpe = Tokenizer(models.BPE())
bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bpe.decoder = decoders.ByteLevel(add_prefix_space=False)
bpe.train_from_iterator(
    words,
    trainers.BpeTrainer(
        vocab_size=900, min_frequency=2, special_tokens=OWN, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    ),
)
bpe.save(str(out / "bpe.json"))
bpe.encode_special_tokens = True
ids = [bpe.encode(t).ids for t in texts]
assert all(bpe.decode(i) == t for i, t in zip(ids, texts))
(out / "bpe-expected.json").write_text(
    json.dumps({"corpus": words, "texts": texts, "ids": ids}, ensure_ascii=True) + "\n"
)

# WordPiece with BERT's steps, both ways of casing; the vocabulary is trained by the package as well.
# The package's table of punctuation is of Unicode 8, so only characters that were old by then.
old = unicodedata.ucd_3_2_0
for name, lower in (("uncased", True), ("cased", False)):
    wp = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    wp.normalizer = normalizers.BertNormalizer(lowercase=lower)
    wp.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    wp.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    wp.train_from_iterator(
        words + strange(400, old),
        trainers.WordPieceTrainer(
            vocab_size=1600, min_frequency=1, limit_alphabet=900, show_progress=False,
            special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        ),
    )
    wp.encode_special_tokens = True
    wp.save(str(out / f"wordpiece-{name}.json"))
    vocabulary = sorted(wp.get_vocab().items(), key=lambda kv: kv[1])
    if all("\n" not in t and "\r" not in t for t, _ in vocabulary):
        (out / f"wordpiece-{name}.txt").write_text("".join(t + "\n" for t, _ in vocabulary))
    more = hand + corpus()[:6] + strange(300, old) + ["x" * 100, "x" * 101, "Der Ärztebefund, [MASK] ÅÉ", "don't", "日本語です", "𠀀 丽 丽"]
    ids = [wp.encode(t).ids for t in more]
    plain = ["there is a nodule of 7 mm in the apex ; it ' s new .", "effusion, unchanged."]
    (out / f"wordpiece-{name}-expected.json").write_text(
        json.dumps(
            {
                "texts": more, "ids": ids,
                "plain": plain, "decoded": [wp.decode(wp.encode(t).ids, skip_special_tokens=False) for t in plain],
            }, ensure_ascii=True,
        ) + "\n"
    )
