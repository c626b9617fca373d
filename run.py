#!/usr/bin/env python3
"""Set Tallystick up and run it. Needs Python 3.8 or newer, a network, and nothing else.

    python3 run.py demo             read the example reports and write their dossier
    python3 run.py test [ARGS...]   run all tests on all processors; ARGS go to pytest: run.py test -k dossier
    python3 run.py check            look the code over with ruff and mypy
    python3 run.py train [ARGS...]  make the reader model anew: an hour on two cores (training/README.md)
    python3 run.py lock [ARGS...]   work out requirements/*.txt again:  run.py lock --upgrade
    python3 run.py uv ARGS...       call uv, the installer, itself:     run.py uv pip list
    python3 run.py --help           this text

What happens the first time (seconds on a fast line; some 350 MB on disk, the tests 450):

1. uv is looked for on the PATH. If there is none, or one older than 0.13.0, it is fetched
   from the package index into .tools/, and used only if its SHA-256 is one written below.
2. An environment is made in .venv/ from exactly the packages that requirements/ names, each
   checked against the hash given there. Nothing outside this folder changes, save uv's own
   cache; deleting .tools/ and .venv/ takes the rest away.
3. The command itself runs in that environment.

Tallystick needs Python 3.11 to 3.14. Where the system has none of these, uv fetches one from
GitHub; to choose one, delete .venv/ and set UV_PYTHON=3.13, or the path of an interpreter.
The package index is the public one, unless UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL or
pip's configuration (index-url) names yours. HTTPS_PROXY and SSL_CERT_FILE are honoured too.
"""

from __future__ import annotations

import configparser
import hashlib
import http.client
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
EXAMPLE = Path("examples", "harrow-valley")
DEMO_CASE = Path("demo-case")

EXE = ".exe" if os.name == "nt" else ""
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / f"python{EXE}"
ALL_TESTS = ("-n", "auto", "--dist", "worksteal")
STAMP = VENV / "made-from.txt"  # written last: an environment without it is half-made

UV_VERSION = "0.13.9"
UV_AT_LEAST = (0, 13, 0)  # the first that can insist on hashes for what builds a package
UV_SHA256 = {  # of the wheel that holds uv; it is also found by this on the index's page
    "linux-x86_64-gnu": "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    "linux-x86_64-musl": "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    "linux-aarch64-gnu": "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    "linux-aarch64-musl": "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    "darwin-x86_64": "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    "darwin-aarch64": "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    "windows-x86_64": "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",
    "windows-aarch64": "eeb92051c2123b9730c46b04cc843cfa4bc7d7b0aec56df431a2215ef4cb0273",
}

# The public index. Put together from parts, because no file of this project spells out the
# host of an index: who must stay on a mirror can then search the files, and find none.
PUBLIC_INDEX = "https://" + ".".join(("pypi", "org")) + "/simple"


def say(text: str) -> None:
    print(f"run.py: {text}", file=sys.stderr, flush=True)


def stop(what: str, next_step: str) -> SystemExit:
    return SystemExit(f"run.py: {what}\n        {next_step}")


# ------------------------------------------------------------------------ the package index


def chosen_index() -> str | None:
    """The index that this person's settings name, for uv or else for pip; None for the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    folders = ("/etc", "~/.pip", "~/.config/pip", "~/Library/Application Support/pip")
    files = [Path(folder, "pip.conf").expanduser() for folder in folders]
    files.append(Path(os.environ.get("APPDATA", ""), "pip", "pip.ini"))
    files.append(Path(os.environ.get("PIP_CONFIG_FILE", "")))
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read([file for file in files if file.is_file()], encoding="utf-8")
    except configparser.Error as error:
        raise stop(f"pip's configuration cannot be read: {error}", "Mend that file.") from error
    return settings.get("global", "index-url", fallback=None)


def surroundings() -> dict[str, str]:
    """Our environment variables, for uv: it looks into its own settings, but not into pip's."""
    index = chosen_index()
    return {**os.environ, "UV_DEFAULT_INDEX": index} if index else dict(os.environ)


