"""docs/costs.md: what a million cases cost on AWS, and what a county, a city, a province pays a year.

Units that a test counts are read from docs/units.md; all else is a row here: a price with its source, or an assumption
to be replaced by what the bill says. `--check` says whether the page is current.
"""
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "costs.md"
READ_ON = "2026-11-24"
MINUTES, MONTHS = 365 * 24 * 60, 12
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for `per` of something in us-east-1, without free tiers. No source: an assumption."""

    of: str
    dollars: float
    per: float = 1
    source: str = ""


CUT = "airbyte.com/data-engineering-resources/dynamodb-pricing, after the cut of November 2024"
WHITEPAPER = "docs.aws.amazon.com, best-practices-api-gateway-private-apis-integration, cost optimization"
TUTORIAL = "appropri8-astro.pages.dev, deploying a simple API, 2025-12-02"
PRICES = {
    "writes": Price("DynamoDB, write request units", 0.625, MILLION, CUT),
    "reads": Price("DynamoDB, read request units", 0.125, MILLION, "the same page"),
    "stored": Price("DynamoDB, GB and month, indexes too", 0.25, 1, "aws.amazon.com/dynamodb/pricing"),
    "recoverable": Price("point-in-time recovery, GB and month", 0.20),
    "files": Price("S3, GB and month", 0.023),
    "puts": Price("S3, objects written", 0.005, 1000),
    "requests": Price("API Gateway, REST, requests", 3.5, MILLION, WHITEPAPER),
    "calls": Price("Lambda, invocations", 0.20, MILLION, TUTORIAL),
    "seconds": Price("Lambda, GB-seconds", 0.0000166667, 1, "aws.amazon.com/cn/lambda/pricing"),
    "messages": Price("SQS, requests", 0.40, MILLION),
    "logged": Price("CloudWatch, GB of logs", 0.50, 1, "go-cloud.io/aws-api-gateway-pricing"),
    "sent": Price("transfer to the internet, GB", 0.09, 1, TUTORIAL),
    "standing": Price("KMS key, four secrets, seven alarms, a month", 1 + 4 * 0.40 + 7 * 0.10)}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a priced thing is used, by one case or by a deployment in a year; `basis` says how that is known."""

    price: str
    amount: float
    what: str
    basis: str = "assumption"

    @property
    def dollars(self) -> float:
        return self.amount * PRICES[self.price].dollars / PRICES[self.price].per


GB = 1e-9
KEPT_MONTHS = 12                           # a case's first year; each further one costs the two rows of storage again


def counted(path: str) -> int:
    """Return the write units that docs/units.md, which a test keeps true, counts for a path."""
    text = (ROOT / "docs" / "units.md").read_text("utf-8").partition(f"<!-- {path} -->")[2].partition("<!-- end -->")[0]
    row = next(line for line in text.splitlines() if line.startswith("| together |"))
    return int(row.split("|")[2])


def counted_in_figures(path: str) -> tuple[int, int, int]:
    """Return how many events of a case of a path are counted in the figures, and the write and read units of that, as
    docs/units.md has them: of applications none are.
    """
    if path != "order":
        return 0, 0, 0
    told = (ROOT / "docs" / "units.md").read_text("utf-8").partition("<!-- figures -->")[2].partition("<!-- end -->")[0]
    events = [(int(writes), int(reads)) for writes, reads in re.findall(r"[a-z_]+ (\d+)/(\d+)", told)]
    return len(events), sum(writes for writes, _ in events), sum(reads for _, reads in events)


def of_a_case(path: str, acts: int) -> list[Amount]:
    """Return what one case of a path uses in its first year."""
    requests, (events, writes, reads) = 5 * acts, counted_in_figures(path)
    return [
        Amount("writes", counted(path), f"{acts} acts", "counted, docs/units.md"),
        Amount("writes", 4 * acts, "reactions: notices, messages, the rating and what that adds to the figures"),
        Amount("writes", writes, f"figures: {events} events counted", "counted, docs/units.md"),
        Amount("reads", reads, f"figures: {events} events counted", "counted, docs/units.md"),
        Amount("reads", 3 * requests + 2 * acts, "views, lists, terms"),
        Amount("requests", requests, "five requests an act: lists, views, guides, the act"),
        Amount("calls", 2 * requests + acts, "a request and its authorizer, relay"),
        Amount("seconds", requests * 0.06 + requests * 0.01 + acts * 0.1 * 0.5,
               "60 ms at 1 GB a request, 10 ms its authorizer, 100 ms at half a GB an event"),
        Amount("logged", (3 * requests + acts) * 700 * GB, "700 bytes a line"),
        Amount("sent", requests * 6_000 * GB, "6 KB an answer"),
        Amount("stored", 30_000 * GB * KEPT_MONTHS, "30 KB with its materials, notices, cards, messages",
               "measured on the demonstration: 243 KB in all tables for 8 services"),
        Amount("recoverable", 30_000 * GB * KEPT_MONTHS, "the same"),
        Amount("files", 2e6 * GB * KEPT_MONTHS * (path == "path"), "2 MB of uploads an application, none an order"),
        Amount("puts", 5 * (path == "path"), "five files an application, none an order")]


