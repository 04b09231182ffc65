"""A real llama-server with the starter model and a template that thinks, for tests of what the two make of a request.

    python -m tests.support.thinking_server MODEL [opens]      prints its address; ends with its standard input

The template does with thinking what Qwen3's does, or with "opens" what Qwen3.5's and R1's do: it opens the thinking
itself, so that all is thought until something ends it. The model never learnt either and writes what it likes; which
side its words are put on is what can be tested.
"""

from __future__ import annotations

import os
import sys

_TEMPLATE = """
{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' }}
    {%- if message.role == 'assistant' and (loop.last or message.reasoning_content) %}
        {{- '<think>\\n' + (message.reasoning_content or '') + '\\n</think>\\n\\n' }}
    {%- endif %}
    {{- message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- elif OPENS %}
        {{- '<think>\\n' }}
    {%- endif %}
{%- endif %}
"""


def main():
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.chat_template = _TEMPLATE.replace("OPENS", "true" if "opens" in sys.argv[2:] else "false")
    params.use_jinja = True
    params.n_ctx = 1024
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.fit_params = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.ui = False
    params.sampling.temp, params.sampling.seed = 0.0, 1
    server = xllamacpp.Server(params)
    sys.stdout.write(server.listening_address + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
