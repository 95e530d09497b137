"""The site that publishing writes: what each write says, how many there are, and that readers of all sorts get it."""
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as Xml

import pytest

from chalicelib.domains.disclosure.site import PER_PAGE, PER_SITEMAP, page_name
from tests.support.folder import Folder
from tests.support.town import AREA

VOID = {"meta", "link", "br", "hr", "img", "input"}


@pytest.fixture
def press():
    return Folder()


class Page(HTMLParser):
    """A page taken apart: every element closed in turn, its links, ids, headings, landmarks."""

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.ids, self.tags, self.text = [], [], [], [], ""
        self.feed(text)
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute twice in {tag}"
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} closes what it did not open"

    def handle_data(self, text):
        self.text += text


def leads(where, link):
    """Where a relative link of a page leads."""
    steps = where.split("/")[:-1]
    for step in link.split("/"):
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/".join(steps)


def test_every_page_is_whole_has_its_landmarks_and_leads_only_to_what_is_there(press):
    for n in range(1, 25):
        press.publish(n, column="guides" if n % 4 else "policies")
    press.withdraw(3)
    pages = {where: body for where, (body, kind) in press.shelf.held.items() if kind.startswith("text/html")}
    for where, body in pages.items():
        text = body.decode()
        page = Page(text)
        tags = [tag for tag, _ in page.tags]
        assert text.startswith("<!DOCTYPE html>") and (tags[0], page.tags[0][1]["lang"]) == ("html", "zh-CN")
        for tag in ("h1", "main", "title", "footer", "header"):
            assert tags.count(tag) == 1, (where, tag)
        assert page.links[0] == "#main" and "main" in page.ids and len(page.ids) == len(set(page.ids))
        assert not {"script", "iframe", "style"} & set(tags)
        assert all(given.get("aria-label") for tag, given in page.tags if tag == "nav")
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
        assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
        for link in page.links[1:] + [given["href"] for tag, given in page.tags if tag == "link"]:
            if not link.startswith("https:"):
                assert leads(where, link) in press.shelf.held, (where, link)
    assert len(pages) == 2 * (24 + 2 + 2 + 1), "documents, numbered pages, columns, home, in two styles"


def test_each_page_leads_to_itself_in_the_other_style(press):
    press.publish()
    for path in ("index.html", "guides/index.html", "guides/page-0001.html", "guides/00000001.html"):
        plain, elder = Page(press.shelf.text(path)), Page(press.shelf.text(f"elder/{path}"))
        assert f"{AREA}/elder/{path}" in {leads(f"{AREA}/{path}", link) for link in plain.links}
        assert f"{AREA}/{path}" in {leads(f"{AREA}/elder/{path}", link) for link in elder.links}
        assert plain.tags[0][1] == {"lang": "zh-CN"} and elder.tags[0][1]["class"] == "elder"
        assert plain.text.replace("长者版（大字）", "") == elder.text.replace("标准版", "")


def test_what_a_document_says_is_shown_as_text_and_never_as_markup(press):
    press.publish(title="<script>甲&乙</script>", text="<b>粗体</b>\n\ue000\x07")
    page = press.shelf.text("guides/00000001.html")
    assert "&lt;script&gt;甲&amp;乙" in page and "<b>" not in page and "��" in page
    Xml.fromstring(press.shelf.text("feed.xml").encode())
    assert press.shelf.json("guides/00000001.json")["text"] == ["<b>粗体</b>", "��"]


def test_headings_of_a_text_are_headings(press):
    press.publish(text="一、办理时间\n工作日。\n二、这是一个很长的段落。它不是标题。\n第三章 附则")
    page = press.shelf.text("guides/00000001.html")
    assert re.findall("<h2>(.*)</h2>", page) == ["一、办理时间", "第三章 附则"]


