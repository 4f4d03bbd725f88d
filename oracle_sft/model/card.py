"""The model card: README.md of a bundle, made from its manifest and nothing else."""

import json
from typing import Any

_METRICS = {
    "exact_match": "exact match",
    "valid_sql": "valid SQL",
    "execution_accuracy": "execution accuracy",
    "test_suite_accuracy": "accuracy on perturbed rows, too",
}


def model_card(manifest: dict[str, Any]) -> str:
    """Markdown with the metadata block that model hubs read."""
    sections = [
        _metadata(manifest),
        f"# {manifest['name']}\n\n{_what(manifest)}",
        f"## Scores\n\n{_scores(manifest['eval'])}",
        f"## Beside the adapter\n\n{_parity(manifest.get('parity'))}",
        f"## Training data\n\n{_training_data(manifest)}",
        f"## Intended use and limits\n\n{_LIMITS}",
        f"## Serve\n\n{_serve(manifest)}",
        f"## Origin\n\n{_origin(manifest)}",
    ]
    return "\n\n".join(sections) + "\n"


def _metadata(manifest: dict[str, Any]) -> str:
    quantized = manifest["quantization"] is not None
    lines = [
        "---",
        "library_name: transformers",
        "pipeline_tag: text-generation",
        f"base_model: {_yaml(manifest['base_model']['name'])}",
        f"base_model_relation: {'quantized' if quantized else 'finetune'}",
        "datasets:",
        f"- {_yaml(manifest['dataset']['name'])}",
        "language:",
        "- en",
        "tags:",
        *(f"- {tag}" for tag in _tags(manifest)),
        "---",
    ]
    return "\n".join(lines)


def _tags(manifest: dict[str, Any]) -> list[str]:
    quantization = manifest["quantization"]
    tags = ["text-to-sql", "oracle", "sql"]
    if quantization is not None:
        tags += [quantization["algorithm"], quantization["format"]]
    return tags


def _what(manifest: dict[str, Any]) -> str:
    base, adapter, merge = (manifest[part] for part in ("base_model", "adapter", "merge"))
    said = (
        f"Writes Oracle SQL from a question and a schema: `{base['name']}` "
        f"({merge['parameters'] / 1e6:,.1f} M parameters), tuned with {adapter['kind']}"
    )
    quantization = manifest["quantization"]
    if quantization is None:
        return f"{said}, merged, stored in {merge['dtype']}."
    symmetric = "symmetric" if quantization["symmetric"] else "asymmetric"
    size = quantization["group_size"]
    groups = "one scale a row" if size is None else f"groups of {size}"
    return (
        f"{said}, merged, and quantised to {quantization['bits']} bits with {quantization['algorithm'].upper()} "
        f"({groups}, {symmetric}; {quantization['backend']} "
        f"{quantization['backend_version']}, stored as {quantization['format']})."
    )


def _scores(targets: dict[str, Any] | None) -> str:
    if not targets:
        return "Not scored yet: `python -m oracle_sft.eval run=...` fills this table."
    names = [name for name in _METRICS if _has(targets, name)]
    lines = [
        f"| weights | suite | pairs | {' | '.join(_METRICS[name] for name in names)} |",
        f"|---|---|---|{'---|' * len(names)}",
    ]
    for target, suites in targets.items():
        for suite, metrics in suites.items():
            sizes = {value["n"] for name, value in metrics.items() if name in names}
            cells = [_figure(metrics.get(name)) for name in names]
            lines.append(f"| {target} | {suite} | {max(sizes, default=0)} | {' | '.join(cells)} |")
    lines += ["", "Percent, with the 95% interval. Execution accuracy compares results, not texts."]
    return "\n".join(lines)


def _has(targets: dict[str, Any], name: str) -> bool:
    return any(name in metrics for suites in targets.values() for metrics in suites.values())


