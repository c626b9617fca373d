"""Archives made by hand, sound and broken, for tests of what is read of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
import zipfile
import zlib
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Files = Mapping[str, bytes] | Sequence[tuple[str, bytes]]

OK = "200 OK"
HTML_TYPE = ("Content-Type", "text/html; charset=utf-8")


def page(words: str, head: str = "") -> bytes:
    """A web page whose main text is ``words``."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head>'
        f"<body><article><p>{words}</p></article></body></html>"
    ).encode()


def zip_of(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these files, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tar_of(files: Files) -> bytes:
    """A tar archive of these files, in this order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def raw_zip(entries: Iterable[Mapping[str, object]]) -> bytes:
    """A ZIP archive written field by field, so that it can lie.

    Each entry has ``name`` (bytes) and ``content``, and may have ``flags``, ``method``, ``packed`` (the bytes
    that lie there), ``size``, ``crc``, ``mode`` (of a file on Unix), ``at`` (where the directory says it begins).
    """
    body, directory, number = io.BytesIO(), io.BytesIO(), 0
    for entry in entries:
        content: bytes = entry.get("content", b"")  # type: ignore[assignment]
        name: bytes = entry["name"]  # type: ignore[assignment]
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed: bytes = entry.get("packed", squeeze.compress(content) + squeeze.flush())  # type: ignore[assignment]
        fields = struct.pack(
            "<HHHHLLLHH",
            *(entry.get("flags", 0), entry.get("method", 8), 0, 33, entry.get("crc", zlib.crc32(content))),
            *(len(packed), entry.get("size", len(content)), len(name), 0),
        )
        directory.write(struct.pack("<4sHH", b"PK\1\2", 20 | 3 << 8, 20) + fields)
        mode, at = entry.get("mode", 0), entry.get("at", body.tell())
        directory.write(struct.pack("<HHHLL", 0, 0, 0, mode << 16, at) + name)  # type: ignore[operator]
        if "at" not in entry:
            body.write(struct.pack("<4sH", b"PK\3\4", 20) + fields + name + packed)
        number += 1
    counts = min(number, 0xFFFF), min(number, 0xFFFF), directory.tell(), body.tell()
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, *counts, 0)
    return body.getvalue() + directory.getvalue() + end


def answer(
    url: str,
    body: bytes,
    status: str = OK,
    *headers: tuple[str, str],
    kind: str = "response",
    date: str = "2016-10-08T09:00:00Z",
    **more: str,
) -> dict[str, object]:
    """One record for ``warc_of``; ``more`` are headers of the record, with ``_`` for ``-``."""
    http = StatusAndHeaders(status, list(headers or (HTML_TYPE,)), protocol="HTTP/1.1")
    return {"url": url, "kind": kind, "body": body, "http": http, "date": date, "more": more}


def warc_of(records: Iterable[Mapping[str, object]], *, gzipped: bool = True) -> bytes:
    """A web archive of these records, written by warcio."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    _write(writer, writer.create_warcinfo_record("made.warc", {"software": "tests"}))
    for record in records:
        kind = str(record["kind"])
        bare = kind in ("resource", "conversion")
        headers = {"WARC-Date": str(record["date"])}
        headers |= {name.replace("_", "-"): value for name, value in record["more"].items()}  # type: ignore[attr-defined]
        written = writer.create_warc_record(
            str(record["url"]),
            kind,
            payload=io.BytesIO(record["body"]),  # type: ignore[arg-type]
            http_headers=None if bare else record["http"],
            warc_content_type=record["http"].get_header("Content-Type") if bare else "",  # type: ignore[attr-defined]
            warc_headers_dict=headers,
        )
        _write(writer, written)
    return out.getvalue()


def _write(writer: WARCWriter, record: ArcWarcRecord) -> None:
    writer.write_record(record)
    record.raw_stream.close()  # a file of its own, where the writer kept the block for its digest


def raw_record(head: Mapping[str, str], block: bytes, *, length: int | None = None) -> bytes:
    """One record written line by line, so that it can lie of its length."""
    told = {**head, "Content-Length": str(len(block) if length is None else length)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def raw_answer(url: str, body: bytes, *headers: str, length: int | None = None, **more: str) -> bytes:
    """A record of a server's answer, written line by line."""
    http = "HTTP/1.1 200 OK\r\n" + "".join(f"{line}\r\n" for line in headers or ("Content-Type: text/html",))
    head = {"WARC-Type": "response", "WARC-Target-URI": url, "WARC-Date": "2016-10-08T09:00:00Z"}
    head |= {name.replace("_", "-"): value for name, value in more.items()}
    return raw_record(head, http.encode() + b"\r\n" + body, length=length)


def sha1(content: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def wacz_of(
    archives: Mapping[str, bytes],
    pages: Sequence[Mapping[str, str]] = (),
    changed: Mapping[str, bytes] | None = None,
) -> bytes:
    """A WACZ of these web archives; ``changed`` are files put in after the digests were taken."""
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}, *pages]
    files = {f"archive/{name}": content for name, content in archives.items()}
    files["pages/pages.jsonl"] = "\n".join(map(json.dumps, lines)).encode()
    resources = [
        {
            "name": name,
            "path": name,
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
        for name, content in files.items()
    ]
    package = json.dumps({"profile": "data-package", "resources": resources}).encode()
    seal = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    files["datapackage.json"] = package
    files["datapackage-digest.json"] = json.dumps(seal).encode()
    files |= changed or {}
    return zip_of(files, zipfile.ZIP_STORED)


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
