"""Put the run's clock, queue, object store and secrets in the place of the product's. First line of every part."""
from chalicelib.domains.ratings import upstream
from chalicelib.kernel import now, objects, queue, secrets

from . import clock, keys
from .objects import FolderObjects
from .queue import FolderQueue
from .upstream import FolderUpstream


def install() -> None:
    """Replace before app.py is imported, so that whoever binds these names binds ours."""
    now.now = clock.now
    queue.connect = FolderQueue.at
    objects.connect = FolderObjects.of_run
    objects.connect_site = FolderObjects.of_site
    upstream.connect = FolderUpstream
    secrets.given = keys.given