def _figure(metric: dict[str, Any] | None) -> str:
    if metric is None or metric.get("value") is None:
        return "-"
    said = f"{100 * metric['value']:.1f}"
    if metric.get("low") is None or metric.get("high") is None:
        return said
    return f"{said} ({100 * metric['low']:.1f} to {100 * metric['high']:.1f})"


def _parity(said: dict[str, Any] | None) -> str:
    if said is None:
        return "Nobody compared these weights with the adapter that they were made of."
    figures, limits = said["figures"], said["limits"]
    lines = ["| figure | value | limit |", "|---|---|---|"]
    for title, name, limit, is_share in _FIGURES:
        bound = limits[limit]
        shown = (
            "-"
            if bound is None
            else f"{'>=' if limit.startswith('min') else '<='} {_amount(bound, is_share)}"
        )
        lines.append(f"| {title} | {_amount(figures[name], is_share)} | {shown} |")
    lines += [
        "",
        f"Of {figures['prompts']} {said['drawn_from']} ({figures['tokens']:,} tokens of their answers), asked of these "
        f"weights and of the adapter; {figures['judged']} of them on a database.",
    ]
    return "\n".join(lines)


_FIGURES = (
    ("same next token", "next_token_agreement", "min_next_token_agreement", True),
    ("mean KL divergence, nats", "mean_kl_nats", "max_mean_kl_nats", False),
    ("largest KL divergence, nats", "max_kl_nats", "max_kl_nats", False),
    ("same answer, word for word", "greedy_agreement", "min_greedy_agreement", True),
    ("execution accuracy lost", "accuracy_loss", "max_accuracy_loss", True),
)


def _amount(value: float | None, is_share: bool) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.1f}%" if is_share else f"{value:.2g}"


def _training_data(manifest: dict[str, Any]) -> str:
    dataset, provenance = manifest["dataset"], manifest["provenance"]
    lines = [
        f"Dataset `{dataset['name']}`, fingerprint `{dataset['fingerprint']}`: {dataset['suites']['train']:,} pairs "
        f"to train on, kept apart from those that are scored ({_others(dataset['suites'])}). "
        f"Of {provenance['total']:,} pairs considered, {provenance['excluded']:,} were excluded; "
        f"{100 * provenance['coverage']:.1f}% carry complete provenance. {_saw(manifest['training']['saw'])} "
        "pairs.jsonl lists them by id; "
        f"the Merkle root over the ids is `{dataset['merkle_root']}`.",
        "",
        "| source | pairs |",
        "|---|---|",
        *(f"| {source} | {count:,} |" for source, count in provenance["by_source"].items()),
        "",
        "| made by | pairs |",
        "|---|---|",
        *(f"| {model} | {count:,} |" for model, count in provenance["by_model"].items()),
    ]
    if provenance["excluded_by_reason"]:
        lines += ["", "| excluded because | pairs |", "|---|---|"]
        lines += [
            f"| {why} | {count:,} |" for why, count in provenance["excluded_by_reason"].items()
        ]
    return "\n".join(lines)


def _saw(saw: dict[str, Any] | None) -> str:
    """What became of the training pairs on their way into the weights."""
    if saw is None:
        return "What training saw of them was not recorded."
    said = f"Training saw {saw['pairs']:,} of them, {saw['tokens']:,} tokens"
    left = {
        "cut for their length": saw["cut"],
        "left out for their length": saw["dropped"],
        "not come to before the last step": saw["unreached"],
    }
    return (
        "; ".join([said, *(f"{count:,} were {why}" for why, count in left.items() if count)]) + "."
    )


def _others(suites: dict[str, int]) -> str:
    counted = [f"{count:,} {suite}" for suite, count in suites.items() if suite != "train"]
    return ", ".join(counted) or "none"


