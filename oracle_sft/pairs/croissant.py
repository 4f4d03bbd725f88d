"""A dataset described in Croissant JSON-LD, the format that catalogues of data sets and their loaders read.

The description holds no time and no path of this machine: one dataset and one `about` give the same bytes on any day.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from oracle_sft.config.data import RECORD_KEYS, AboutConf
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.record.digest import sha256_file
from oracle_sft.record.jsonl import blocks

NAME = "croissant.json"
"""The file beside those that it describes; the dataset's manifest does not hold it."""

WANTED = ("license", "url", "creator", "published")
"""What Croissant requires and only `about` can say."""

_FORMATS = {".jsonl": "application/jsonlines", ".json": "application/json", ".sql": "text/plain"}
_SPLITS = {"train": "cr:TrainingSplit", "validation": "cr:ValidationSplit"}
_ABOUT_RECORD_SETS = {
    "train": "The pairs to train on.",
    "eval": "The pairs that are not trained on: the suite `validation`, whose loss is watched, and the scored suites.",
    "rejected": "What was set aside, with the stage and the reason.",
}
_ABOUT_FIELDS = {
    "id": "A name for the pair, unique in the dataset.",
    "question": "What is asked.",
    "sql": "Oracle SQL that answers it.",
    "schema_id": "The folder of schemas/ that has the tables.",
    "evidence": "What a user would have to know beside the schema; shown to the model.",
    "difficulty": "As the source has it.",
    "template": "What the pair was generated from.",
    "tags": "Constructs that the query uses.",
    "suite": "The side of the split.",
    "stage": "The check that set it aside.",
    "reason": "Why.",
    "where": "Where it stands in its source.",
    "text": "The place's text, where it holds no pair.",
}
_MOST_NAMES = 20
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def described(dataset: Dataset, about: AboutConf) -> dict[str, Any]:
    """The dataset as a JSON-LD object."""
    manifest = dataset.manifest
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": manifest["name"],
        "description": about.description or _description(dataset),
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        # Another content is another fingerprint: no dataset has a second version.
        "version": f"1.0.0+{dataset.fingerprint[:12]}",
        "keywords": ["text-to-SQL", "Oracle"],
        **_from_about(about),
        **_lineage(manifest),
        "rai:dataCollection": _collected(dataset.provenance),
        "rai:dataPreprocessingProtocol": _stages(dataset.stats),
        "distribution": _files(dataset),
        "recordSet": [_splits(dataset.stats["suites"]), *_record_sets(dataset)],
    }


def _description(dataset: Dataset) -> str:
    suites = ", ".join(f"{count:,} {suite}" for suite, count in dataset.stats["suites"].items())
    schemas = len(dataset.manifest["schemas"])
    return (
        f"Questions with the Oracle SQL that answers them, on {schemas:,} schema{'s' * (schemas != 1)}: {suites}. "
        f"{dataset.num_rejected:,} of {dataset.stats['counts']['read']:,} were set aside; rejected.jsonl has them "
        "with their reasons."
    )


def _from_about(about: AboutConf) -> dict[str, Any]:
    creator = {"@type": "sc:Organization", "name": about.creator} if about.creator else None
    said = {
        "license": about.license,
        "url": about.url,
        "creator": creator,
        "datePublished": about.published,
    }
    return {key: value for key, value in said.items() if value is not None}


