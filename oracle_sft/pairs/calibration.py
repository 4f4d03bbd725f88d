"""Which pairs a quantiser is shown: a draw that gives each construct its share, and never what is scored."""

import random
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

from oracle_sft.config.weights import CalibratedQuantConf, QuantConf
from oracle_sft.errors import UserError
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair, normal_question, pair_id
from oracle_sft.pairs.readers import jsonl
from oracle_sft.pairs.readers.draft import Draft, Unread, storable
from oracle_sft.sqltext.canonical import canonical

_MAX_SHOWN = 10
_UNTAGGED = ""


def balanced(pairs: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """Up to `count` of the pairs: each turn takes one more of the tag that was shown least.

    A plain draw shows the rare constructs by chance or not at all, and weights that only they use are rounded blindly.
    """
    shuffled = random.Random(f"calibration/{seed}").sample(pairs, len(pairs))
    waiting: dict[str, deque[Pair]] = {}
    for pair in shuffled:
        for tag in pair.tags or (_UNTAGGED,):
            waiting.setdefault(tag, deque()).append(pair)
    shown = Counter[str]()
    chosen: dict[str, Pair] = {}
    while waiting and len(chosen) < count:
        tag = min(waiting, key=lambda tag: (shown[tag], tag))
        pair = waiting[tag].popleft()
        if not waiting[tag]:
            del waiting[tag]
        if pair.id not in chosen:
            chosen[pair.id] = pair
            shown.update(pair.tags or (_UNTAGGED,))
    return list(chosen.values())


def check_calibration(conf: QuantConf, dataset: Dataset) -> None:
    """Pass when the quantiser can be shown what `conf` says.

    Raises:
        UserError: quant.calibration_file holds what must not be shown, or no pairs.
    """
    if isinstance(conf, CalibratedQuantConf) and conf.calibration_file is not None:
        read_calibration_file(Path(conf.calibration_file), dataset)


def read_calibration_file(path: Path, dataset: Dataset) -> list[Pair]:
    """The pairs of a file in the format of docs/pairs.md, of schemas of the dataset.

    Raises:
        UserError: the file cannot be read or holds no pair, a line is none, its schema is not of the dataset, two have
            one id, or a pair is kept for scoring.
    """
    schemas = dataset.schemas()
    held_out = {pair.id: pair for pair in dataset.held_out_pairs()}
    answers = {
        (
            pair.schema_id,
            normal_question(pair.question),
            canonical(pair.sql, schemas[pair.schema_id]),
        ): pair
        for pair in held_out.values()
    }
    pairs, wrong = dict[str, Pair](), list[str]()
    for found in map(storable, jsonl.read(path)):
        if isinstance(found, Unread):
            wrong.append(f"{found.where}: {found.reason}")
            continue
        schema_id = found.schema_id or (next(iter(schemas)) if len(schemas) == 1 else "")
        if found.ddl or schema_id not in schemas:
            said = "brings its own DDL" if found.ddl else f"is of the schema {schema_id!r}"
            known = ", ".join(sorted(schemas)[:_MAX_SHOWN])
            wrong.append(f"{found.where}: the pair {said}; the run's dataset knows {known}")
            continue
        pair = _pair(found, schema_id)
        content = (
            schema_id,
            normal_question(pair.question),
            canonical(pair.sql, schemas[schema_id]),
        )
        scored = held_out.get(pair.id) or answers.get(content)
        if scored is not None:
            wrong.append(
                f"{found.where}: the pair is {scored.id} of the suite {scored.suite}, which is kept for scoring; "
                "leave it out"
            )
        elif pair.id in pairs:
            wrong.append(f"{found.where}: the id {pair.id} is that of an earlier pair")
        pairs[pair.id] = pair
    if wrong:
        more = [f"... and {len(wrong) - _MAX_SHOWN} more"] if len(wrong) > _MAX_SHOWN else []
        raise UserError("\n".join([*wrong[:_MAX_SHOWN], *more]))
    if not pairs:
        raise UserError(
            f"quant.calibration_file={path} holds no pair; give one, or null for the run's training pairs"
        )
    return list(pairs.values())


def _pair(draft: Draft, schema_id: str) -> Pair:
    return Pair(
        id=draft.id or pair_id(draft.question, draft.sql, schema_id),
        question=draft.question,
        sql=draft.sql,
        schema_id=schema_id,
        evidence=draft.evidence,
        tags=draft.tags,
        suite="calibration",
        where=draft.where,
    )