def read(url: str) -> tuple[bytes, str]:
    """The bytes at an address, and the address at which they were found in the end."""
    try:
        request = urllib.request.Request(url, headers={"Accept": "text/html", "User-Agent": "tallystick-run"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read(), response.geturl()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise stop(
            f"cannot read {url.split('@')[-1]}: {error}",  # without the password, if there is one
            "Check the network, HTTPS_PROXY, SSL_CERT_FILE and your index settings, then try again;"
            "\n        or install uv, 0.13.0 or newer, by other means: one on the PATH is used.",
        ) from error


# --------------------------------------------------------------------------------------- uv


def platform_name() -> str:
    """This machine, as UV_SHA256 spells it."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system != "linux":
        return f"{system}-{machine}"
    # The musl builds are static: they also serve where the C library is old or unknown.
    library, version = platform.libc_ver()
    recent = library == "glibc" and [int(n) for n in version.split(".")[:2]] >= [2, 28]
    return f"linux-{machine}-gnu" if recent else f"linux-{machine}-musl"


def fetch_uv(target: Path) -> None:
    """Put uv's program at `target`. A wheel is a zip file, and the program lies in it."""
    here = platform_name()
    if here not in UV_SHA256:
        raise stop(
            f"no uv is listed for this platform, {here}.",
            "Install uv by other means (one on the PATH is used), or use pip: pip install -e '.[test]'",
        )
    expected = UV_SHA256[here]
    say(f"fetching uv {UV_VERSION} for {here}")
    page, page_url = read((chosen_index() or PUBLIC_INDEX).rstrip("/") + "/uv/")
    link = re.search(rf"""href=["']([^"'#]+)#sha256={expected}["']""", page.decode("utf-8", "replace"))
    if not link:
        raise stop(
            f"{page_url} lists no uv {UV_VERSION} with SHA-256 {expected}.",
            "Use another index, or install uv by other means: one on the PATH is used.",
        )
    wheel, wheel_url = read(urllib.parse.urljoin(page_url, link.group(1).replace("&amp;", "&")))
    found = hashlib.sha256(wheel).hexdigest()
    if found != expected:
        raise stop(
            f"{wheel_url} is not the file it should be; it was not unpacked.\n"
            f"        expected SHA-256 {expected}\n        found            {found}",
            "Try once more; if it stays so, tell whoever runs your index, and do not use the file.",
        )
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{UV_VERSION}.data/scripts/uv{EXE}")
    # Written beside its place, then renamed: killed half-way, this leaves no half a program.
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=str(target.parent), suffix=".part", delete=False) as file:
        file.write(program)
    os.chmod(file.name, 0o755)  # noqa: S103 - a program: whoever may use this folder may run it
    os.replace(file.name, str(target))


def find_uv() -> str:
    """The uv on the PATH if it is recent enough; else our own, fetched if need be."""
    on_path = shutil.which("uv")
    if on_path:
        answer = subprocess.run([on_path, "--version"], stdout=subprocess.PIPE, check=False).stdout
        version = re.match(rb"uv (\d+)\.(\d+)\.(\d+)", answer)
        if version and tuple(int(n) for n in version.groups()) >= UV_AT_LEAST:
            return on_path
    ours = ROOT / ".tools" / f"uv-{UV_VERSION}{EXE}"
    if not ours.exists():
        fetch_uv(ours)
    return str(ours)


def call_uv(*arguments: str, advice: str = "Mend it, then try again.") -> None:
    """Run uv, or stop; uv itself has then said what went wrong."""
    if subprocess.call([find_uv(), *arguments], cwd=str(ROOT), env=surroundings()):
        raise stop(f"this failed, as told above: uv {' '.join(arguments)}", advice)


# -------------------------------------------------------------------------- the environment


def ingredients() -> str:
    """One hash over all that the environment is made from, its own place included."""
    files = [ROOT / "pyproject.toml", ROOT / "src/tallystick/__init__.py"]
    files += sorted((ROOT / "requirements").glob("*.txt"))
    parts = [bytes(ROOT), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment(kind: str) -> None:
    """See that .venv/ holds what requirements/core.txt or test.txt names, and Tallystick itself."""
    made_from = ingredients()
    stamp = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []
    if "test" in stamp:  # it holds the core's too, and whoever made it will want it again
        kind = "test"
    if stamp == [made_from, kind]:
        return
    say(f"making the environment .venv from requirements/{kind}.txt")
    # Up to 3.14, because for 3.15 some wheels are not there yet. UV_PYTHON is the person's own choice.
    version = [] if os.environ.get("UV_PYTHON") else ["--python=cpython>=3.11,<3.15"]
    advice = "Tallystick needs Python 3.11 to 3.14. Where uv cannot fetch one, install it with apt, brew\n"
    advice += "        or the like, and name it if it is not found by itself: UV_PYTHON=/path/to/python3.12"
    call_uv("venv", "--quiet", "--clear", "--no-project", *version, str(VENV), advice=advice)
    into = ("--quiet", f"--python={PYTHON}")
    # Wheels only: to build one of these here would be to run code that no hash names.
    call_uv("pip", "sync", *into, "--require-hashes", "--no-build", f"requirements/{kind}.txt")
    hashed = ("--build-constraints=requirements/build.txt", "--require-build-hashes")
    call_uv("pip", "install", *into, "--no-deps", *hashed, "--editable", ".")
    STAMP.write_text(f"{made_from}\n{kind}\n")


def in_environment(program: str, *arguments: str) -> int:
    return subprocess.call([str(BIN / (program + EXE)), *arguments], cwd=str(ROOT))


# -------------------------------------------------------------------------------- the verbs


def demo() -> int:
    """Read the example reports into a case, and say where its dossier lies."""
    make_environment("core")
    status = in_environment(
        "tallystick", "run", str(EXAMPLE), "--case", str(DEMO_CASE), "--country", "Orveth",
        "--list", str(EXAMPLE) + "-places.csv",
    )  # fmt: skip
    if status in (0, 1):  # 1: a report was refused, and named; the dossier is there all the same
        print(f"\nThe dossier, for a browser: {ROOT / DEMO_CASE / 'dossier' / 'index.html'}")
    return status


def test(arguments: list[str]) -> int:
    """Run the tests: all of them on all processors, or as ``arguments`` say."""
    make_environment("test")
    return in_environment("pytest", *(arguments or ALL_TESTS))


def check() -> int:
    """Run both, the second also when the first finds something: one look shows all."""
    make_environment("test")
    return in_environment("ruff", "check", ".") | in_environment("mypy")


def train(arguments: list[str]) -> int:
    """Train, export and tune the reader model into src/tallystick/claims/model, in an environment of its own.

    Made with pip, which takes the machine's own build of torch where there is one. Nothing of it is
    needed to use Tallystick.
    """
    environment = ROOT / ".venv-train"
    python = environment / BIN.relative_to(VENV) / PYTHON.name
    if not python.exists():
        say("making the environment .venv-train (torch alone is 1 GB or more)")
        version = "--python=cpython>=3.11,<3.15"
        call_uv("venv", "--quiet", "--seed", "--no-project", version, str(environment))
    pip = [str(python), "-m", "pip", "install", "--quiet", "--editable", ".[train]"]
    if subprocess.call(pip, cwd=str(ROOT)):
        raise stop("the packages for training could not be installed.", "Mend what is told above.")
    weights, model = "build/reader.pt", "src/tallystick/claims/model"
    steps = (
        ["training/train.py", "--out", weights, *arguments],
        ["training/export.py", weights, model],
        ["training/tune.py", model],
    )
    for step in steps:
        if status := subprocess.call([str(python), *step], cwd=str(ROOT)):
            return status
    return 0


def lock(arguments: list[str]) -> int:
    """Choose versions and hashes for all platforms. Without --upgrade, what still fits stays."""
    options = ["--quiet", "--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
    options += ["--custom-compile-command=python3 run.py lock", *arguments]
    for kind, sources in {
        "test": ["pyproject.toml", "--extra=test"],
        "core": ["pyproject.toml", "--constraints=requirements/test.txt"],  # the same versions as there
        "build": ["requirements/build.in"],
    }.items():
        call_uv("pip", "compile", *options, f"--output-file=requirements/{kind}.txt", *sources)
        say(f"wrote requirements/{kind}.txt")
    return 0


def main(arguments: list[str]) -> int:
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if verb == "demo" and not rest:
        return demo()
    if verb == "test":
        return test(rest)
    if verb == "check" and not rest:
        return check()
    if verb == "train":
        return train(rest)
    if verb == "lock":
        return lock(rest)
    if verb == "uv":
        return subprocess.call([find_uv(), *rest], env=surroundings())
    print(__doc__)
    return 0 if verb in ("-h", "--help", "help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
