"""The Atom feed and the sitemaps, held against RFC 4287, RFC 6721 and the sitemap protocol."""
import re
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

import pytest

from tests.support.folder import Folder
from tests.support.press import BASE
from tests.support.town import AREA

ATOM, MAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


@pytest.fixture
def press():
    return Folder()


def instant_of(text):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), text
    return datetime.fromisoformat(text)


def test_the_feed_has_what_rfc_4287_asks_for(press):
    for n in range(1, 26):
        press.publish(n, column="guides" if n % 2 else "policies")
    press.withdraw(12)
    press.withdraw(1)
    feed = Xml.fromstring(press.shelf.text("feed.xml").encode())
    assert feed.tag == f"{ATOM}feed" and feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "zh-CN"
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1 and parent.findtext(f"{ATOM}{name}"), name
        assert parent.findtext(f"{ATOM}id").startswith("urn:yiciban:site:")
        assert parent.find(f"{ATOM}author").findtext(f"{ATOM}name")
        instant_of(parent.findtext(f"{ATOM}updated"))
        links = [(link.get("rel"), link.get("type")) for link in parent.findall(f"{ATOM}link")]
        assert len(links) == len(set(links)) and ("alternate", "text/html") in links
        for link in parent.findall(f"{ATOM}link"):
            address = link.get("href").removeprefix(f"{BASE}/")
            assert address in press.shelf.held, address
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{BASE}/{AREA}/feed.xml"
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == [f"第{n}号文件" for n in range(25, 4, -1) if n != 23], "the latest twenty, without the withdrawn"
    updated = [instant_of(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert instant_of(feed.findtext(f"{ATOM}updated")) == datetime(2026, 4, 1, tzinfo=UTC)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    gone = [(one.get("ref"), one.get("when")) for one in feed.findall(DELETED)]
    assert gone == [(f"urn:yiciban:site:{AREA}:guides:{n:08d}", "2026-04-01T00:00:00Z") for n in (1, 12)]
    assert len(ids) == len(set(ids)) == 20 and not set(ids) & {ref for ref, _ in gone}


def test_the_sitemaps_keep_to_their_protocol(press):
    for n in range(1, 4):
        press.publish(n)
    press.publish(4, column="policies")
    press.withdraw(2)
    index = Xml.fromstring(press.shelf.text("sitemap.xml").encode())
    maps = [one.findtext(f"{MAP}loc") for one in index.findall(f"{MAP}sitemap")]
    assert index.tag == f"{MAP}sitemapindex" and maps == [
        f"{BASE}/{AREA}/sitemap-guides-0001.xml", f"{BASE}/{AREA}/sitemap-policies-0001.xml"]
    found = []
    for one in maps:
        root = Xml.fromstring(press.shelf.held[one.removeprefix(f"{BASE}/")][0])
        assert root.tag == f"{MAP}urlset" and len(root) <= 50_000
        for url in root:
            assert [child.tag for child in url] == [f"{MAP}loc", f"{MAP}lastmod"]
            loc = url.findtext(f"{MAP}loc")
            assert loc.startswith(one.rpartition("/")[0] + "/"), "a sitemap speaks of its own folder only"
            instant_of(url.findtext(f"{MAP}lastmod"))
            found.append(loc.removeprefix(f"{BASE}/{AREA}/"))
    assert found == ["guides/00000001.html", "guides/00000003.html", "policies/00000001.html"]


def test_without_a_public_address_every_link_is_relative():
    press = Folder(base="")
    press.publish()
    assert "https:" not in press.shelf.text("guides/00000001.html")
    assert 'href="guides/00000001.html"' in press.shelf.text("feed.xml")
