"""The messages of a request as every protocol writes them: a role and its words.

Which messages those are has been decided when the request was made. What a protocol adds to a message, and the
beginning of a reply that is continued, is its own business.
"""

from __future__ import annotations

from desktop.core.request import ChatRequest, outgoing_text
from desktop.core.text.clean_text import encodable


def sent_messages(request: ChatRequest) -> list[dict[str, str]]:
    """Return role and content of each message. Thinking of earlier replies is never in them."""
    return [{"role": each.role.value, "content": encodable(outgoing_text(each))} for each in request.messages]
