"""A folder queue on its way to the function that app.py declares for it: at least once, dead after five receipts."""
from .invocation import failed_ids
from .queue import FolderQueue
from .streams import Function


class Deliveries:
    """One queue and its function."""

    def __init__(self, queue: FolderQueue, name: str, batch_size: int, function: Function):
        self.queue, self.name, self.batch_size, self.function = queue, name, batch_size, function

    def step(self) -> bool:
        """Deliver what is due; return whether there was anything."""
        messages = self.queue.receive(self.batch_size)
        if not messages:
            return False
        try:
            failed = failed_ids(self.function(
                {"Records": [message.record(self.queue.name) for message in messages]}, self.name))
        except Exception as error:
            print(f"{self.name}: {len(messages)} messages: {type(error).__name__}: {error}", flush=True)
            return True
        for message in messages:
            if message.id not in failed:
                message.delete()
        return True