def _lineage(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the dataset was made of and by what, in the words of PROV."""
    sources = [
        {
            "@type": "prov:Entity",
            "@id": f"urn:sha256:{digest}",
            "prov:label": PurePath(path).name,
        }
        for path, digest in manifest["parents"]["sources"].items()
    ]
    versions = manifest["versions"]
    made = {
        "@type": "prov:Activity",
        "prov:label": f"python -m oracle_sft.data, fingerprint {manifest['fingerprint']}",
        "prov:wasAssociatedWith": {
            "@type": "prov:SoftwareAgent",
            "prov:label": f"oracle-sft {versions['oracle-sft']}, code {versions['code']}",
        },
    }
    return {**({"prov:wasDerivedFrom": sources} if sources else {}), "prov:wasGeneratedBy": made}


def _collected(figures: Mapping[str, Any]) -> str:
    return (
        f"Of {figures['total']:,} pairs considered, {figures['excluded']:,} were excluded, and "
        f"{100 * figures['coverage']:.1f}% carry complete provenance; {figures['annotated']:,} took some of it from "
        f"the config of the build. By source: {_counts(figures['by_source'])}. "
        f"By what produced the answers: {_counts(figures['by_model'])}."
    )


def _counts(counts: Mapping[str, int]) -> str:
    frequent = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    said = [f"{name} {count:,}" for name, count in frequent[:_MOST_NAMES]]
    if len(frequent) > _MOST_NAMES:
        said.append(f"and {len(frequent) - _MOST_NAMES:,} more names")
    return ", ".join(said) or "none"


def _stages(stats: Mapping[str, Any]) -> list[str]:
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for row in stats["flow"]:
        came[row["stage"]] += row["in"]
        went[row["stage"]] += row["out"]
    said = {stage: f"{stage}: {came[stage]:,} pairs in, {went[stage]:,} out" for stage in came}
    passed = stats["counts"].get("not_executed")
    if passed and "execution" in said:
        said["execution"] += f" ({passed:,} of them not executed)"
    return list(said.values())


def _files(dataset: Dataset) -> list[dict[str, Any]]:
    manifest = dataset.folder / "MANIFEST.json"
    its_own = {"sha256": sha256_file(manifest), "size": manifest.stat().st_size}
    files = {**dataset.manifest["files"], manifest.name: its_own}
    return [
        {
            "@type": "cr:FileObject",
            # A name may hold what a URL may not.
            "@id": quote(name),
            "name": PurePath(name).name,
            "contentUrl": quote(name),
            "contentSize": f"{facts['size']} B",
            "encodingFormat": _FORMATS.get(PurePath(name).suffix, "application/octet-stream"),
            "sha256": facts["sha256"],
        }
        for name, facts in files.items()
    ]


def _splits(suites: Mapping[str, int]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "suites",
        "name": "suites",
        "description": "The sides of the split.",
        "dataType": "cr:Split",
        "key": {"@id": "suites/name"},
        "field": [
            {"@type": "cr:Field", "@id": "suites/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "suites/url", "name": "url", "dataType": "sc:URL"},
        ],
        "data": [
            {"suites/name": suite, "suites/url": _SPLITS.get(suite, "cr:TestSplit")}
            for suite in suites
        ],
    }


def _record_sets(dataset: Dataset) -> list[dict[str, Any]]:
    made = []
    for name, about in _ABOUT_RECORD_SETS.items():
        present = _keys(dataset, f"{name}.jsonl")
        # A loader looks for each field that is declared, and some rows at least must have it.
        fields = [_field(name, key) for key in _ABOUT_FIELDS if key in present]
        if "provenance" in present and name != "rejected":
            fields.append(_provenance(name))
        if fields:
            made.append(
                {
                    "@type": "cr:RecordSet",
                    "@id": name,
                    "name": name,
                    "description": about,
                    **({} if name == "rejected" else {"key": {"@id": f"{name}/id"}}),
                    "field": fields,
                }
            )
    return made


def _keys(dataset: Dataset, name: str) -> set[str]:
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    found: set[str] = set()
    for block in blocks(dataset.folder / name):
        for line in block.lines:
            found.update(decode(line))
    return found


def _field(record_set: str, key: str) -> dict[str, Any]:
    is_list = {"isArray": True, "arrayShape": "-1"} if key == "tags" else {}
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/{key}",
        "name": key,
        "description": _ABOUT_FIELDS[key],
        "dataType": "sc:Text",
        **is_list,
        **({"references": {"field": {"@id": "suites/name"}}} if key == "suite" else {}),
        "source": {"fileObject": {"@id": f"{record_set}.jsonl"}, "extract": {"column": key}},
    }


def _provenance(record_set: str) -> dict[str, Any]:
    types = {"timestamp": "sc:DateTime", "approved": "sc:Boolean", "excluded": "sc:Boolean"}
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/provenance",
        "name": "provenance",
        "description": "Where the pair came from.",
        "subField": [
            {
                "@type": "cr:Field",
                "@id": f"{record_set}/provenance/{key}",
                "name": key,
                "dataType": types.get(key, "sc:Text"),
                "source": {
                    "fileObject": {"@id": f"{record_set}.jsonl"},
                    "extract": {"column": "provenance"},
                    "transform": {"jsonPath": f"$.{key}"},
                },
            }
            for key in RECORD_KEYS
        ],
    }
