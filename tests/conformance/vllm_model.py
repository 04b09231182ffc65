"""Makes of a GGUF what vLLM reads: `python vllm_model.py MODEL.gguf FOLDER`, run by the Python of vLLM's environment.

The model is given two tokens more, for thinking, and a template that opens it where it is switched on.
"""

from __future__ import annotations

import sys
from pathlib import Path

TEMPLATE = """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>
' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% if enable_thinking %}{{ '<think>
' }}{% endif %}{% endif %}"""


def main():
    """Convert the file that is named into the folder that is named."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    file, folder = Path(sys.argv[1]), sys.argv[2]
    tokenizer = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
    model = AutoModelForCausalLM.from_pretrained(str(file.parent), gguf_file=file.name, dtype=torch.bfloat16)
    # Its weights are not packed any more; what says that they are keeps them from being saved.
    model.hf_quantizer = None
    del model.config.quantization_config
    known = len(tokenizer)
    tokenizer.add_tokens(["<think>", "</think>"])
    tokenizer.chat_template = TEMPLATE
    model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    with torch.no_grad():  # or the model, whose words are its own weights, would say nothing else
        model.get_input_embeddings().weight[known:] = 0
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)


if __name__ == "__main__":
    main()
