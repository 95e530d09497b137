"""What messages do after an event of another domain."""
from chalicelib.kernel.relay import Notice, Reaction

from .wiring import TEMPLATES, messages


def tell(notice: Notice) -> None:
    """Write and send the messages that the event calls for."""
    messages().tell(notice)


REACTIONS = [Reaction(f"messages.{kind.lower()}", kind,
                      frozenset(act for template in TEMPLATES if template.kind == kind for act in template.acts), tell)
             for kind in sorted({template.kind for template in TEMPLATES})]
