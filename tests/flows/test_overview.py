"""The overview's chart in a real browser: drawn, pointed at, printed."""

import pytest
from playwright.sync_api import expect

from tests.web.test_overview import BAD, made

ROWS = "[aria-labelledby=levels] .pn-spark"


# The colour in the middle of a row's only bar, and the one it is to have.
COLOURS = """(plot) => {
  const canvas = plot.querySelector("canvas");
  const [x, y] = [canvas.width * 9.5 / 14, canvas.height / 2];
  const drawn = canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3);
  return [`rgb(${drawn.join(", ")})`, getComputedStyle(plot).fill];
}"""


def overview(visit):
    """Open the page: one malicious message of today, three clean ones four days old."""
    made(back=0, **BAD)
    for _ in range(3):
        made(back=4)
    visit.sign_in()
    return visit.open("/overview")


def numbers(page):
    return [int(told) for told in page.locator(f"{ROWS} .pn-num").all_text_contents()]


def point(page, day):
    """Move the pointer to the middle of a day, from 0 for the oldest."""
    box = page.locator(".pn-plot").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * (day + 0.5) / 14, box["y"] + 17)


class TestPointing:
    def test_at_a_day_tells_what_its_row_of_the_table_says(self, visit):
        page = overview(visit)
        expect(page.locator(".pn-plot canvas")).to_have_count(5)
        rows = page.locator("[aria-labelledby=levels] tbody tr")

        for day in (13, 9, 2):
            point(page, day)

            cells = rows.nth(day).locator("td").all_text_contents()
            expect(page.locator(".pn-day")).to_have_text(
                rows.nth(day).locator("th").text_content()
            )
            assert numbers(page) == [int(cell) for cell in cells]

    def test_elsewhere_tells_the_sums_again(self, visit):
        page = overview(visit)
        point(page, 13)
        expect(page.locator(".pn-day")).not_to_be_empty()

        page.mouse.move(2, 2)

        expect(page.locator(".pn-day")).to_be_empty()
        assert numbers(page) == [1, 0, 0, 0, 3]


class TestBars:
    @pytest.mark.parametrize("script", [True, False], ids=["paper", "no script"])
    def test_of_the_server_stay_where_nothing_is_pointed_at(self, visitor, script):
        page = overview(visitor(script=script))
        if script:
            expect(page.locator(".pn-plot canvas")).to_have_count(5)
            expect(page.locator(".pn-plot > svg").first).to_be_hidden()
            page.emulate_media(media="print")

        expect(page.locator(".pn-plot > svg").first).to_be_visible()
        assert page.locator(".pn-plot canvas:visible").count() == 0

    def test_have_the_colours_of_the_theme(self, visit):
        visit.expected = ("willReadFrequently",)  # the test looks at pixels
        page = overview(visit)
        expect(page.locator(".pn-plot canvas")).to_have_count(5)
        clean = page.locator(".pn-plot").last.element_handle()
        seen = set()

        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)
            settled = f"(plot) => new Set(({COLOURS})(plot)).size === 1"
            page.wait_for_function(settled, arg=clean)
            seen.update(page.evaluate(COLOURS, clean))

        assert len(seen) == 2

    def test_follow_the_width_of_the_window(self, visit):
        page = overview(visit)
        expect(page.locator(".pn-plot canvas")).to_have_count(5)

        page.set_viewport_size({"width": 700, "height": 800})

        wide = "(plot) => plot.querySelector('.uplot').clientWidth === plot.clientWidth"
        plot = page.locator(".pn-plot").first.element_handle()
        page.wait_for_function(wide, arg=plot)
        assert visit.fits()
