"""The product in a real browser: questions over the example documents, answered by the real assistant."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlparse

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Product, ask, ready, shot

SUPPORTED = "Vilka stadsdelar stödde motionen om Vällingbyteamet?"
STARTED = "När började Skärholmen med samlokalisering?"


def folded(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.parametrize(("question", "fact"), [(SUPPORTED, "Hägersten-Älvsjö"), (STARTED, "2019")])
def test_a_question_is_answered_with_citations_that_open_at_the_passage(
    product: Product, open_page: Open, question: str, fact: str
) -> None:
    page = open_page(product.address)
    ready(page)
    ask(page, question, 1)
    shot(page, f"answer-{fact}")
    expect(page.locator("#turn-1 .sv-answer")).to_contain_text(fact)

    cite = page.locator("#turn-1 .sv-answer .sv-cite").first
    cite.click()
    card = page.locator(f"#{cite.get_attribute('data-card')}")
    expect(card).to_be_in_viewport()
    expect(card).to_be_focused()
    quote = folded(card.locator("mark").text_content())
    assert quote

    with page.context.expect_page() as opened:
        card.locator(".sv-open").click()
    document = opened.value
    mark = document.locator("#quote")
    expect(mark).to_be_in_viewport()
    assert folded("".join(document.locator("mark").all_text_contents())) == quote
    shot(document, f"document-{fact}")
    place = parse_qs(urlparse(document.url).query)
    assert int(place["end"][0]) > int(place["start"][0])


def test_a_follow_up_keeps_the_context_and_clear_forgets_it(product: Product, open_page: Open) -> None:
    page = open_page(product.address)
    ready(page)
    ask(page, "Vad svarade Bromma på motionen om Vällingbyteamet?", 1)
    ask(page, "Och Hägersten-Älvsjö?", 2)
    expect(page.locator("#turn-2 .sv-understood")).to_contain_text("Hägersten-Älvsjö")
    shot(page, "follow-up")

    page.get_by_role("button", name="Rensa samtalet").click()
    expect(page.locator(".sv-turn")).to_have_count(0)
    expect(page.get_by_role("heading", name="Vad vill du veta?")).to_be_visible()


def test_an_example_question_is_asked_with_the_keyboard_alone(product: Product, open_page: Open) -> None:
    page = open_page(product.address)
    ready(page)
    page.locator(".sv-examples button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn-1 .sv-answer", timeout=120_000)


def test_the_window_and_the_api_give_the_same_answer(product: Product, open_page: Open) -> None:
    page = open_page(product.address)
    ready(page)
    ask(page, STARTED, 1)
    body = {"question": STARTED}
    answer = httpx.post(f"{product.address}/api/ask", json=body, trust_env=False, timeout=60).json()
    cited = page.locator("#turn-1 .sv-prose .sv-cite").count()
    assert (cited > 0) == bool(answer["citations"])
    if answer["short_answer"]:
        expect(page.locator("#turn-1 .sv-short")).to_contain_text(answer["short_answer"])
        expect(page.locator("#turn-1 .sv-short .sv-cite")).to_have_count(1)  # and not said again below


def embed(page: Page, name: str) -> None:
    page.get_by_role("button", name="Fråga handlingarna").click()
    frame = page.frame_locator("iframe")
    frame.locator(".sv-nav[data-live]").wait_for(timeout=30_000)
    frame.get_by_role("textbox").fill(STARTED)
    frame.get_by_role("textbox").press("Enter")
    frame.locator("#turn-1 .sv-answer").wait_for(timeout=120_000)
    shot(page, name)


def test_the_chat_on_another_page(product: Product, open_page: Open, host_page: tuple[str, Path]) -> None:
    address, folder = host_page
    (folder / "index.html").write_text(
        "<!doctype html><html lang=sv><meta charset=utf-8><title>Intranätet</title>"
        "<meta http-equiv=Content-Security-Policy content=\"style-src 'nonce-own'\">"
        "<style nonce=own>button{background:red!important;font-size:40px!important}"
        "div{border:3px solid green}</style><h1>Intranätet</h1><p>Nyheter"
        f"<script src='{product.address}/embed.js' data-language='sv' defer></script>",
        encoding="utf-8",
    )
    page = open_page(address, allowed=(product.address,))
    button = page.get_by_role("button", name="Fråga handlingarna")
    assert button.evaluate("element => getComputedStyle(element).fontSize") == "16px"
    border = page.locator("#stadsvar-embed").evaluate("element => getComputedStyle(element).borderWidth")
    assert border == "0px"
    assert page.locator("h1").evaluate("element => getComputedStyle(element).fontFamily") != "system-ui"
    embed(page, "embedded")

    page.frame_locator("iframe").get_by_role("textbox").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_page_that_is_not_listed_cannot_frame_it(
    product: Product, open_page: Open, host_page: tuple[str, Path]
) -> None:
    address, _ = host_page
    elsewhere = address.replace("localhost", "127.0.0.1")  # another origin, and not a listed one
    page = open_page(elsewhere, allowed=(product.address,))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.get_by_role("button", name="Fråga handlingarna").click()
    page.wait_for_timeout(1500)
    assert any("frame-ancestors" in text for text in refused)
    assert page.frame_locator("iframe").locator(".sv-nav").count() == 0


def test_the_server_connects_to_no_one(product: Product) -> None:
    """After all of the above: what the server's own code looked up or connected to."""
    lines = (
        product.connections.read_text(encoding="utf-8").splitlines() if product.connections.exists() else []
    )
    foreign = [
        line for line in lines if not any(own in line for own in ("127.0.0.1", "localhost", "::1", "/"))
    ]
    assert foreign == []
