#!/usr/bin/env python3
"""Puts what a run of the assignment wrote under docs/results, small enough for a repository, and checked once more.

    python3 tools/publish-results.py [output] [--to docs/results] [--data DIR]

Pictures become WebP with a palette of 256 colours, a third of the size and to the eye the same, in report.md and inside report.html.
results.json and the tables are copied as they are; check-results.txt is what tools/check-results.py says of the run, and if that
finds a difference nothing is published. The models stay out. On Debian: apt install pngquant webp python3-numpy python3-h5py
libopenblas0.
"""
import argparse
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLOURS = "256"
TEXTS = ("report.md", "report.html")
IN_PAGE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
MARKDOWN_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![#:]|https?:)([^)]+)\)")
PAGE_LINK = re.compile(r'<a href="(?!#|https?:)([^"]+)">(.*?)</a>')


def smaller(png):
    """The same picture as WebP, without loss but for its number of colours; dots of dithering would cost more than they please."""
    palette = subprocess.run(["pngquant", "--strip", "--speed", "1", "--nofs", COLOURS, "-"],
                             input=png, stdout=subprocess.PIPE, check=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".png") as source:
        source.write(palette)
        source.flush()
        return subprocess.run(["cwebp", "-quiet", "-lossless", "-m", "6", source.name, "-o", "-"],
                              stdout=subprocess.PIPE, check=True).stdout


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def published_markdown(text, files):
    text = re.sub(r"\]\(([\w-]+)\.png\)", r"](\1.webp)", text)
    return MARKDOWN_LINK.sub(lambda link: link[0] if link[2] in files else f"`{link[1]}`", text)


def published_page(text, files, webp_of):
    def picture(match):
        return "data:image/webp;base64," + base64.b64encode(webp_of(base64.b64decode(match[1]))).decode()
    text = IN_PAGE.sub(picture, text)
    return PAGE_LINK.sub(lambda link: link[0] if link[1] in files else f"<code>{link[2]}</code>", text)


def check(output, data):
    command = [sys.executable, os.path.join(ROOT, "tools", "check-results.py"), output] + (["--data", data] if data else [])
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"Nothing is published: the check failed.\n{done.stdout}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", default="output", help="the folder that the assignment wrote")
    parser.add_argument("--to", default=os.path.join(ROOT, "docs", "results"), help="the folder to publish in; it is replaced")
    parser.add_argument("--data", help="the folder that holds fashion-mnist, for the check; as the program takes it")
    arguments = parser.parse_args()

    missing = [tool for tool in ("pngquant", "cwebp") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} cannot be found; on Debian: apt install pngquant webp")
    names = sorted(os.listdir(arguments.output)) if os.path.isdir(arguments.output) else []
    if not {"results.json", *TEXTS} <= set(names):
        sys.exit(f"{arguments.output} lacks results.json or a report; run the assignment first, or name its output folder.")

    said = check(arguments.output, arguments.data)
    pictures = [name for name in names if name.endswith(".png")]
    copied = [name for name in names if name.endswith((".csv", ".json"))]
    files = {name: read(os.path.join(arguments.output, name)) for name in copied}
    known = {}

    def webp_of(png):
        if png not in known:
            known[png] = smaller(png)
        return known[png]

    for name in pictures:
        files[name[:-4] + ".webp"] = webp_of(read(os.path.join(arguments.output, name)))
    files["check-results.txt"] = said.encode()
    links = {*files, *TEXTS}
    markdown, page = (read(os.path.join(arguments.output, name)).decode() for name in TEXTS)
    files["report.md"] = published_markdown(markdown, links).encode()
    files["report.html"] = published_page(page, links, webp_of).encode()

    shutil.rmtree(arguments.to, ignore_errors=True)
    os.makedirs(arguments.to)
    for name, content in files.items():
        with open(os.path.join(arguments.to, name), "wb") as stream:
            stream.write(content)
    before = sum(os.path.getsize(os.path.join(arguments.output, name)) for name in [*pictures, *TEXTS])
    print(f"{arguments.to}: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB instead of {before / 1e6:.1f} MB")
    print(said.rstrip().splitlines()[-1])


if __name__ == "__main__":
    main()
