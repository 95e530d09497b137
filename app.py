"""Every door into the system on one page: routes, schedules, the stream, the queue. No logic lives here."""
from pathlib import Path

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import casework, now, queue
from chalicelib.kernel.doors import Doors
from chalicelib.kernel.http import signed_in  # noqa: F401 (a handler)
from chalicelib.kernel.mounting import Apis, late, mount, named
from chalicelib.kernel.recount import Recount
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.relay import Relay
from chalicelib.kernel.settings import settings
from chalicelib.kernel.sweep import Sweep
from chalicelib.kernel.table import Table

app = Chalice(app_name="yiciban", configure_logs=False)
APIS = Apis({
    "/accounts": "domains.accounts.routes:api", "/catalogue": "domains.catalogue.routes:api",
    "/materials": "domains.materials.routes:api", "/applications": "domains.applications.routes:api",
    "/notices": "domains.notices.routes:api", "/messages": "domains.messages.routes:api",
    "/ratings": "domains.ratings.routes:api", "/corrections": "domains.ratings.routes:corrections_api",
    "/signals": "domains.ratings.routes:signals_api", "/threads": "domains.threads.routes:api",
    "/hotline": "domains.hotline.routes:api",
    "/supervision": "domains.supervision.routes:api", "/knowledge": "domains.knowledge.routes:api",
    "/disclosure": "domains.disclosure.routes:api", "/calendars": "domains.calendars.routes:api",
    "/privacy": "domains.privacy.routes:api", "/maintenance": "domains.maintenance.routes:api",
    "/figures": "domains.figures.routes:api", "/complaints": "domains.complaints.routes:api",
    "/health": "kernel.health:api"})
EXAMPLES = Path(__file__).with_name("chalicelib") / "examples.json"
mount(app, APIS, EXAMPLES)
Doors.ended = lambda person, session: named("domains.accounts.wiring:accounts")().store.session_ended(person, session)
Doors.mandate = lambda person, mandate: named("domains.accounts.wiring:accounts")().mandate(person, mandate)
Doors.closed = lambda: named("domains.maintenance.wiring:maintenance")().now()

KINDS = casework.KINDS
KINDS |= {kind: late(f"domains.{where}") for kind, where in {
    "APPLICATION": "applications.wiring:applications", "MATERIAL": "materials.wiring:materials",
    "NOTICE": "notices.wiring:notices", "CARD": "supervision.wiring:supervision", "RATING": "ratings.wiring:ratings",
    "CORRECTION": "ratings.wiring:corrections", "SIGNAL": "ratings.wiring:signals", "ORDER": "hotline.wiring:hotline",
    "DOCUMENT": "disclosure.wiring:disclosure", "CALENDAR": "calendars.wiring:proposals",
    "DISPATCH": "supervision.wiring:dispatches", "SUPERVISE": "supervision.wiring:orders",
    "SUBJECT": "privacy.wiring:requests", "ARTICLE": "knowledge.wiring:knowledge",
    "CALLS": "hotline.wiring:telephones", "THREAD": "threads.wiring:threads",
    "COMPLAINT": "complaints.wiring:complaints"}.items()}
REACTING = ("applications", "materials", "notices", "messages", "ratings", "supervision", "disclosure", "calendars",
            "privacy", "hotline", "figures", "threads")
CASES, FIGURES = Table(settings().cases_table), Table(settings().figures_table)
RELAY = Relay(lambda: [one for domain in REACTING for one in named(f"domains.{domain}.reactions:REACTIONS")], CASES,
              lambda: queue.connect(settings().retry_queue))
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
    return int(named("domains.disclosure.jobs:publish")())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def dispatch(event: CloudWatchEvent) -> int:
    """Open the dispatching slots whose hour has come."""
    return int(named("domains.supervision.jobs:dispatch")())


@app.schedule(Cron("0/10", "18-21", "*", "*", "?", "*"))
def keep(event: CloudWatchEvent) -> int:
    """Between two and six in the morning, let the cases whose time is over name nobody any more."""
    return int(named("domains.privacy.jobs:keep")())


@app.schedule(Cron("5/10", "18-21", "*", "*", "?", "*"))
def reconcile(event: CloudWatchEvent) -> int:
    """In the same hours, push to the province again what of the ratings has no receipt."""
    return int(named("domains.ratings.jobs:reconcile")())


@app.schedule(Cron("15", "22", "*", "*", "?", "*"))
def floors(event: CloudWatchEvent) -> int:
    """Each morning, until it is done, tell the centres whose past month fell below what it should not."""
    return int(named("domains.figures.jobs:floors")())