def test_a_full_page_never_changes_and_the_newest_come_first(press):
    for n in range(1, PER_PAGE + 1):
        press.publish(n)
    full = {where: body for where, body in press.shelf.held.items() if "page-0001" in where}
    for n in range(PER_PAGE + 1, PER_PAGE + 6):
        press.publish(n)
    assert len(full) == 3 and all(press.shelf.held[where] == body for where, body in full.items())
    titles = re.findall("第(\\d+)号文件</a>", press.shelf.text("guides/index.html"))
    assert [int(n) for n in titles] == list(range(25, 5, -1)), "the newest twenty, over two pages"
    assert 'guides/page-0001.html">更早的文件' in press.shelf.text("guides/index.html")
    second = press.shelf.json("guides/page-0002.json")
    assert [row["serial"] for row in second["items"]] == [25, 24, 23, 22, 21] and second["older"] == "page-0001.json"


def test_publishing_twice_changes_nothing(press):
    for n in range(1, 4):
        press.publish(n)
    before = dict(press.shelf.held)
    press.serials["guides"] = 2
    press.publish(3)
    assert press.shelf.held == before


def preset(press, last):
    """The records that `last` documents would have left, without publishing them."""
    press.publish(1)
    press.serials["guides"] = last
    row = press.shelf.json("guides/page-0001.json")["items"][0]

    def put(path, content):
        press.shelf.held[f"{AREA}/{path}"] = content, "application/json"
    rows = [row | {"serial": n, "address": f"guides/{n:08d}.html"} for n in range(last, last - 2 * PER_PAGE, -1)]
    for page in ((last - 1) // PER_PAGE + 1, (last - 1) // PER_PAGE):
        items = [one for one in rows if (one["serial"] - 1) // PER_PAGE + 1 == page]
        put(f"guides/{page_name(page)}.json", json.dumps({"items": items}).encode())
    manifest = press.shelf.json("index.json")
    manifest["columns"]["guides"]["serial"] = last
    manifest["latest"] = [one | {"column": "guides", "column_title": "办事服务"} for one in rows]
    put("index.json", json.dumps(manifest).encode())


@pytest.mark.parametrize("last", [9, 10_000, 10_005, 10_019, 999_999])
def test_publishing_the_ten_thousand_and_first_document_writes_as_much_as_the_tenth(press, last):
    if last == 9:
        for n in range(1, 10):
            press.publish(n)
    else:
        preset(press, last)
    reads = []
    press.shelf.met = lambda after: reads.append(after)
    assert press.publish(last + 1) == 14
    print(f"{last + 1}: 14 writes, {reads.count(False) - 14} reads")
    assert reads.count(False) - 14 <= 12
    written = press.shelf.puts[-14:]
    assert f"{AREA}/guides/{last + 1:08d}.html" == written[1]
    assert f"{AREA}/sitemap-guides-{last // PER_SITEMAP + 1:04d}.xml" in written
    assert max(len(press.shelf.held[where][0]) for where in written) < 250_000


def test_a_withdrawn_document_leaves_a_tombstone_that_tells_nothing_of_it(press):
    for n in range(1, 3):
        press.publish(n)
    press.withdraw(1)
    for path in ("guides/00000001.html", "elder/guides/00000001.html", "guides/00000001.json"):
        said = press.shelf.text(path)
        assert "撤回" in said and "第1号文件" not in said and "工作日" not in said and "秘密" not in said
    assert "GK0001" in press.shelf.text("guides/00000001.html")
    for path in ("index.html", "guides/index.html", "guides/page-0001.html", "feed.xml", "index.json"):
        assert "第1号文件" not in press.shelf.text(path) and "第2号文件" in press.shelf.text(path)
    assert "该文件已撤回" in press.shelf.text("guides/page-0001.html")


def luminance(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_style_has_contrast_large_targets_and_an_elder_variant(press):
    press.publish()
    style = press.shelf.text("assets/site.css")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style))
    for name in ("ink", "quiet", "link", "red"):
        for ground in ("#ffffff", "#f3f5f7", "#fdf3f3"):
            ratio = (luminance(ground) + 0.05) / (luminance(colours[name]) + 0.05)
            assert ratio >= 4.5, (name, ground, ratio)
    assert "font-size: 18pt; line-height: 1.8" in style and "min-height: 60px" in style and "min-height: 44px" in style
    assert "@media print" in style and ":focus-visible" in style and "@import" not in style and "url(" not in style
