// What the chat does in the browser itself: language kept, citations opened, texts copied, the newest question in
// view. Everything that needs an answer goes through Gradio's events.
"use strict";

(() => {
  const KEY = "stadsvar.language";
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  const embedded = asked.has("embed");
  if (embedded) root.dataset.embedded = "";

  // A frame on another site may be refused storage: then the choice lasts as long as the page.
  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (language) => { try { localStorage.setItem(KEY, language); } catch { /* see above */ } };

  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  const smooth = () => (reduced.matches ? "auto" : "smooth");

  const languageNow = () => {
    const language = asked.get("language") || remembered();
    return language === "en" ? "en" : "sv";
  };
  if (languageNow() !== "sv") {
    root.dataset.waiting = "";  // no flash of Swedish; never for long, should the switch fail
    setTimeout(() => delete root.dataset.waiting, 2500);
  }

  window.stadsvar = {
    // Called by the header when it is on the page, which may be before Gradio listens: hence more than once.
    start(change) {
      const language = languageNow();
      root.lang = language;
      const attempt = (left) => {
        if (left === 0 || document.querySelector(".sv-nav[data-live]")) return;
        change(languageNow());
        setTimeout(attempt, 500, left - 1);
      };
      setTimeout(attempt, 20, 10);
    },
  };

  const chosen = (language) => {
    root.lang = language;
    asked.delete("language");
    remember(language);
  };

  // --- the panel ----------------------------------------------------------------------------------------
  let opener = null;

  // A panel that comes in takes some frames to become visible, and what is hidden takes no focus.
  const focusSoon = (element, frames) => {
    element.focus({ preventScroll: true });
    if (document.activeElement !== element && frames > 0) requestAnimationFrame(() => focusSoon(element, frames - 1));
  };

  const openCard = (id, from) => {
    const card = document.getElementById(id);
    if (!card) return false;
    for (const group of document.querySelectorAll(".sv-cards")) group.hidden = !group.contains(card);
    for (const other of document.querySelectorAll(".is-current")) other.classList.remove("is-current");
    card.classList.add("is-current");
    if (from && from.classList.contains("sv-cite")) from.classList.add("is-current");
    opener = from;
    root.dataset.panel = "open";
    card.scrollIntoView({ block: "start", behavior: smooth() });
    focusSoon(card, 30);
    return true;
  };

  const closePanel = () => {
    if (root.dataset.panel !== "open") return false;
    delete root.dataset.panel;
    if (opener && opener.isConnected) opener.focus();
    opener = null;
    return true;
  };

  // --- copying (an intranet page without https has no navigator.clipboard) --------------------------------
  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.setAttribute("readonly", "");
      area.style.cssText = "position:fixed;opacity:0";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const copyFrom = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    if (!source || !label) return;
    const done = await copyText(source.textContent);
    const before = label.dataset.label || label.textContent;
    label.dataset.label = before;
    label.textContent = done ? button.dataset.done : button.dataset.failed;
    const said = document.querySelector("#sv-said [role='status']");
    if (said) said.textContent = label.textContent;
    button.focus();
    setTimeout(() => { label.textContent = before; }, 1800);
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const to = target.closest("[data-card]");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (to && plain && openCard(to.dataset.card, to)) event.preventDefault();
    if (target.closest("[data-skip]")) {
      event.preventDefault();
      document.querySelector("#sv-ask textarea")?.focus();
    }
    const copy = target.closest("[data-copy]");
    if (copy) copyFrom(copy);
    const back = target.closest("[data-back]");
    if (back) {
      closePanel();
      const cite = document.getElementById(back.dataset.back);
      if (cite) { cite.scrollIntoView({ block: "center", behavior: smooth() }); cite.focus({ preventScroll: true }); }
    }
    if (target.closest("[data-close-panel]")) closePanel();
    else if (root.dataset.panel === "open" && !target.closest("#sv-panel, [data-card]")) closePanel();
    const language = target.closest("[data-event='language']");
    if (language) chosen(language.dataset.language);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (closePanel()) event.preventDefault();
    else if (embedded && window.parent !== window) window.parent.postMessage({ type: "stadsvar:close" }, "*");
  });

  // --- following the conversation -------------------------------------------------------------------------
  let turns = 0;
  const follow = () => {
    const all = document.querySelectorAll(".sv-turn");
    const scroller = document.getElementById("sv-conversation");
    if (all.length > turns && scroller) {
      const last = all[all.length - 1];
      const top = last.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
      scroller.scrollTo({ top: Math.max(0, top - 16), behavior: smooth() });
    }
    turns = all.length;
    if (document.querySelector(".sv-nav[data-live]")) delete root.dataset.waiting;
  };

  // --- when the server goes away (Gradio's own notice is English and technical) ------------------------------
  const lost = () => {
    const texts = document.querySelector(".sv-nav")?.dataset;
    if (!texts || document.querySelector(".sv-toast")) return;
    const toast = document.createElement("div");
    toast.className = "sv-toast";
    toast.setAttribute("role", "alert");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = texts.reload;
    button.addEventListener("click", () => location.reload());
    toast.append(texts.lost, button);
    document.body.append(toast);
  };

  document.addEventListener("DOMContentLoaded", () => {
    let planned = false;
    new MutationObserver(() => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(() => {
        planned = false;
        follow();
        if (document.querySelector(".toast-wrap .toast-body.error")) lost();
      });
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
