"""How a server is to hold a bundle: vllm.yaml, for `vllm serve --config vllm.yaml` in the bundle's folder."""

import json


def vllm_yaml(*, name: str, context_tokens: int, dtype: str, max_new_tokens: int) -> str:
    """The text of vllm.yaml: keys are the long names of `vllm serve`'s arguments."""
    return f"""\
# For vLLM, started in this folder: vllm serve --config vllm.yaml
# What the command line says wins over this file.
#
# There is no `quantization` here: vLLM finds the format in config.json and takes the fastest kernel that it has for
# it, and a format that is named can mean a slower one.

# The weights: this folder.
model: "."

# What clients give as `model`.
served-model-name: {json.dumps(name, ensure_ascii=False)}

# Prompt plus answer, the most that the model was made to read.
max-model-len: {context_tokens}

# Number format of what is not quantised, and of the products: the weights' own. A GPU without bfloat16 wants float16.
dtype: {dtype}

# A request's defaults are in this folder's generation_config.json: temperature 0, at most {max_new_tokens} new tokens.
generation-config: auto
"""
