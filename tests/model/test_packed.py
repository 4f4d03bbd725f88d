"""Packed 4-bit checkpoints as plain weights: the same numbers as a slow unpacking, and as the quantisers' own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.weights import AwqConf, GptqConf, QuantBackend
from oracle_sft.errors import UserError
from oracle_sft.model.packed import awq_weight, dense_weights, gptq_weight
from oracle_sft.model.quantize import quantize
from tests import tiny

AWQ_PLACES = (0, 2, 4, 6, 1, 3, 5, 7)
"""Which of eight numbers stands at each place of an int32, as AutoAWQ packs them."""


def packed(numbers: list[int]) -> int:
    """Eight numbers in an int32, the first lowest."""
    word = sum(number << (4 * place) for place, number in enumerate(numbers))
    return word - (1 << 32) if word >= 1 << 31 else word


@st.composite
def layers(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, int]:
    """Numbers `[in, out]`, zeros and scales `[groups, out]`, and the group size."""
    size = draw(st.sampled_from([8, 16, 32]))
    groups, outputs = draw(st.integers(1, 3)), 8 * draw(st.integers(1, 3))
    seed = torch.Generator().manual_seed(draw(st.integers(0, 2**32)))
    numbers = torch.randint(0, 16, (groups * size, outputs), generator=seed)
    zeros = torch.randint(1, 16, (groups, outputs), generator=seed)
    scales = torch.rand(groups, outputs, generator=seed).half()
    return numbers, zeros, scales, size


def plain(
    numbers: torch.Tensor, zeros: torch.Tensor, scales: torch.Tensor, groups: list[int]
) -> torch.Tensor:
    return torch.stack(
        [(numbers[row] - zeros[group]) * scales[group].float() for row, group in enumerate(groups)]
    ).t()


def columns(values: torch.Tensor, order: tuple[int, ...] = tuple(range(8))) -> torch.Tensor:
    """Packed along the outputs, eight to an int32, in this order."""
    rows = values.tolist()
    return torch.tensor(
        [
            [packed([row[at + place] for place in order]) for at in range(0, len(row), 8)]
            for row in rows
        ],
        dtype=torch.int32,
    )


@given(layers(), st.sampled_from([0, 1]), st.randoms())
def test_gptq_in_both_versions_and_any_order_of_groups(layer, plus, random) -> None:  # type: ignore[no-untyped-def]
    numbers, zeros, scales, size = layer
    groups = [row // size for row in range(len(numbers))]
    random.shuffle(groups)
    qweight = columns(numbers.t().contiguous()).t().contiguous()
    found = gptq_weight(
        qweight, columns(zeros - plus), scales, torch.tensor(groups, dtype=torch.int32), plus=plus
    )
    assert torch.equal(found, plain(numbers, zeros, scales, groups))


@given(layers())
def test_gptq_without_a_list_of_groups(layer) -> None:  # type: ignore[no-untyped-def]
    numbers, zeros, scales, size = layer
    qweight = columns(numbers.t().contiguous()).t().contiguous()
    found = gptq_weight(qweight, columns(zeros), scales, None, plus=0)
    groups = [row // size for row in range(len(numbers))]
    assert torch.equal(found, plain(numbers, zeros, scales, groups))


@given(layers())
def test_awq(layer) -> None:  # type: ignore[no-untyped-def]
    numbers, zeros, scales, size = layer
    found = awq_weight(columns(numbers, AWQ_PLACES), columns(zeros, AWQ_PLACES), scales)
    groups = [row // size for row in range(len(numbers))]
    assert torch.equal(found, plain(numbers, zeros, scales, groups))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"quant_method": "gptq", "bits": 8}, r"bits=8; only 4-bit"),
        ({"quant_method": "awq", "bits": 4, "version": "gemv"}, "version=gemv; only awq's gemm"),
        (
            {"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"},
            "checkpoint_format=marlin; only gptq and gptq_v2",
        ),
    ],
)
def test_what_is_packed_otherwise_is_refused(
    said: dict[str, object], message: str, tmp_path: Path
) -> None:
    config = {"model_type": "llama", "quantization_config": said}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=message):
        dense_weights(tmp_path, dtype=torch.float32)


OWN = """
import sys, torch
from safetensors.torch import load_file, save_file
stored, size = load_file(sys.argv[1]), int(sys.argv[3])
found = {}
for name in stored:
    layer, _, part = name.rpartition(".")
    if part != "qweight":
        continue
    parts = {key: stored[f"{layer}.{key}"] for key in ("qweight", "qzeros", "scales")}
    if sys.argv[4] == "awq":
        from auto_round.export.export_to_awq.utils import dequantize_gemm
        found[layer + ".weight"] = dequantize_gemm(**parts, bits=4, group_size=size).t().contiguous()
    else:
        from auto_round_extension.torch.qlinear_torch_zp import QuantLinear
        inputs, outputs = 8 * parts["qweight"].shape[0], parts["qweight"].shape[1]
        linear = QuantLinear(4, size, inputs, outputs, False)
        linear.load_state_dict(parts, strict=False)
        linear.post_init()
        found[layer + ".weight"] = linear(torch.eye(inputs, dtype=torch.float16)).t().contiguous()
save_file(found, sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", [AwqConf, GptqConf], ids=["awq", "gptq"])
def test_the_numbers_are_those_of_the_quantisers_own_layers(
    kind: type, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    conf = kind(group_size=32, backend=QuantBackend.autoround)
    facts = quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")
    _, ours = dense_weights(tmp_path / "out", dtype=torch.float16)
    source, target = tmp_path / "out" / "model.safetensors", tmp_path / "own.safetensors"
    command = [sys.executable, "-c", OWN, str(source), str(target), "32", facts.format]
    subprocess.run(command, check=True, capture_output=True)
    from safetensors.torch import load_file

    own = load_file(target)
    assert len(own) == 14
    for name, weight in own.items():
        assert torch.equal(ours[name], weight.half()), name
