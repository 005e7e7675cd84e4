// The document view: goes to the marked passage. The collection: filters its rows as one types.
"use strict";

const quote = document.getElementById("quote");
if (quote && location.hash === "#quote") {
  quote.scrollIntoView({ block: "center", behavior: "auto" });
  quote.focus({ preventScroll: true });
}

const filter = document.getElementById("filter");
if (filter) {
  const rows = [...document.querySelectorAll("tbody tr")];
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  filter.addEventListener("input", () => {
    const words = filter.value.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase("sv");
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = words.length ? filter.dataset.shown.replace("{n}", count) : "";
    none.hidden = count > 0;
  });
}
