"""Every door into the system on one page: routes, schedules, the stream, the queue. No logic lives here."""
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.domains.accounts import routes as accounts_routes
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import reactions as applications_reactions
from chalicelib.domains.applications import routes as applications_routes
from chalicelib.domains.applications.wiring import applications
from chalicelib.domains.calendars import reactions as calendars_reactions
from chalicelib.domains.calendars import routes as calendars_routes
from chalicelib.domains.calendars.wiring import proposals
from chalicelib.domains.catalogue import routes as catalogue_routes
from chalicelib.domains.disclosure import jobs as disclosure_jobs
from chalicelib.domains.disclosure import reactions as disclosure_reactions
from chalicelib.domains.disclosure import routes as disclosure_routes
from chalicelib.domains.disclosure.wiring import disclosure
from chalicelib.domains.hotline import routes as hotline_routes
from chalicelib.domains.hotline.wiring import hotline
from chalicelib.domains.materials import reactions as materials_reactions
from chalicelib.domains.materials import routes as materials_routes
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.messages import reactions as messages_reactions
from chalicelib.domains.messages import routes as messages_routes
from chalicelib.domains.notices import reactions as notices_reactions
from chalicelib.domains.notices import routes as notices_routes
from chalicelib.domains.notices.wiring import notices
from chalicelib.domains.ratings import reactions as ratings_reactions
from chalicelib.domains.ratings import routes as ratings_routes
from chalicelib.domains.ratings.wiring import corrections, ratings
from chalicelib.domains.supervision import jobs as supervision_jobs
from chalicelib.domains.supervision import reactions as supervision_reactions
from chalicelib.domains.supervision import routes as supervision_routes
from chalicelib.domains.supervision.wiring import dispatches, orders, supervision
from chalicelib.kernel import health, now, observe, queue
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.http import Doors, mount, signed_in  # noqa: F401 (a handler)
from chalicelib.kernel.recount import Recount
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.relay import Relay
from chalicelib.kernel.settings import settings
from chalicelib.kernel.sweep import Sweep
from chalicelib.kernel.table import Table

app = Chalice(app_name="yiciban", configure_logs=False)
APIS = {"/accounts": accounts_routes.api, "/catalogue": catalogue_routes.api, "/materials": materials_routes.api,
        "/applications": applications_routes.api, "/notices": notices_routes.api, "/messages": messages_routes.api,
        "/ratings": ratings_routes.api, "/corrections": ratings_routes.corrections_api, "/hotline": hotline_routes.api,
        "/supervision": supervision_routes.api, "/disclosure": disclosure_routes.api,
        "/calendars": calendars_routes.api, "/health": health.api}
EXAMPLES = Path(__file__).with_name("chalicelib") / "examples.json"
mount(app, APIS, EXAMPLES)
Doors.ended = lambda person, session: accounts().store.session_ended(person, session)
Doors.mandate = lambda person, mandate: accounts().mandate(person, mandate)

KINDS: dict[str, Callable[[], Casework[Any, Any]]] = {
    "APPLICATION": applications, "MATERIAL": materials, "NOTICE": notices, "CARD": supervision, "RATING": ratings,
    "CORRECTION": corrections, "ORDER": hotline, "DOCUMENT": disclosure, "CALENDAR": proposals, "DISPATCH": dispatches,
    "SUPERVISE": orders}
REACTIONS = [one for room in (applications_reactions, materials_reactions, notices_reactions, messages_reactions,
                              ratings_reactions, supervision_reactions, disclosure_reactions, calendars_reactions)
             for one in room.REACTIONS]
CASES, FIGURES = Table(settings().cases_table), Table(settings().figures_table)
RELAY = Relay(REACTIONS, CASES, lambda: queue.connect(settings().retry_queue))
RECOUNT = Recount(CASES, FIGURES, Reference(Table(settings().reference_table), lambda: now.now()), {
    kind: (lambda case_id, made=made: made().recount(case_id)) for kind, made in KINDS.items()})  # type: ignore[misc]
SWEEP = Sweep(CASES, FIGURES, {kind: (lambda case_id, made=made: made().lapse(case_id))  # type: ignore[misc]
                               for kind, made in KINDS.items()},
              lambda: queue.connect(settings().sweep_queue), lambda: now.now())


@app.on_dynamodb_record(stream_arn=settings().cases_stream_arn, batch_size=100)
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Hand new events to the reactions; Lambda offers again what could be neither delivered nor queued."""
    return RELAY.deliver(event)


@app.on_sqs_message(queue=settings().retry_queue_name, batch_size=10)
def retry(event: SQSEvent) -> dict[str, Any]:
    """Try reactions again that failed; what fails five times lies in the dead-letter queue until `make redrive`."""
    return RELAY.answer(event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Have every shard swept for the instants that have come."""
    SWEEP.call()


@app.on_sqs_message(queue=settings().sweep_queue_name, batch_size=1)
def sweep_shard(event: SQSEvent) -> None:
    """Let the system act on the instants that have come in one shard."""
    for record in event:
        SWEEP.answer(record.body)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def recount(event: CloudWatchEvent) -> int:
    """Carry a new notice on holidays through to every case that waits."""
    return RECOUNT.run(now.now())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def publish(event: CloudWatchEvent) -> int:
    """Publish and withdraw the documents whose hour has come."""
    return disclosure_jobs.publish()


@app.schedule(Rate(1, unit=Rate.MINUTES))
def dispatch(event: CloudWatchEvent) -> int:
    """Open the dispatching slots whose hour has come."""
    return supervision_jobs.dispatch()


observe.started()