def of_a_deployment() -> list[Amount]:
    """Return what a deployment uses in a year however few cases it has."""
    minute = "each minute: "
    return [
        Amount("reads", 48 * MINUTES, f"{minute}the sweep of 16 shards", "counted, docs/units.md"),
        Amount("reads", 6 * MINUTES, f"{minute}recount, publish, dispatch"),
        Amount("calls", 20 * MINUTES, f"{minute}four schedules, 16 shards", "app.py"),
        Amount("seconds", 20 * MINUTES * 0.05 * 0.5, "50 ms at half a GB each"),
        Amount("messages", 3 * 16 * MINUTES + 2 * 15 * MINUTES,
               f"{minute}16 messages sent, received, deleted; two queues with five pollers of three looks"),
        Amount("logged", 20 * MINUTES * 500 * GB, "500 bytes a run"),
        Amount("standing", MONTHS, "a month", "infra/")]


PLACES = (("county (区县)", 60_000, 120_000), ("city (市)", 600_000, 1_500_000),
          ("province (省)", 8_000_000, 20_000_000))
"""Applications and orders a year: assumptions of size. A city or province is one deployment with many areas."""
KINDS = (("applications", "path", 6), ("orders of the hotline", "order", 7))


def together(amounts: list[Amount]) -> float:
    """Return dollars."""
    return sum(amount.dollars for amount in amounts)


def page() -> str:
    """Return the page."""
    apiece = {path: together(of_a_case(path, acts)) for _, path, acts in KINDS}
    fixed = together(of_a_deployment())
    places = "\n".join(
        f"| {place} | {applications:,} | {orders:,} | {fixed:,.0f} | {applications * apiece['path']:,.0f} | "
        f"{orders * apiece['order']:,.0f} | {fixed + applications * apiece['path'] + orders * apiece['order']:,.0f} |"
        for place, applications, orders in PLACES)
    tables = "\n\n".join(f"## A million {word}\n\n{_table(of_a_case(path, acts), MILLION)}"
                         for word, path, acts in KINDS)
    prices = "\n".join(f"| {price.of} | {price.dollars:.10g} | {price.per:,.0f} | {price.source or 'assumption'} |"
                       for price in PRICES.values())
    return f"""# What it costs

Generated by `make costs` from tools/costs.py and docs/units.md. US dollars, region us-east-1, on-demand, without free
tiers, taxes, SMS and the firewall; a case with its first year of storage. Nothing here is from a bill: rows marked
"assumption" are to be replaced by what a deployment counts (CloudWatch, Cost Explorer).

aws-cn is not priced: of the list in CNY only DynamoDB's on-demand writes could be read ({READ_ON}: ¥11.1538 a million,
www.amazonaws.cn/en/dynamodb/pricing, a stored copy without a date). Put the prices of the region in `PRICES`.

## A year

| place | applications | orders | standing | for applications | for orders | together |
|---|---|---|---|---|---|---|
{places}

The numbers of applications and orders are assumptions of size.

{tables}

## A deployment, whatever it does, a year

{_table(of_a_deployment(), 1)}

## Prices

Read on {READ_ON}.

| of | dollars | for | source |
|---|---|---|---|
{prices}
"""


def _table(amounts: list[Amount], times: int) -> str:
    rows = "\n".join(f"| {PRICES[amount.price].of} | {amount.what} | {amount.amount * times:,.0f} | "
                     f"{amount.dollars * times:,.0f} | {amount.basis} |" for amount in amounts if amount.amount)
    return (f"| of | what | amount | dollars | basis |\n|---|---|---|---|---|\n{rows}\n"
            f"| together | | | {together(amounts) * times:,.0f} | |")


def main() -> int:
    if "--check" not in sys.argv:
        PAGE.write_text(page(), "utf-8")
        print(f"{PAGE.relative_to(ROOT)} is written: what a million cases and a year of three places cost")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page():
        print("not current: docs/costs.md (make costs)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
