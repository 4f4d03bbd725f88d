"""A two-layer Llama, a byte tokenizer with a chat template, ten pairs: made in place, nothing is downloaded."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from oracle_sft.pairs.prompt import answer_ids, prompt_ids
from oracle_sft.pairs.tokens import TokenRow

PAD, END, USER, ASSISTANT = "<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
QUESTIONS = {
    "how many bikes": "SELECT COUNT(*) FROM bikes",
    "how many shops": "SELECT COUNT(*) FROM shops",
    "all bikes": "SELECT * FROM bikes",
    "all shops": "SELECT * FROM shops",
    "names of the shops": "SELECT name FROM shops",
    "prices": "SELECT price FROM bikes",
    "first bike": "SELECT * FROM bikes WHERE ROWNUM = 1",
    "red bikes": "SELECT * FROM bikes WHERE colour = 'red'",
    "blue bikes": "SELECT * FROM bikes WHERE colour = 'blue'",
    "dearest": "SELECT MAX(price) FROM bikes",
}


def tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, and four special ones."""
    special = [PAD, END, USER, ASSISTANT]
    pieces = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    byte_level = Tokenizer(
        models.BPE(vocab={piece: n for n, piece in enumerate(pieces)}, merges=[])
    )
    byte_level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    byte_level.decoder = decoders.ByteLevel()
    byte_level.add_special_tokens(special)
    return PreTrainedTokenizerFast(
        tokenizer_object=byte_level,
        pad_token=PAD,
        eos_token=END,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        extra_special_tokens=[USER, ASSISTANT],
    )


def model(*, seed: int = 0, hidden: int = 64, tied: bool = True) -> LlamaForCausalLM:
    """A random Llama of two layers over the byte tokenizer's vocabulary, padded to 272."""
    torch.manual_seed(seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=272,
            hidden_size=hidden,
            intermediate_size=2 * hidden,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            tie_word_embeddings=tied,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=1,
        )
    )


def base_folder(folder: Path, *, seed: int = 0, hidden: int = 64, tied: bool = True) -> Path:
    """`folder`, with such a model in bfloat16, as bases come, and its tokenizer saved in it."""
    model(seed=seed, hidden=hidden, tied=tied).bfloat16().save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def rows() -> list[TokenRow]:
    """Ten pairs as token ids, named pair-0 to pair-9."""
    made = tokenizer()
    return [
        TokenRow(
            pair_id=f"pair-{n}",
            prompt_ids=tuple(prompt_ids([{"role": "user", "content": question}], made)),
            answer_ids=tuple(answer_ids(sql, made)),
        )
        for n, (question, sql) in enumerate(QUESTIONS.items())
    ]
