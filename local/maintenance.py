"""`make maintenance ON=1 UNTIL=2026-03-02T20:00 TEXT=…`, or `ON=0` to end it: the door that administrators use."""
import argparse
import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from .client import Failed, Person, ask

NATION = "0" * 12
CIVIL = ZoneInfo("Asia/Shanghai")


def main() -> int:
    given = argparse.ArgumentParser(prog="make maintenance")
    given.add_argument("--on", choices=("0", "1", ""), default="")
    given.add_argument("--until", default="", help="as clocks in China show it, 2026-03-02T20:00")
    given.add_argument("--text", default="系统升级维护")
    asked = given.parse_args()
    try:
        until = datetime.fromisoformat(asked.until).replace(tzinfo=CIVIL).isoformat() if asked.on == "1" else ""
    except ValueError:
        print("maintenance: say until when, for example UNTIL=2026-03-02T20:00", file=sys.stderr)
        return 1
    site = os.environ.get("SITE", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    who = Person(site, "运维", "admin", f"{NATION}.bureau")
    try:
        if asked.on == "1":
            who.post("/maintenance", {"until": until, "text": asked.text})
        elif asked.on == "0":
            who.post("/maintenance/end", None)
        print(ask("GET", f"{site}/maintenance").body)
    except (Failed, OSError) as failed:
        print(f"maintenance: {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
