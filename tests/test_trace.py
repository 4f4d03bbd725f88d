"""The command `python -m oracle_sft.trace`."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.model.bundle import BundleFacts, record_eval, write_bundle
from oracle_sft.model.manifest import write_manifest
from oracle_sft.record.digest import digest_folder, sha256_file, sha256_json
from oracle_sft.record.files import write_json
from oracle_sft.record.merkle import Proof, verify
from oracle_sft.trace import main
from tests.command import read
from tests.model.test_bundle import SUMMARY, TRAINING, facts

Said = Callable[..., tuple[int, str, str]]


def made(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def dataset_at(folder: Path) -> str:
    """A dataset's folder; returns the digest of its manifest."""
    made(folder, train__jsonl="{}\n")
    (folder / "MANIFEST.json").unlink(missing_ok=True)
    manifest = {"kind": "dataset", "files": digest_folder(folder)}
    write_json(folder / "MANIFEST.json", manifest)
    return sha256_json(manifest)


def facts_of(place: Path, *, quantized: bool) -> BundleFacts:
    """Facts of a run that is at `place`: outputs, and data beside it."""
    said = facts(quantized=quantized)
    base = digest_folder(made(place / "outputs/models/tiny", model__safetensors="base"))
    adapter = digest_folder(made(place / "outputs/tiny-qlora/adapter", weights="adapter"))
    dataset = dataset_at(place / "outputs/datasets/demo")
    source = made(place / "data", pairs__jsonl="{}") / "pairs.jsonl"
    return replace(
        said,
        name=f"tiny-qlora-{'awq' if quantized else 'merged'}",
        base_model={**said.base_model, "files": base, "digest": sha256_json(base)},
        adapter={
            **said.adapter,
            "path": "outputs/tiny-qlora/adapter",
            "files": adapter,
            "digest": sha256_json(adapter),
        },
        dataset={**said.dataset, "sources": {"data/pairs.jsonl": sha256_file(source)}},
        parents={"dataset": dataset},
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a user stands: outputs with a run of two bundles, and the data that it was trained on."""
    run = tmp_path / "here/outputs/tiny-qlora"
    digests = {}
    parents: dict[str, Any] = {}
    for name in ("merged", "awq"):
        folder = made(run / "package" / name, config__json="{}", model__safetensors=name)
        said = facts_of(tmp_path / "here", quantized=name == "awq")
        manifest = write_bundle(folder, replace(said, parents={**said.parents, **parents}))
        parents = {"merged": manifest["weights"]}
        digests[name] = manifest["digest"]
    write_json(run / "run.json", {"created": TRAINING["created"], "bundles": digests})
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The command's exit code, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        return code, *capsys.readouterr()

    return run


AWQ = "outputs/tiny-qlora/package/awq"


def states(links: list[dict[str, Any]]) -> dict[str, str]:
    found = {}
    for link in links:
        found |= {link["kind"]: link["state"]} | states(link["parents"])
    return found


def test_a_bundle_is_verified_and_its_lineage_shown(place: Path, said: Said) -> None:
    code, out, err = said(AWQ)
    assert (code, err) == (0, "")
    order = [
        out.index(text)
        for text in (
            "verify        9 files, all as recorded",
            "lineage       6 as recorded",
            "tiny-qlora-awq",
            "merged weights  tiny-qlora-merged",
            "adapter  qlora",
            "run  tiny-qlora",
            "dataset  demo",
            "source  data/pairs.jsonl",
            'base model  ti"ny',
        )
    ]
    assert order == sorted(order)
    assert "not as recorded" not in out
    assert out.count("as recorded") == 8
    assert "not checked" not in out


def test_the_lineage_as_json_says_each_link(place: Path, said: Said) -> None:
    code, out, _ = said(AWQ, "--json")
    found = json.loads(out)
    assert (code, found["verified"], found["unchecked"]) == (0, True, "")
    assert found["digest"] == read(place / AWQ / "MANIFEST.json")["digest"]
    assert states(found["lineage"]) == dict.fromkeys(
        ("merged weights", "adapter", "run", "dataset", "source", "base model"), "as recorded"
    )
    _, out, _ = said("outputs/tiny-qlora/package/merged", "--json")
    assert "merged weights" not in states(json.loads(out)["lineage"])


def test_what_is_gone_or_changed_behind_a_bundle_is_said_and_no_error(
    place: Path, said: Said
) -> None:
    shutil.rmtree("outputs/models")
    Path("outputs/tiny-qlora/adapter/weights").write_text("another adapter")
    Path("outputs/datasets/demo/train.jsonl").write_text("{}\n{}\n")
    Path("data/pairs.jsonl").unlink()
    Path("outputs/tiny-qlora/package/merged/model.safetensors").write_text("other")
    code, out, _ = said(AWQ, "--json")
    assert code == 0
    assert states(json.loads(out)["lineage"]) == {
        "merged weights": "not as recorded",
        "adapter": "not as recorded",
        "run": "as recorded",
        "dataset": "not as recorded",
        "source": "not on this machine",
        "base model": "not on this machine",
    }
    assert "not on this machine, it was outputs/models/tiny" in said(AWQ)[1]


def test_outputs_that_were_moved_as_a_whole_are_found(
    place: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move("outputs", tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    code, out, _ = said("moved/tiny-qlora/package/awq", "--json")
    found = states(json.loads(out)["lineage"])
    assert (code, found.pop("source")) == (0, "not on this machine")
    assert set(found.values()) == {"as recorded"}


def test_a_copy_elsewhere_is_verified_and_says_what_nobody_can_check(
    place: Path, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(AWQ, tmp_path / "there/model")
    shutil.rmtree(place)
    monkeypatch.chdir(tmp_path / "there")
    code, out, _ = said("model")
    assert code == 0
    assert "all as recorded" in out
    assert out.count("not on this machine") == 8
    assert "not checked: the run that made it is not on this machine" in out
    assert said("model", "--pairs")[0] == 0
    assert said("model", "--pair", "pair-2")[0] == 0


def test_a_copy_beside_its_run_is_compared_with_it(place: Path, said: Said) -> None:
    shutil.copytree(AWQ, "copy")
    assert json.loads(said("copy", "--json")[1])["unchecked"] == ""
    record_eval(Path("copy"), SUMMARY)
    unchecked = json.loads(said("copy", "--json")[1])["unchecked"]
    assert "run.json records another manifest for tiny-qlora-awq" in unchecked


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "flipped": (lambda at: flip(at / "model.safetensors"), "changed: model.safetensors"),
    "removed": (lambda at: (at / "vllm.yaml").unlink(), "missing: vllm.yaml"),
    "added": (lambda at: (at / "new").touch(), "extra: new"),
    "card": (lambda at: flip(at / "README.md"), "changed: README.md"),
    "odd name": (lambda at: (at / "a\x1b[31m").touch(), r"extra: 'a\x1b[31m'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_bundle_is_named_in_one_sentence(damage: str, place: Path, said: Said) -> None:
    work, message = DAMAGES[damage]
    work(place / AWQ)
    code, out, err = said(AWQ)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err == f"error: {AWQ} is not as it was made: {message}\n"
    code, out, _ = said(AWQ, "--json")
    assert (code, json.loads(out)["verified"]) == (1, False)


def test_many_files_are_not_all_listed(place: Path, said: Said) -> None:
    for number in range(25):
        (place / AWQ / f"new-{number:02}").touch()
    _, _, err = said(AWQ)
    assert "new-19 and 5 more" in err
    assert "new-20" not in err


def test_an_edited_manifest_is_noticed_by_its_own_digest(place: Path, said: Said) -> None:
    path = place / AWQ / "MANIFEST.json"
    manifest = read(path)
    flip(place / AWQ / "model.safetensors")
    manifest["files"] = digest_folder(place / AWQ)
    manifest["files"].pop("MANIFEST.json")
    path.write_text(json.dumps(manifest))
    assert said(AWQ)[::2] == (1, f"error: {AWQ} is not as it was made: changed: MANIFEST.json\n")


def test_a_manifest_that_was_sealed_again_is_noticed_by_the_run(place: Path, said: Said) -> None:
    manifest = read(place / AWQ / "MANIFEST.json")
    manifest["training"]["saw"]["cut"] = 0
    manifest["dataset"]["name"] = "another"
    write_manifest(place / AWQ, manifest)
    code, _, err = said(AWQ)
    assert code == 1
    assert "run.json records: MANIFEST.json" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no manifest of a bundle"),
        ('{"manifest_version": 1}', "is a bundle of version 1, and this is version 2; run the"),
    ],
)
def test_what_is_no_manifest_is_refused(place: Path, said: Said, text: str, message: str) -> None:
    (place / AWQ / "MANIFEST.json").write_text(text)
    for arguments in ([AWQ], [AWQ, "--pairs"], [AWQ, "--pair", "pair-1"]):
        code, out, err = said(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert message in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give the folder of a bundle, or --pair ID"),
        (["nowhere"], "nowhere does not exist; give a folder that the package stage wrote"),
        (["data"], "data holds no bundle (no MANIFEST.json)"),
        (["outputs/datasets/demo"], "is no manifest of a bundle"),
        (["a", "b"], "unrecognized arguments: b"),
        ([AWQ, "--pairs", "--pair", "x"], "not allowed with"),
        (["--pair", "x", "--outputs", "nowhere"], "--outputs nowhere does not exist"),
        (["--pair", "x", "--outputs", "data"], "--outputs data holds no bundle"),
    ],
)
def test_a_wrong_call_gets_one_message(
    place: Path, said: Said, arguments: list[str], message: str
) -> None:
    code, out, err = said(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_a_signature_is_a_part_of_no_manifest_and_goes_with_what_it_was_over(
    place: Path, said: Said
) -> None:
    (place / AWQ / "model.sig").write_text("{}")
    code, out, _ = said(AWQ)
    assert code == 0
    assert "not checked: model.sig: give --public-key to check it" in out
    record_eval(place / AWQ, SUMMARY)
    assert not (place / AWQ / "model.sig").exists()


@pytest.mark.parametrize("flag", ["--sign", "--public-key"])
def test_a_key_is_looked_at_before_it_is_used(place: Path, said: Said, flag: str) -> None:
    (place / AWQ / "model.sig").write_text("{}")
    code, _, err = said(AWQ, flag, "nowhere.pem")
    assert (code, err) == (2, "error: nowhere.pem is no file; give a key in PEM format\n")
    code, _, err = said(AWQ, flag, "data/pairs.jsonl")
    assert (code, err) == (2, "error: data/pairs.jsonl holds no key in PEM format\n")
    assert said(flag, "key.pem")[0] == 2


def test_the_pairs_behind_a_bundle_are_listed(place: Path, said: Said) -> None:
    _, out, _ = said(AWQ, "--pairs")
    assert out.splitlines() == [
        "pair-1\ttrained\tcurated",
        "pair-2\ttrained\tcurated",
        "pair-3\ttrained\tcurated",
        "pair-4\tdropped\tcurated",
    ]
    assert [pair["id"] for pair in json.loads(said(AWQ, "--pairs", "--json")[1])] == [
        f"pair-{n}" for n in range(1, 5)
    ]


def test_a_pair_is_found_in_each_bundle_and_proved(place: Path, said: Said) -> None:
    code, out, _ = said("--pair", "pair-1")
    assert code == 0
    awq, merged = out.splitlines()
    assert awq.startswith(f"{AWQ}: trained on (31 tokens, 111111111111), shown to the quantiser;")
    assert "proved by 2 hashes up to the Merkle root" in awq
    assert "shown to the quantiser" not in merged


def test_the_proof_stands_without_the_bundle(place: Path, said: Said) -> None:
    found = json.loads(said("--pair", "pair-3", "--json")[1])
    assert len(found["parts"]) == 2
    for part in found["parts"]:
        proof = {**part["proof"], "path": tuple(part["proof"]["path"])}
        assert part["proved"]
        assert verify(TRAINING["saw"]["merkle_root"], Proof(**proof))


def test_a_pair_that_was_left_out_is_not_said_to_be_trained_on(place: Path, said: Said) -> None:
    _, out, _ = said(AWQ, "--pair", "pair-4")
    assert "left out of the training, since it was too long; proved by" in out
    assert out.endswith("of the dataset's ids\n")


def test_a_pair_of_no_bundle_is_an_answer_of_no(place: Path, said: Said) -> None:
    code, out, err = said("--pair", "nobody")
    assert (code, out) == (1, "")
    assert "pair nobody is behind none of 2 bundles" in err


def test_a_bundle_that_cannot_be_asked_is_named(place: Path, said: Said) -> None:
    flip(place / AWQ / "pairs.jsonl")
    code, out, err = said("--pair", "pair-1")
    assert (code, out.count("\n")) == (1, 1)
    assert f"1 of 2 bundles cannot say whether it is theirs: {AWQ}/pairs.jsonl changed" in err
    assert said(AWQ, "--pairs")[0] == 1


def test_a_bundle_of_a_run_without_the_list_says_what_it_does_not_know(
    place: Path, said: Said
) -> None:
    old = facts_of(place, quantized=False)
    pairs = [{"id": "a", "state": None, "source": "curated", "model": "human"}]
    training = {**old.training, "saw": None}
    write_bundle(made(place / "old", x="x"), replace(old, pairs=pairs, training=training))
    assert "what training saw of it was not recorded; proved" in said("old", "--pair", "a")[1]
    assert said("old", "--pairs")[1] == "a\tnot recorded\tcurated\n"
    assert said("old")[0] == 0
