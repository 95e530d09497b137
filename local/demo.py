"""`make demo`: a bureau's days, played through HTTP alone. Prints each step, checks each expectation, fails loudly.

It may be played again and again on the same data: persons and files are made anew, the clock only moves forward.
"""
import argparse
import os
import sys
from pathlib import Path

from . import (
    demo_calendar,
    demo_complaints,
    demo_disclosure,
    demo_figures,
    demo_privacy,
    demo_supervision,
    demo_threads,
    demo_verify,
)
from .client import Failed, ask
from .demo_applications import a_day_of_review, a_silent_window
from .demo_data import real_items
from .demo_hotline import orders
from .demo_ratings import a_bad_rating, a_good_rating
from .story import AREA, Story, expect


def main() -> int:
    given = argparse.ArgumentParser(prog="make demo")
    given.add_argument("--data", type=Path, help="a folder with catalogue-*.csv to import as well")
    asked = given.parse_args()
    site = os.environ.get("SITE", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    try:
        expect(ask("GET", f"{site}/health").status == 200, "a run that is healthy (start it with `make run`)")
        story = Story(site)
        found = ask("GET", f"{site}/catalogue/items?area={AREA}&q=spjyxk").body["items"]
        expect(found, "the item is found by its initials")
        item = ask("GET", f"{site}/catalogue/items/{found[0]['code']}?area={AREA}").body["item"]
        citizen, number = a_day_of_review(story, item)
        a_bad_rating(story, citizen, number)
        a_silent_window(story, item)
        a_good_rating(story, *orders(story))
        demo_complaints.matters(story, citizen, number)
        demo_threads.one_answer(story, item)
        demo_figures.a_month(story)
        if asked.data:
            real_items(story, asked.data)
        demo_disclosure.play(story, number, asked.data)
        demo_calendar.a_longer_holiday(story, item)
        demo_supervision.a_slot(story)
        demo_supervision.bulletins(story)
        demo_privacy.one_s_own_data(story, item)
        demo_privacy.a_short_closure(story, item)
        demo_verify.every_deadline(story)
    except Failed as failed:
        print(f"demo: {failed}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"demo: no bureau at {site} ({error}); start it with `make run`", file=sys.stderr)
        return 1
    print(f"demo: {story.steps} steps, every expectation met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
