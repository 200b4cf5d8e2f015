"""The pictures of the pages: of each page, in every size and theme."""

import re

from tools.screens import FIRST, NAMES, ROOT, SHOTS, SIZES, TARGET, THEMES

TEMPLATES = ROOT / "templates"
EXTENDS = re.compile(r'{% extends "(.+?)" %}')


def pages():
    """Templates that extend another, and that no other extends."""
    texts = {
        str(path.relative_to(TEMPLATES)): path.read_text()
        for path in TEMPLATES.rglob("*.html")
    }
    layouts = {name for text in texts.values() for name in EXTENDS.findall(text)}
    return {name for name, text in texts.items() if EXTENDS.search(text)} - layouts


def test_every_page_is_drawn():
    drawn = {shot.template for shot in SHOTS.values()} | {f"auth/{FIRST}.html"}

    assert drawn == pages()


def test_every_picture_is_there_and_no_other():
    wanted = {
        f"{name}-{width}-{theme}.png"
        for name in NAMES
        for width in SIZES
        for theme in THEMES
    }

    assert {path.name for path in TARGET.iterdir()} == wanted
