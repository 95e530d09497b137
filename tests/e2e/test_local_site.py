"""The public site as the local run serves it: a new bureau's own documents, and nothing but objects of the site."""
from xml.etree import ElementTree as Xml

import pytest

from local.objects import FolderObjects
from tests.e2e.running import Run, eventually, refuse_forgetful_engines

AREA = "430199000000"
ROOT = f"/site/{AREA}/"


@pytest.fixture(scope="module")
def run():
    refuse_forgetful_engines()
    with Run() as run:
        run.ask("POST", "/local/clock", {"minutes": 2})
        eventually(lambda: run.ask("GET", ROOT).status == 200 and "规则" in run.ask("GET", ROOT).raw.decode(), 30)
        yield run


def test_a_new_bureau_has_its_five_documents_on_the_site(run):
    manifest = run.ask("GET", f"{ROOT}index.json").json
    assert sorted(manifest["columns"]) == ["guides", "notices", "rules"] and len(manifest["latest"]) == 5
    for row in manifest["latest"]:
        page = run.ask("GET", ROOT + row["address"])
        assert page.status == 200 and row["title"] in page.raw.decode()


@pytest.mark.parametrize("path, kind", [
    ("", "text/html; charset=utf-8"), ("index.json", "application/json"), ("feed.xml", "application/atom+xml"),
    ("assets/site.css", "text/css; charset=utf-8"), ("sitemap.xml", "application/xml"),
    ("elder/", "text/html; charset=utf-8"), ("rules/", "text/html; charset=utf-8"),
    ("rules/00000001.html", "text/html; charset=utf-8")])
def test_an_object_has_the_type_it_was_stored_with_and_a_page_may_run_nothing(run, path, kind):
    answer = run.ask("GET", ROOT + path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert run.ask("HEAD", ROOT + path).raw == b""


def test_a_folder_leads_to_its_index(run):
    assert run.ask("GET", f"/site/{AREA}").raw == run.ask("GET", f"{ROOT}index.html").raw


def test_the_feed_and_the_sitemaps_name_addresses_that_are_there(run):
    feed = Xml.fromstring(run.ask("GET", f"{ROOT}feed.xml").raw)
    links = [link.get("href") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    index = Xml.fromstring(run.ask("GET", f"{ROOT}sitemap.xml").raw)
    maps = [loc.text for loc in index.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    for address in (*links, *maps):
        assert address.startswith(run.site + ROOT) and run.ask("GET", address).status == 200
    assert len(links) == 7 and len(maps) == 3


@pytest.mark.parametrize("path", [
    f"{ROOT}nothing.html", "/site/", "/site/../secrets.json", f"{ROOT}../../secrets.json", f"{ROOT}index.html=facts",
    f"{ROOT}%2e%2e/%2e%2e/run.json", f"{ROOT}..%2f..%2frun.json", f"{ROOT}/index.html", f"{ROOT}./index.html",
    f"{ROOT}%00", f"{ROOT}rules%5C..%5Cindex.html"])
def test_whatever_is_no_object_of_the_site_is_a_404_page(run, path):
    answer = run.ask("GET", path)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这一页" in answer.raw.decode() and b"TOKEN" not in answer.raw


def test_files_of_applicants_are_not_on_the_site(run):
    store = FolderObjects(run.data / "objects", b"x" * 32, run.site)
    store.put(f"{AREA}/private.pdf", b"private", "application/pdf")
    assert run.ask("GET", f"{ROOT}private.pdf").status == 404
