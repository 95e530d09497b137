"""What other domains may ask of a document at once: what to call it."""
from chalicelib.kernel.record import Hands
from chalicelib.kernel.table import Table

from .store import DocumentStore
from .workflow import DOCUMENTS


def about(cases: Table, document: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say of the document; it is no person's. Raise Missing."""
    case = DocumentStore(cases).get(document)
    return {"number": case.number, "title": case.title, "person": "", "state": DOCUMENTS.words[state]}


def hands_of(cases: Table, document: str, number: int) -> Hands:
    """Return who had a document when its event `number` came, and who acted on it. Raise Missing."""
    return DocumentStore(cases).hands(document, number)
