"""What machines read of a site: the Atom feed (RFC 4287, deletions by RFC 6721) and the sitemaps. Pure.

`base` is the address of the area's folder, with a stroke at its end; "" makes addresses relative.
"""
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as Xml

ATOM, DELETED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LATEST = 20                                # entries of the feed
for prefix, space in (("", ATOM), ("at", DELETED)):
    Xml.register_namespace(prefix, space)


def urn(area: str, address: str) -> str:
    """Return the id of a document in feeds: it stays when the site moves."""
    return f"urn:yiciban:site:{area}:{address.removesuffix('.html').replace('/', ':')}"


def atom(area: str, name: str, base: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the feed of an area's latest documents, the newest first, and of what was withdrawn lately."""
    feed = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    _text(feed, "id", f"urn:yiciban:site:{area}")
    _text(feed, "title", name)
    _text(feed, "updated", manifest["updated_at"])
    _text(Xml.SubElement(feed, f"{{{ATOM}}}author"), "name", name)
    _link(feed, "self", f"{base}feed.xml", "application/atom+xml")
    _link(feed, "alternate", f"{base}index.html", "text/html")
    for row in [row for row in manifest["latest"] if not row["withdrawn_at"]][:LATEST]:
        entry = Xml.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "id", urn(area, row["address"]))
        _text(entry, "title", row["title"])
        _text(entry, "published", row["published_at"])
        _text(entry, "updated", row["published_at"])
        _text(Xml.SubElement(entry, f"{{{ATOM}}}author"), "name", row["issuer"] or name)
        _link(entry, "alternate", base + row["address"], "text/html")
        Xml.SubElement(entry, f"{{{ATOM}}}category", {"term": row["column"], "label": row["column_title"]})
        _text(entry, "summary", f"{row['column_title']}，成文日期{row['formed_on']}")
    for row in manifest["withdrawn"]:
        Xml.SubElement(feed, f"{{{DELETED}}}deleted-entry", {
            "ref": urn(area, row["address"]), "when": row["withdrawn_at"]})
    return _written(feed)


def sitemap(base: str, before: bytes | None, address: str, changed_at: str | None) -> bytes:
    """Return a sitemap with one more document, changed at an instant (None: it is not to be found any more)."""
    known = {}
    if before:
        for url in Xml.fromstring(before).iter(f"{{{SITEMAP}}}url"):
            known[url.findtext(f"{{{SITEMAP}}}loc") or ""] = url.findtext(f"{{{SITEMAP}}}lastmod") or ""
    known.pop(base + address, None)
    if changed_at:
        known[base + address] = changed_at
    root = Xml.Element("urlset", {"xmlns": SITEMAP})
    for loc, lastmod in sorted(known.items()):
        url = Xml.SubElement(root, "url")
        Xml.SubElement(url, "loc").text = loc
        Xml.SubElement(url, "lastmod").text = lastmod
    return _written(root)


def sitemap_index(base: str, names: Iterable[str]) -> bytes:
    """Return the index of an area's sitemaps."""
    root = Xml.Element("sitemapindex", {"xmlns": SITEMAP})
    for name in names:
        Xml.SubElement(Xml.SubElement(root, "sitemap"), "loc").text = base + name
    return _written(root)


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: Xml.Element, rel: str, href: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})


def _written(root: Xml.Element) -> bytes:
    text: str = Xml.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()
