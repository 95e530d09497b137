"""Every door into the system on one page: routes, schedules, the stream, the queue. No logic lives here."""
from pathlib import Path

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, SQSEvent

import chalicelib.domains.disclosure.jobs as disclosure_jobs
import chalicelib.domains.privacy.jobs as privacy_jobs
import chalicelib.domains.supervision.jobs as supervision_jobs
from chalicelib.domains.accounts import routes as accounts_routes
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import reactions as applications_reactions, routes as applications_routes
from chalicelib.domains.applications.wiring import applications
from chalicelib.domains.calendars import reactions as calendars_reactions, routes as calendars_routes
from chalicelib.domains.calendars.wiring import proposals
from chalicelib.domains.catalogue import routes as catalogue_routes
from chalicelib.domains.disclosure import reactions as disclosure_reactions, routes as disclosure_routes
from chalicelib.domains.disclosure.wiring import disclosure
from chalicelib.domains.hotline import routes as hotline_routes
from chalicelib.domains.hotline.wiring import hotline
from chalicelib.domains.maintenance import routes as maintenance_routes
from chalicelib.domains.maintenance.wiring import maintenance
from chalicelib.domains.materials import reactions as materials_reactions, routes as materials_routes
from chalicelib.domains.materials.wiring import materials
from chalicelib.domains.messages import reactions as messages_reactions, routes as messages_routes
from chalicelib.domains.notices import reactions as notices_reactions, routes as notices_routes
from chalicelib.domains.notices.wiring import notices
from chalicelib.domains.privacy import reactions as privacy_reactions, routes as privacy_routes, wiring as privacy
from chalicelib.domains.ratings import reactions as ratings_reactions, routes as ratings_routes
from chalicelib.domains.ratings.wiring import corrections, ratings, signals
from chalicelib.domains.supervision import reactions as supervision_reactions, routes as supervision_routes
from chalicelib.domains.supervision.wiring import dispatches, orders, supervision
from chalicelib.kernel import health, now, queue
from chalicelib.kernel.casework import Works
from chalicelib.kernel.doors import Doors
from chalicelib.kernel.http import mount, signed_in  # noqa: F401 (a handler)
from chalicelib.kernel.recount import Recount
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.relay import Relay
from chalicelib.kernel.settings import settings
from chalicelib.kernel.sweep import Sweep
from chalicelib.kernel.table import Table

app = Chalice(app_name="yiciban", configure_logs=False)
APIS = {"/accounts": accounts_routes.api, "/catalogue": catalogue_routes.api, "/materials": materials_routes.api,
        "/applications": applications_routes.api, "/notices": notices_routes.api, "/messages": messages_routes.api,
        "/ratings": ratings_routes.api, "/corrections": ratings_routes.corrections_api,
        "/signals": ratings_routes.signals_api, "/hotline": hotline_routes.api,
        "/supervision": supervision_routes.api, "/disclosure": disclosure_routes.api,
        "/calendars": calendars_routes.api, "/privacy": privacy_routes.api, "/maintenance": maintenance_routes.api,
        "/health": health.api}
EXAMPLES = Path(__file__).with_name("chalicelib") / "examples.json"
mount(app, APIS, EXAMPLES)
Doors.ended = lambda person, session: accounts().store.session_ended(person, session)
Doors.mandate = lambda person, mandate: accounts().mandate(person, mandate)
Doors.closed = lambda: maintenance().now()

KINDS: Works = {
    "APPLICATION": applications, "MATERIAL": materials, "NOTICE": notices, "CARD": supervision, "RATING": ratings,
    "CORRECTION": corrections, "ORDER": hotline, "DOCUMENT": disclosure, "CALENDAR": proposals, "DISPATCH": dispatches,
    "SUPERVISE": orders, "SUBJECT": privacy.requests, "SIGNAL": signals}
privacy.KINDS.update(KINDS)
REACTIONS = [one for room in (
    applications_reactions, materials_reactions, notices_reactions, messages_reactions, ratings_reactions,
    supervision_reactions, disclosure_reactions, calendars_reactions, privacy_reactions) for one in room.REACTIONS]
CASES, FIGURES = Table(settings().cases_table), Table(settings().figures_table)
RELAY = Relay(REACTIONS, CASES, lambda: queue.connect(settings().retry_queue))
RECOUNT = Recount(CASES, FIGURES, Reference(Table(settings().reference_table), lambda: now.now()), {
    kind: (lambda case_id, made=made: made().recount(case_id)) for kind, made in KINDS.items()})  # type: ignore[misc]
SWEEP = Sweep(CASES, FIGURES, {kind: (lambda case_id, made=made: made().lapse(case_id))  # type: ignore[misc]
                               for kind, made in KINDS.items()},
              lambda: queue.connect(settings().sweep_queue), lambda: now.now())


@app.on_dynamodb_record(stream_arn=settings().cases_stream_arn, batch_size=100)
def relay(event: DynamoDBEvent) -> dict[str, list[dict[str, str]]]:
    """Hand new events to the reactions; Lambda offers again what could be neither delivered nor queued."""
    return RELAY.deliver(event)


@app.on_sqs_message(queue=settings().retry_queue_name, batch_size=10)
def retry(event: SQSEvent) -> dict[str, list[dict[str, str]]]:
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


@app.schedule(Cron("0/10", "18-21", "*", "*", "?", "*"))
def keep(event: CloudWatchEvent) -> int:
    """Between two and six in the morning, let the cases whose time is over name nobody any more."""
    return privacy_jobs.keep()
