"""What a browser is served means what was written."""

import pytest

from tools import vendor

pytestmark = pytest.mark.chromium

RULES = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  // What a variable holds is kept as it is written.
  return [...sheet.cssRules].map(rule => rule.cssText.replace(/, /g, ","));
}"""
PARSES = "script => { new Function(script); }"


def test_the_stylesheet_served_has_the_same_rules(visitor):
    written = (vendor.ROOT / "static" / "dashboard.css").read_text()
    served = (vendor.VENDOR / "dashboard.min.css").read_text()
    page = visitor().page

    rules = page.evaluate(RULES, written)
    assert len(rules) > 300
    assert page.evaluate(RULES, served) == rules


@pytest.mark.parametrize("name", ["dashboard.min.js", "charts.min.js"])
def test_the_scripts_served_are_programs(visitor, name):
    visitor().page.evaluate(PARSES, (vendor.VENDOR / name).read_text())
