"""Messages over HTTP. Registered under /messages by app.py."""
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Found

from .models import Mark, Marked, Message
from .wiring import messages

api = Api(__name__, "消息")


@api.get("", paged=True)
def inbox(call: Call) -> Found[Message]:
    """List one's messages, newest first; for an official, those to the unit that concern their office."""
    return messages().inbox(call.who, call.limit, call.cursor)


@api.post("/read", body=Mark, keyed=False)
def mark(call: Call, body: Mark) -> Marked:
    """Mark messages as read."""
    return Marked(read=messages().mark(body.ids, call.who))
