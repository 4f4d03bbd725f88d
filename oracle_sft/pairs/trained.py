"""What a training really saw: each pair's tokens after cuts and drops, by their digests."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.tokens import Fitted, TokenRow
from oracle_sft.record.digest import sha256_json
from oracle_sft.record.merkle import merkle_root

TRAINED_LIST = "trained.jsonl"
"""The list of a run's training pairs, in its folder."""

TRAINED, CUT, DROPPED, UNREACHED = "trained", "cut", "dropped", "unreached"
"""What became of a pair: trained on whole, without the end of its answer, too long to be trained on, or not come to
before the last step."""


def tokens_digest(row: TokenRow) -> str:
    """SHA-256 (hex) over a row's token ids: of the JSON text `[[prompt...],[answer...]]` without blanks."""
    return sha256_json([row.prompt_ids, row.answer_ids])


def rows_digest(rows: Iterable[TokenRow]) -> str:
    """SHA-256 (hex) over a line `ID SHA256` for each of the rows, in their order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.pair_id} {tokens_digest(row)}\n".encode())
    return digest.hexdigest()


def trained_list(
    pairs: Sequence[Pair], fitted: Fitted, reached: AbstractSet[str]
) -> list[dict[str, Any]]:
    """A JSON object for each pair of the training suite, sorted by id; `reached` are the ids that a step came to.

    Each has id, state, source and model; those that were trained on have the count and the digest of the tokens that
    they were shown with.
    """
    rows = {row.pair_id: row for row in fitted.rows}
    cut = {row.pair_id for row in fitted.truncated}
    said = []
    for pair in sorted(pairs, key=lambda pair: pair.id):
        row = rows.get(pair.id)
        if row is None:
            state = DROPPED
        elif pair.id not in reached:
            state = UNREACHED
        else:
            state = CUT if pair.id in cut else TRAINED
        line = listed_pair(pair, state)
        if row is not None and state != UNREACHED:
            line |= {"tokens": row.num_tokens, "sha256": tokens_digest(row)}
        said.append(line)
    return said


def listed_pair(pair: Pair, state: str | None) -> dict[str, Any]:
    """The line of a pair without tokens; `state` is None where no record says what training saw of it."""
    model = str(pair.provenance.get("model") or "unknown")
    return {"id": pair.id, "state": state, "source": pair.source, "model": model}


def trained_facts(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the list comes to: counts by state, and digests of the pairs that were trained on.

    `digest` is the SHA-256 over a line `ID SHA256` for each of them in the order of their ids, `merkle_root` the one
    over their ids.
    """
    counts = dict.fromkeys((TRAINED, CUT, DROPPED, UNREACHED), 0)
    digest, ids, tokens = hashlib.sha256(), [], 0
    for line in lines:
        counts[line["state"]] += 1
        if "sha256" in line:
            digest.update(f"{line['id']} {line['sha256']}\n".encode())
            ids.append(line["id"])
            tokens += line["tokens"]
    return {
        "pairs": len(ids),
        "tokens": tokens,
        **{state: counts[state] for state in (CUT, DROPPED, UNREACHED)},
        "digest": digest.hexdigest(),
        "merkle_root": merkle_root(ids),
    }
