"""The tokenizer of the tiny model: byte-level BPE whose pieces do not depend on what stands around them.

A small model copies names and values piece by piece, so `customer_id` is cut in the same way after a
blank, a dot or a bracket: a blank belongs to no identifier. Only keywords, operators and English
function words take their blanks with them. Every digit is a token of its own. The byte-level decoder
gives back every text exactly.

The vocabulary is learned from the pre-training corpus and from a plain list of Oracle's words
(`ORACLE_WORDS`): the model never sees an Oracle-only construct in pre-training, but it can write
`LISTAGG` as one token when it is taught to.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from oracle_sft.model.tiny.words import COMMON_WORDS, ORACLE_WORDS

VOCAB_SIZE = 1536
_NUM_MERGED = 560
MAX_TOKENS = 2048
PAD, END, SYSTEM, USER, ASSISTANT = "<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)

# Keywords of ANSI SQL that take the blanks around them, longest first within a common start.
_SPACED = """SELECT DISTINCT|SELECT|FROM|WHERE|GROUP BY|ORDER BY|PARTITION BY|BY|HAVING|LEFT OUTER JOIN|LEFT JOIN
INNER JOIN|CROSS JOIN|FULL JOIN|JOIN|ON|AS|AND|OR|IS NOT NULL|IS NULL|NOT IN|NOT EXISTS|NOT LIKE|NOT BETWEEN
NOT|IN|EXISTS|LIKE|BETWEEN|UNION ALL|UNION|INTERSECT|WITH|CASE WHEN|CASE|WHEN|THEN|ELSE|END|DESC NULLS LAST
NULLS LAST|NULLS FIRST|DESC|ASC|OVER""".replace("\n", "|")

FUNCTION_WORDS = """the an of in on at to for from by with and or not is are was were be been has have had do
does did that which who whose what where when how many much than more less fewer least most all any each every per
their its our we us you they it between since until over under above below before after show list give me find
""".split()

_MARKS = ("(*)", "(+)", "DATEĠ'", "ĊQ:Ġ")  # Ġ is a blank, Ċ a new line
_PIECES = (
    r"\n[A-Z]: |\(\*\)|\(\+\)|DATE '|TIMESTAMP '|INTERVAL '"
    rf"|(?: |(?<![A-Za-z0-9_]))(?:{_SPACED})(?![A-Za-z0-9_]) ?"
    rf"|(?: |(?<![A-Za-z0-9_]))(?:{'|'.join(FUNCTION_WORDS)})(?![A-Za-z0-9_]) ?"
    r"| ?(?:<=|>=|<>|!=|\|\||[=<>+/-]) |[*#@]*>|[*#@]+, |[*#@]*\)\n(?![A-Z]: )|, |[*#@]+"
    r"|_id(?![A-Za-z0-9])|_|\d|[A-Z]+_[A-Z_]*[A-Z]|[A-Z]?[a-z]+|[A-Z]+| |\s|[^\sA-Za-z0-9_]"
)


def train_tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A tokenizer with the vocabulary of `texts`; the same texts give the same tokenizer.

    Its vocabulary is the bytes, the merges that the texts ask for first, and then whole pieces: Oracle's
    words, common business words and the most frequent others. A piece that is in the vocabulary is one
    token (`ignore_merges`).
    """
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(piece for piece, _ in bpe.pre_tokenizer.pre_tokenize_str(text))
    # pre_tokenize_str gives pieces as the byte-level alphabet writes them.
    ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
    trainer = trainers.BpeTrainer(
        vocab_size=_NUM_MERGED,
        special_tokens=[PAD, END, SYSTEM, USER, ASSISTANT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    # Each piece once: what matters here is how words are spelled, not how often they are used.
    bpe.train_from_iterator(sorted(piece for piece in counts if counts[piece] > 1), trainer)
    said = json.loads(bpe.to_str())
    vocab = said["model"]["vocab"]
    for piece in dict.fromkeys([*_MARKS, *ORACLE_WORDS, *COMMON_WORDS, *ranked]):
        if len(vocab) == VOCAB_SIZE:
            break
        vocab.setdefault(piece, len(vocab))
    said["model"]["ignore_merges"] = True
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(said)),
        pad_token=PAD,
        eos_token=END,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        model_max_length=MAX_TOKENS,
        padding_side="right",
        extra_special_tokens=[SYSTEM, USER, ASSISTANT],
    )


def tokenizer_digest(folder: Path) -> str:
    """SHA-256 (hex) of tokenizer.json in `folder`."""
    return hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest()
