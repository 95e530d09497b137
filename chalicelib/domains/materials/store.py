"""Where materials are kept: by id, and by the person whose paper they are."""
from chalicelib.kernel.cases import CaseStore

from .models import Material


class MaterialStore(CaseStore[Material]):
    """No desk: officials come to a material from the application that it was handed in with."""

    kind, model = "MATERIAL", Material
