// Puts a chat button with Stadsvar in a frame on another page:
//   <script src="https://SERVER/embed.js" data-language="sv" defer></script>
// Optional: data-position="left", data-label="...". Everything lives in a shadow root, so that neither page's
// styles reach the other; the page's address must be among the server's STADSVAR_EMBED_ORIGINS.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.stadsvarEmbedded) return;
  window.stadsvarEmbedded = true;
  const server = new URL(script.src).origin;
  const base = script.src.replace(/\/embed\.js.*$/, "");
  const language = script.dataset.language === "en" ? "en" : "sv";
  const side = script.dataset.position === "left" ? "left" : "right";
  const texts = __TEXTS__[language];
  const label = script.dataset.label || texts.embed_open;

  const STYLE = `
    * { box-sizing: border-box; }
    .open, .frame { position: fixed; z-index: 2147483000; ${side}: max(1.25rem, env(safe-area-inset-${side})); }
    .open {
      bottom: max(1.25rem, env(safe-area-inset-bottom)); display: inline-flex; align-items: center; gap: .6rem;
      padding: .85rem 1.25rem .85rem 1rem; border: 0; border-radius: 99px; background: #0b4f6c; color: #fff;
      font: 600 16px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; cursor: pointer;
      box-shadow: 0 2px 6px rgb(0 0 0 / 25%), 0 10px 30px rgb(0 0 0 / 20%);
    }
    .open:hover { background: #083c53; }
    .open:focus-visible, .close:focus-visible { outline: 3px solid #ffb454; outline-offset: 3px; }
    .open svg { width: 24px; height: 24px; }
    .frame {
      bottom: 1.25rem; display: flex; flex-direction: column; width: min(440px, calc(100vw - 2.5rem));
      height: min(720px, calc(100vh - 2.5rem)); border-radius: 16px; overflow: hidden; background: #fff;
      box-shadow: 0 4px 12px rgb(0 0 0 / 20%), 0 24px 60px rgb(0 0 0 / 30%);
    }
    .bar { display: flex; align-items: center; justify-content: space-between; padding-left: 1rem; background: #0b4f6c;
      color: #fff; flex: none; font: 600 15px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
    .close {
      display: grid; place-items: center; width: 44px; height: 40px; border: 0; background: none; color: #fff; cursor: pointer;
    }
    .close:focus-visible { outline-offset: -4px; }
    .close svg { width: 20px; height: 20px; }
    iframe { flex: 1; width: 100%; border: 0; }
    [hidden] { display: none !important; }
    @media (max-width: 520px) {
      .frame { inset: 0; width: 100vw; height: 100dvh; border-radius: 0; }
    }
    @media print { .open, .frame { display: none; } }
  `;

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const picture = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({
      viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "2",
      "stroke-linecap": "round", "stroke-linejoin": "round",
    })) svg.setAttribute(name, value);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };

  const host = make("div", { id: "stadsvar-embed", lang: language });
  host.style.setProperty("all", "initial", "important");  // the page's rules for its own divs outrank :host
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();  // not a style element, which a page's style-src may forbid
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const button = make("button", { type: "button", class: "open", "aria-expanded": "false", "aria-haspopup": "dialog" },
    picture("M4 5h16v11H9l-5 4zM8 9h8M8 12.5h5"), label);
  const close = make("button", { type: "button", class: "close", "aria-label": texts.embed_close, title: texts.embed_close },
    picture("M6 6l12 12M18 6L6 18"));
  const frame = make("div", { class: "frame", role: "dialog", "aria-label": texts.embed_frame, hidden: "" },
    make("div", { class: "bar" }, make("span", {}, label), close));
  shadow.append(button, frame);

  let iframe = null;
  const open = () => {
    if (!iframe) {
      iframe = make("iframe", {
        src: `${base}/?embed=1&language=${language}`, title: texts.embed_frame, allow: "clipboard-write",
      });
      frame.append(iframe);
    }
    frame.hidden = false;
    button.hidden = true;
    button.setAttribute("aria-expanded", "true");
    iframe.focus();
  };
  const shut = () => {
    if (frame.hidden) return;
    frame.hidden = true;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  };
  button.addEventListener("click", open);
  close.addEventListener("click", shut);
  frame.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
  window.addEventListener("message", (event) => {
    const ours = iframe && event.source === iframe.contentWindow && event.origin === server;
    if (ours && event.data && event.data.type === "stadsvar:close") shut();
  });
  (document.body || document.documentElement).append(host);
})();
