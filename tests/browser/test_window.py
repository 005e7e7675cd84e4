"""What the window does with answers written down in advance: every status, hostile text, languages, sizes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from prompts.texts import phrases
from tests.browser.conftest import Open, ask, ready, shot
from tests.ui.serving import Served, serve_in_thread
from tests.ui.stand_in import HOSTILE, STEPWISE, StandIn


def test_every_status_looks_and_reads_differently(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    questions = [
        "När startade läxhjälpen?",
        "Vad kostar det?",
        "Vad svarade Östra?",
        "annat",
        "Vem skrev under?",
        "fel",
    ]
    seen = set()
    for turn, question in enumerate(questions, start=1):
        ask(page, question, turn)
        answer = page.locator(f"#turn-{turn} .sv-answer")
        badge = answer.locator(".sv-badge")
        colour = answer.evaluate("e => getComputedStyle(e).backgroundColor")
        seen.add((colour, badge.text_content() if badge.count() else ""))
        shot(page, f"status-{turn}")
    assert len({colour for colour, _ in seen}) == len({words for _, words in seen}) == len(questions)
    expect(page.locator("#turn-6 .sv-answer")).to_contain_text("Försök igen")
    assert "secret" not in page.content()


def test_progress_shows_while_it_works_and_can_be_stopped(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    page.get_by_role("textbox").fill(STEPWISE)
    page.keyboard.press("Enter")
    now = page.locator(".sv-progress .is-now")
    expect(now).to_have_text(re.compile("Söker"))
    expect(page.get_by_role("status").filter(has_text="Söker")).to_have_count(1)
    shot(page, "progress")
    scripted.assistant.next_step.release()
    expect(now).to_have_text(re.compile("Läser"))
    scripted.assistant.next_step.release()
    expect(page.locator(".sv-draft")).to_contain_text("Förvaltningen ser positivt")

    page.get_by_role("button", name="Stoppa").click()
    expect(page.locator("#turn-1")).to_contain_text("Stoppad")
    scripted.assistant.next_step.release()
    page.wait_for_timeout(500)
    expect(page.locator("#turn-1 .sv-prose")).to_have_count(0)
    scripted.assistant.next_step.release(3)
    page.get_by_role("button", name="Försök igen").click()
    expect(page.locator("#turn-1 .sv-prose")).to_contain_text("Ingen handling")


def test_hostile_text_runs_nowhere(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    ask(page, HOSTILE, 1)
    expect(page.locator("#turn-1 .sv-question")).to_have_text(HOSTILE)
    expect(page.locator("#card-1-1 mark")).to_have_text(HOSTILE)
    page.locator("#turn-1 .sv-chips button").click()
    page.wait_for_selector("#turn-1 .sv-answer")
    with page.context.expect_page() as opened:
        page.locator("#card-1-1 .sv-open").click()
    expect(opened.value.locator("#quote")).to_have_text(HOSTILE)
    for one in (page, opened.value):
        assert one.evaluate("window.hacked") is None


def test_a_filter_is_taken_away_and_the_question_asked_again(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    ask(page, "När startade läxhjälpen?", 1)
    page.get_by_role("button", name="Ta bort År: 2021").click()
    expect(page.locator("#turn-1 .sv-chips li")).to_have_count(1)
    assert [(chip.field, chip.value) for chip in scripted.assistant.asked[-1][2]] == [("year", "2021")]


def test_the_overview_is_a_table_with_its_gaps_and_downloads(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    ask(page, "Vilka stödde motionen?", 1)
    table = page.get_by_role("table")
    expect(table.locator("tr.is-missing")).to_contain_text("Inget svar i samlingen")
    expect(page.locator(".sv-denominator")).to_have_text("2 av 3 tillfrågade har en handling i samlingen.")
    shot(page, "overview")
    for name, start in (("CSV", "\ufeffNämnd;Ståndpunkt".encode()), ("Word", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Hämta som {name}").click()
        assert download.value.path().read_bytes().startswith(start)


def test_the_answer_is_copied_with_its_sources(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address, permissions=["clipboard-read", "clipboard-write"])
    ready(page)
    ask(page, "När startade läxhjälpen?", 1)
    page.get_by_role("button", name="Kopiera svaret").click()
    expect(page.get_by_role("button", name="Kopierat")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "två skolor [1]." in copied
    assert "[1] Södra stadsdelsnämnden, Svar på motion om fler läxhjälpsgrupper, 2023-08-24" in copied


def test_every_text_switches_to_english_and_stays(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address)
    ready(page)
    ask(page, "Vilka stödde motionen?", 1)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    shot(page, "english")
    shown = page.locator("body").inner_text()
    swedish, english = phrases("ui", "sv"), phrases("ui", "en")
    answer = page.locator(".sv-answer").inner_text()  # keeps the language of its question
    kept = {text for text in swedish.values() if text in answer}
    left = [text for key, text in swedish.items() if len(text) > 9 and text != english[key] and text in shown]
    assert set(left) <= kept - {swedish["overview_missing"]}

    page.reload()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(("width", "height"), [(320, 560), (390, 844)])
def test_a_narrow_window_loses_nothing(scripted: Served, open_page: Open, width: int, height: int) -> None:
    page = open_page(scripted.address, viewport={"width": width, "height": height})
    ready(page)
    ask(page, "Vilka stödde motionen?", 1)
    shot(page, f"narrow-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("button", name="Fråga", exact=True)).to_be_in_viewport()
    cite = page.locator("#turn-1 .sv-prose .sv-cite").first
    cite.press("Enter")
    expect(page.locator("#card-1-2")).to_be_in_viewport()
    expect(page.locator("#card-1-2")).to_be_focused()
    shot(page, f"narrow-{width}-source")
    page.keyboard.press("Escape")
    expect(page.locator("#sv-panel")).to_be_hidden()
    expect(cite).to_be_focused()


def test_dark_colours(scripted: Served, open_page: Open) -> None:
    page = open_page(scripted.address, color_scheme="dark")
    ready(page)
    ask(page, "Vilka stödde motionen?", 1)
    shot(page, "dark")
    red, green, blue = re.findall(
        r"\d+", page.locator("#sv-talk .sv-answer").evaluate("e => getComputedStyle(e).backgroundColor")
    )[:3]
    assert max(int(red), int(green), int(blue)) < 80


def test_an_empty_collection_is_explained(tmp_path_factory: pytest.TempPathFactory, open_page: Open) -> None:
    running = serve_in_thread(StandIn(tmp_path_factory.mktemp("empty"), empty=True))
    served = next(running)
    try:
        page = open_page(served.address)
        ready(page)
        expect(page.get_by_role("alert")).to_contain_text("stadsvar ingest")
        shot(page, "empty")
    finally:
        running.close()  # type: ignore[attr-defined]


def test_a_lost_connection_is_explained(tmp_path_factory: pytest.TempPathFactory, open_page: Open) -> None:
    running = serve_in_thread(StandIn(tmp_path_factory.mktemp("gone")))
    served = next(running)
    page = open_page(served.address)
    ready(page)
    running.close()  # type: ignore[attr-defined]
    page.get_by_role("textbox").fill("Hej!")
    page.keyboard.press("Enter")
    expect(page.locator(".sv-toast")).to_contain_text("Kontakten med tjänsten bröts", timeout=15_000)
    shot(page, "connection-lost")
