"""A page is drawn by a browser that has the kept bytes and nothing else."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pypdfium2
import pytest
from tests_server import Server, html
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tallystick.errors import AskedWrongly, NotFetched, TooLarge
from tallystick.evidence import drawing

PAGE = "http://reports.example/a"


def warc(
    folder: Path,
    body: bytes,
    media_type: str = "text/html; charset=utf-8",
    *headers: tuple[str, str],
    url: str = PAGE,
) -> Path:
    path = folder / "page.warc"
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=False)
        for at, content in (("http://reports.example/", b"moved"), (url, body)):
            told = StatusAndHeaders("200 OK", [("Content-Type", media_type), *headers], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    at, "response", payload=io.BytesIO(content), length=len(content), http_headers=told
                )
            )
    return path


@pytest.fixture
def chromium() -> Path:
    """The browser of this machine; the test is skipped, saying so, where there is none."""
    try:
        return drawing.browser()
    except AskedWrongly:
        pytest.skip("needs a Chromium, which this machine does not have")


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.parametrize("walls", ["all", "its requests are stopped"])
def test_a_page_is_drawn_whole_and_reaches_nothing_but_itself(tmp_path, chromium, monkeypatch, walls):
    """Behind all walls, and behind one alone: no policy beside the page, no name table, no proxy."""
    onward = "<meta http-equiv=refresh content='0;url=http://127.0.0.1/'>"
    if walls != "all":
        monkeypatch.setattr(drawing, "_POLICY", "default-src * data: 'unsafe-inline' 'unsafe-eval'")
        onward, led = "", ("--host-resolver-rules", "--proxy")
        monkeypatch.setattr(drawing, "_FLAGS", [flag for flag in drawing._FLAGS if not flag.startswith(led)])
    (tmp_path / "secret.html").write_text("SECRET OF THIS MACHINE", encoding="utf-8")
    with Server({"/": html("FROM ELSEWHERE")}) as server:
        out, local = server.url(), (tmp_path / "secret.html").as_uri()
        body = f"""<!doctype html><title>x</title>
            <link rel=stylesheet href="{out}s.css"><link rel=preconnect href="{out}"><link rel=prefetch href="{out}p">
            <link rel=dns-prefetch href="//localhost:{server.port}"><link rel=icon href="{out}favicon.ico">
            <style>@import url({out}i.css); p {{ background: url({out}b.png) }} @font-face {{ font-family: f; src: url({out}f) }}</style>
            {onward}
            <script>document.write("SCRIPT"); fetch("{out}"); new WebSocket("ws://127.0.0.1:{server.port}/")</script>
            <script src="{out}s.js"></script><body onload="document.body.append('SCRIPT')" background="{out}g.png">
            <h1>Shells fell on Grüß</h1><noscript>READ ALOUD</noscript>
            <img src="{out}x.png" onerror="document.body.append('SCRIPT')"><img src="{local}"><iframe src="{out}"></iframe>
            <iframe src="{local}"></iframe><object data="{local}"></object><embed src="{out}e">
            <iframe srcdoc="<script>parent.document.body.append('SCRIPT')</script><img src='{out}y'>"></iframe>
            <video src="{out}v.mp4" autoplay poster="{out}v.png"></video><form action="{out}"><input autofocus></form>
            <div style="height: 5000px; font-family: f">tall</div><p>The last line.</p>"""
        # A page may ask its own server: what stops that is no rule of the browser's own, but ours.
        kept = warc(tmp_path, body.encode(), url=server.url("/a"))
        drawn = drawing.draw(kept, chromium, image=True, pdf=True)
        assert server.asked == []
        assert not (server.connections and walls == "all")
    picture, pdf = drawn.files
    assert drawn.program.startswith(("Chrome/", "HeadlessChrome/"))
    assert (picture.ending, pdf.ending) == (".png", ".pdf")
    assert size(picture.content)[0] == 1280
    assert size(picture.content)[1] > 5000
    with pypdfium2.PdfDocument(pdf.content) as document:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "Shells fell on Grüß" in text
    assert "The last line." in text
    assert "READ ALOUD" in text
    for never in ("SECRET", "ELSEWHERE", "SCRIPT"):
        assert never not in text


def test_a_page_taller_than_the_bound_is_cut_off_and_says_so(tmp_path, chromium, monkeypatch):
    monkeypatch.setattr(drawing, "HEIGHT", 300)
    (picture,) = drawing.draw(
        warc(tmp_path, b"<div style='height: 9000px'>x</div>"), chromium, image=True, pdf=False
    ).files
    assert size(picture.content) == (1280, 300)
    assert picture.facts["cut off at"] > 9000


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", ""])
def test_what_is_no_page_is_not_drawn(tmp_path, media_type):
    with pytest.raises(NotFetched, match="is no page"):
        drawing.draw(warc(tmp_path, b"x", media_type), Path("/bin/false"), image=True, pdf=True)


def test_a_page_packed_in_a_way_that_is_not_unpacked_is_not_drawn(tmp_path):
    packed = warc(tmp_path, b"x", "text/html", ("Content-Encoding", "br"))
    with pytest.raises(NotFetched, match="compressed by 'br'"):
        drawing.draw(packed, Path("/bin/false"), image=True, pdf=True)


def test_a_page_too_large_is_not_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "SIZE", 10)
    with pytest.raises(TooLarge):
        drawing.draw(warc(tmp_path, b"x" * 11), Path("/bin/false"), image=True, pdf=True)


def program(folder: Path, script: str) -> Path:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    for above in (folder, *folder.parents):  # as root it is started by nobody, who has to reach it
        if os.geteuid() == 0 and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o055)
    return path


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "ended before"),
        ("sleep 60 & sleep 60", "within 0.3 s"),
        ("cat <&3 >&4", "cannot be understood"),
        ("while :; do printf x >&4; done", "within 0.3 s"),
        ("printf 'no json\\0' >&4; sleep 60", "cannot be understood"),
        ('printf \'{"id": 1, "error": {"message": "no"}}\\0\' >&4; sleep 60', "cannot draw"),
    ],
)
def test_a_browser_that_fails_is_told_of_and_gone(tmp_path, monkeypatch, script, why):
    monkeypatch.setattr(drawing, "SECONDS", 0.3)
    start = time.monotonic()
    path = program(tmp_path, f"echo $$ > {tmp_path}/pid; {script}")
    tmp_path.chmod(0o777)
    with pytest.raises(NotFetched, match=why):
        drawing.draw(warc(tmp_path, b"x"), path, image=True, pdf=True)
    assert time.monotonic() - start < 3
    if (tmp_path / "pid").exists() and (pid := (tmp_path / "pid").read_text().strip()):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_the_sandbox_of_the_browser_is_never_switched_off():
    assert not any("sandbox" in flag for flag in drawing._FLAGS)