_LIMITS = """\
For people who read the SQL before they trust it, on the schemas that the model was tuned for. It answers every
question, also those that the schema cannot answer, and a query that runs may still be the wrong one: the table above
says how often. It was not trained to refuse. Run its queries through the guardrail, with an account that can read the
tables that it should read and nothing else. The license is that of the base model and of the training pairs."""


def _serve(manifest: dict[str, Any]) -> str:
    prompt = manifest["prompt"]
    return f"""\
```
cd THIS_FOLDER && vllm serve --config vllm.yaml
```

Clients ask for the model `{manifest["name"]}`. Decoding is greedy (generation_config.json), a prompt and its answer
have {manifest["context_tokens"]:,} tokens at most, and answers end after {manifest["max_new_tokens"]} tokens at the
latest. The model was trained on prompts of the style `{prompt["style"]}` (prompt.json, hash
`{prompt["hash"][:16]}`) and knows no other: render the schema and the question with
`oracle_sft.pairs.prompt`, version {prompt["renderer_version"]}.\
{_large(prompt)}

Let nothing through that the guardrail refuses: guardrail.json has the policy that the training pairs were held to
(level `{manifest["guardrail"]["level"]}`). schemas.json has the fingerprints of the schemas that the model was tuned
for; of others it guesses."""


def _large(prompt: dict[str, Any]) -> str:
    if "selection_version" not in prompt:
        return ""
    return f""" Of a schema
with more than {prompt["max_schema_tokens"]:,} tokens show the tables that `oracle_sft.pairs.selection`, version
{prompt["selection_version"]}, chooses."""


def _origin(manifest: dict[str, Any]) -> str:
    calibration, training, base = (
        manifest[part] for part in ("calibration", "training", "base_model")
    )
    lines = [
        f"- base: `{base.get('repository', base['name'])}`, revision {_revision(base)}, digest `{base['digest']}`",
        f"- adapter: {manifest['adapter']['kind']}, digest `{manifest['adapter']['digest']}`",
        f"- merge: {manifest['merge']['method']}, into {manifest['merge']['base_weights']} base weights",
        f"- training: run `{training['run']}`, {training['steps']:,} steps in {training['seconds']:,.0f} s, ended "
        f"{training['ended']}, on {_machine(training['environment'])}; code {_code(training['environment'])}",
        f"- packaged: on {_machine(manifest['environment'])}; "
        f"code {_code(manifest['environment'])}",
        f"- config: `{manifest['config_hash']}`",
    ]
    if calibration is not None:
        file = (calibration["source"] or {}).get("file")
        kind = "training pairs" if file is None else f"pairs of {file}"
        lines.append(
            f"- calibration: {len(calibration['pair_ids'])} {kind}, {calibration['tokens']:,} tokens; "
            f"the quantiser's loss counts {_LOSS[calibration['loss']]}"
        )
    lines.append("")
    lines.append(
        "MANIFEST.json has every file's SHA-256, the whole config and the calibration pairs; "
        "`python -m oracle_sft.trace THIS_FOLDER` checks the files and shows where they come from."
    )
    return "\n".join(lines)


def _revision(base: dict[str, Any]) -> str:
    return f"`{base['revision']}`" if "revision" in base else "unknown"


def _machine(environment: dict[str, Any]) -> str:
    gpus = environment.get("gpus") or []
    return ", ".join(gpus) or f"{environment.get('cpu_count', '?')} cores of {_cpu(environment)}"


def _cpu(environment: dict[str, Any]) -> str:
    return str(environment.get("cpu") or "an unknown CPU")


def _code(environment: dict[str, Any]) -> str:
    git = environment.get("git") or {}
    if "commit" not in git:
        return "unknown (no checkout)"
    return f"`{git['commit']}`{' with uncommitted changes' if git['dirty'] else ''}"


_LOSS = {"answer": "the tokens of the answers", "all": "all tokens"}


def _yaml(text: str) -> str:
    """A YAML scalar: JSON's strings are YAML's."""
    return json.dumps(text, ensure_ascii=False)
