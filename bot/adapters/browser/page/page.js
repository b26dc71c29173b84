// The phone page. Events come numbered and are applied once; what is sent waits in the browser until it was taken.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const QUEUE = "bihuan-unsent";
  let words = {};
  let csrf = "";
  let last = 0;
  let zone = "Asia/Shanghai";
  let locale = "zh-CN";
  let stream = null;
  const shown = new Map();
  const photos = new Map();
  let draining = false;

  const say = (key, facts = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`);
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const queue = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
  const keep = (items) => localStorage.setItem(QUEUE, JSON.stringify(items));
  const state = (key) => { at("state").textContent = say(key); };

  function dress(names) {
    words = names;
    at("title").textContent = say("title");
    at("log").setAttribute("aria-label", say("messages"));
    at("text-label").textContent = say("write");
    at("text").placeholder = say("write");
    at("send").textContent = say("send");
    at("camera-text").textContent = say("camera");
    at("gallery-text").textContent = say("gallery");
    at("leave").textContent = say("leave");
    at("menu").textContent = say("menu");
    at("viewer-close").textContent = say("close");
  }

  const call = (path, options = {}) => fetch(path, {
    credentials: "same-origin", ...options,
    headers: { "X-CSRF-Token": csrf, ...(options.headers || {}) },
  });

  function nearEnd() {
    const log = at("log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  }
  const toEnd = () => { const log = at("log"); log.scrollTop = log.scrollHeight; };

  function picture(source, alt) {
    const button = make("button", "picture");
    button.type = "button";
    const image = make("img");
    image.alt = alt;
    image.loading = "lazy";
    image.src = `/chat/picture?source=${encodeURIComponent(source)}`;
    image.addEventListener("load", () => { if (nearEnd()) toEnd(); });
    button.append(image, make("span", "hide", say("larger")));
    button.addEventListener("click", () => {
      at("viewer-picture").src = image.src;
      at("viewer-picture").alt = alt;
      at("viewer").showModal();
    });
    return button;
  }

  function pressable(button) {
    if (button.url) {
      const link = make("a", "press", button.text);
      link.href = button.url;
      return link;
    }
    const node = make("button", "press", button.text);
    node.type = "button";
    node.addEventListener("click", () => {
      node.setAttribute("aria-pressed", "true");
      push({ id: fresh(), button: button.data, label: button.text });
    });
    return node;
  }

  function codeBox(text) {
    const box = make("div", "code");
    const copy = make("button", "plain", say("copy"));
    copy.type = "button";
    copy.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(text);
      copy.textContent = say("copied");
    });
    box.append(make("code", "", text), copy);
    return box;
  }

  function fill(card, payload, when) {
    card.replaceChildren();
    if (payload.head) card.append(make("h2", "", payload.head));
    for (const one of payload.pictures || []) card.append(picture(one.source, one.alt));
    if (payload.body) card.append(make("p", "", payload.body));
    if (payload.facts?.length) {
      const list = make("dl", "facts");
      for (const [label, value] of payload.facts) list.append(make("dt", "", label), make("dd", "", value));
      card.append(list);
    }
    if (payload.code) card.append(codeBox(payload.code));
    if (payload.hint) card.append(make("p", "hint", payload.hint));
    if (payload.buttons?.length) {
      const rows = make("div", "buttons");
      for (const row of payload.buttons) {
        const line = make("div", "row");
        line.append(...row.map(pressable));
        rows.append(line);
      }
      card.append(rows);
    }
    card.append(make("p", "when", new Date(when).toLocaleTimeString(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit" })));
  }

  const mineText = (payload) => {
    if (payload.came === "button") return say("tapped", { label: payload.label });
    if (payload.came === "photo") return `📷 ${say("photo")}`;
    if (payload.came === "file") return say("file", { name: payload.name || "" });
    if (payload.came === "removed") return say("removed");
    return payload.text || "";
  };

  function mine(update, text, waiting) {
    let card = document.querySelector(`[data-update="${CSS.escape(update)}"]`);
    if (!card) {
      card = make("article", "message mine");
      card.dataset.update = update;
      at("log").append(card);
    }
    card.classList.toggle("waiting", waiting);
    card.replaceChildren(make("p", "", text));
    if (waiting) card.append(make("p", "when", say("sending")));
  }

  function apply(event, number) {
    if (number <= last) return;
    last = number;
    document.body.dataset.last = String(number);
    const follow = nearEnd();
    const { what, message, payload } = event;
    if (what === "show") {
      document.querySelectorAll(".message:not(.old)").forEach((one) => one.classList.add("old"));
      const card = make("article", "message");
      fill(card, payload, event.at);
      shown.set(message, card);
      at("log").append(card);
    } else if (what === "edit" && shown.has(message)) {
      fill(shown.get(message), payload, event.at);
    } else if (what === "mine") {
      const text = mineText(payload);
      if (!(payload.came === "text" && text === "/start")) mine(payload.update, text, false);
    } else if (what === "remove" && payload?.update) {
      mine(payload.update, say("removed"), false);
    }
    if (follow) toEnd();
  }

  function listen() {
    stream?.close();
    state("connecting");
    stream = new EventSource(`/chat/events?after=${last}`);
    stream.addEventListener("open", () => { state("online"); drain(); });
    stream.addEventListener("message", (one) => apply(JSON.parse(one.data), Number(one.lastEventId)));
    stream.addEventListener("error", () => {
      state("offline");
      if (stream.readyState === EventSource.CLOSED) setTimeout(begin, 2000);
    });
  }

  let person = "";
  const updateName = (item) => `${person}-${item.id}`;

  function push(item) {
    keep([...queue(), item]);
    mine(updateName(item), item.button ? say("tapped", { label: item.label }) : item.text ?? `📷 ${say("photo")}`, true);
    toEnd();
    drain();
  }

  async function deliver(item) {
    if (!item.photo) {
      return call("/chat/send", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(item),
      });
    }
    const file = photos.get(item.id);
    if (!file) return null;
    const form = new FormData();
    form.append("file", file, file.name || "photo.jpg");
    return call(`/chat/photo?id=${item.id}`, { method: "POST", body: form });
  }

  // One at a time and in order: an answer must not overtake the question before it.
  async function drain() {
    if (draining) return;
    draining = true;
    try {
      for (let items = queue(); items.length; items = queue()) {
        const answer = await deliver(items[0]);
        if (answer && (answer.status === 401 || answer.status === 503)) throw new Error("later");
        if (answer && answer.status >= 400) {
          const problem = await answer.json().catch(() => ({ title: "" }));
          mine(updateName(items[0]), `⚠ ${problem.title}`, false);
        }
        photos.delete(items[0].id);
        keep(queue().slice(1));
      }
    } catch {
      state("offline");
      setTimeout(drain, 2000);
    } finally {
      draining = false;
    }
  }

  function attach(input) {
    for (const file of [...input.files].slice(0, 9)) {
      const item = { id: fresh(), photo: true };
      photos.set(item.id, file);
      push(item);
    }
    input.value = "";
    at("text").focus();
  }

  async function enter() {
    const token = location.hash.slice(1);
    if (!token) return true;
    history.replaceState(null, "", location.pathname);
    const answer = await fetch("/chat/enter", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }), credentials: "same-origin",
    });
    return answer.ok;
  }

  function signedOut(key) {
    stream?.close();
    for (const id of ["log", "composer", "leave", "menu"]) at(id).hidden = true;
    at("signin").hidden = false;
    at("signin-text").textContent = say(key);
    at("signin-hint").textContent = say("signin_hint");
    at("state").textContent = "";
  }

  async function begin() {
    let answer;
    try {
      answer = await call("/chat/me");
    } catch {
      state("offline");
      setTimeout(begin, 2000);
      return;
    }
    if (answer.status === 401) { signedOut("signin"); return; }
    const me = await answer.json();
    csrf = me.csrf;
    person = String(me.person);
    zone = me.timezone;
    locale = me.locale.replace("_", "-");
    document.documentElement.lang = locale;
    dress(me.words);
    if (!last) last = me.start;
    document.body.dataset.last = String(last);
    at("signin").hidden = true;
    for (const id of ["log", "composer", "leave", "menu"]) at(id).hidden = false;
    for (const item of queue().filter((one) => !one.photo || photos.has(one.id))) {
      mine(updateName(item), item.button ? say("tapped", { label: item.label }) : item.text ?? "📷", true);
    }
    keep(queue().filter((one) => !one.photo || photos.has(one.id)));
    listen();
  }

  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("text").value.trim();
    if (!text) return;
    at("text").value = "";
    push({ id: fresh(), text });
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      at("composer").requestSubmit();
    }
  });
  at("camera").addEventListener("change", () => attach(at("camera")));
  at("gallery").addEventListener("change", () => attach(at("gallery")));
  at("viewer-close").addEventListener("click", () => at("viewer").close());
  at("menu").addEventListener("click", () => push({ id: fresh(), text: "/start" }));
  at("leave").addEventListener("click", async () => { await call("/chat/leave", { method: "POST" }); signedOut("signin"); });
  window.addEventListener("online", () => { listen(); drain(); });

  (async () => {
    const first = await fetch(`/chat/words?lang=${encodeURIComponent(navigator.language)}`).then((one) => one.json()).catch(() => null);
    if (first) { dress(first.words); document.documentElement.lang = first.locale.replace("_", "-"); }
    if (await enter()) await begin(); else signedOut("dead");
  })();
})();
