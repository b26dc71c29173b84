// The phone page. Events come numbered and are applied once; what is sent waits on the phone until it was taken.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const UNSENT = "bihuan-unsent-";
  const SILENCE = 40000; // the server says something every 15 s; after this long the line is dead
  const DOUBLE_TAP = 350;
  let words = {};
  let me = { csrf: "", person: "", timezone: "Asia/Shanghai", locale: "zh-CN" };
  let last = 0;
  let oldest = 0;
  let loaded = false;
  let stream = null;
  let heard = 0;
  let pause = 1000;
  let again = 0;
  let draining = false;
  let turn = 0;
  let tapped = -Infinity;
  const shown = new Map();
  const photos = new Map();

  const say = (key, facts = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`);
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const state = (key) => {
    document.body.dataset.state = key;
    if (at("state").textContent !== say(key)) at("state").textContent = say(key);
  };
  const wait = () => { const now = pause; pause = Math.min(pause * 2, 30000); return now * (0.75 + Math.random() / 2); };
  const call = (path, options = {}) => fetch(path, {
    credentials: "same-origin", ...options, headers: { "X-CSRF-Token": me.csrf, ...(options.headers || {}) },
  });

  // ---- what waits on the phone: texts and taps in localStorage, photos in IndexedDB; both outlive a reload
  // Each under a key of its own: two tabs that write at once then overwrite nothing of one another.
  const shelf = (() => { try { return window.localStorage; } catch { return null; } })();
  const unshelved = new Map();
  function queue() {
    const kept = shelf ? Object.keys(shelf).filter((key) => key.startsWith(UNSENT)).map((key) => shelf.getItem(key)) : [];
    const items = [...kept.filter(Boolean).map((one) => JSON.parse(one)), ...unshelved.values()];
    return items.filter((one) => one.person === me.person).sort((a, b) => a.made - b.made || a.turn - b.turn);
  }
  function keep(item) {
    try { shelf.setItem(UNSENT + item.id, JSON.stringify(item)); } catch { unshelved.set(item.id, item); }
  }
  function forget(id) {
    unshelved.delete(id);
    shelf?.removeItem(UNSENT + id);
  }
  const cellar = new Promise((open) => {
    const ask = window.indexedDB?.open("bihuan", 1);
    if (!ask) { open(null); return; }
    ask.onupgradeneeded = () => ask.result.createObjectStore("photos");
    ask.onsuccess = () => open(ask.result);
    ask.onerror = () => open(null);
  });
  async function stored(mode, act) {
    const cell = await cellar;
    return cell && new Promise((done) => {
      const work = cell.transaction("photos", mode);
      const asked = act(work.objectStore("photos"));
      work.oncomplete = () => done(asked.result);
      work.onabort = () => done(null);
    });
  }
  const photoOf = async (id) => photos.get(id) || stored("readonly", (room) => room.get(id));

  // ---- showing
  function dress(names) {
    words = names;
    for (const [id, key] of [["title", "title"], ["text-label", "write"], ["send-text", "send"], ["camera-text", "camera"],
      ["gallery-text", "gallery"], ["leave-text", "leave"], ["menu", "menu"], ["viewer-close", "close"],
      ["earlier", "earlier"], ["newest-text", "newest"], ["code-label", "code_label"], ["code-go", "code_go"]]) at(id).textContent = say(key);
    at("log").setAttribute("aria-label", say("messages"));
    at("text").placeholder = say("write");
    document.title = say("title");
  }

  const nearEnd = () => at("log").scrollHeight - at("log").scrollTop - at("log").clientHeight < 160;
  const toEnd = () => { at("log").scrollTop = at("log").scrollHeight; };
  const clock = (when) => new Date(when).toLocaleTimeString(me.locale, { timeZone: me.timezone, hour: "2-digit", minute: "2-digit" });
  function day(when) {
    const name = (one) => one.toLocaleDateString(me.locale, { timeZone: me.timezone, month: "long", day: "numeric", weekday: "short" });
    const given = name(new Date(when));
    return given === name(new Date()) ? say("today") : given;
  }

  function documentLink(message, source, name) {
    const link = make("a", "document press", `📄 ${name}`);
    link.download = name;
    link.href = `/chat/document?message=${message}&source=${encodeURIComponent(source)}&name=${encodeURIComponent(name)}`;
    return link;
  }

  function picture(message, source, alt) {
    const button = make("button", "picture");
    button.type = "button";
    const image = make("img");
    image.alt = alt;
    image.src = `/chat/picture?message=${message}&source=${encodeURIComponent(source)}`;
    const follow = nearEnd();
    image.addEventListener("load", () => { if (follow) toEnd(); });
    button.append(image, make("span", "hide", say("larger")));
    button.addEventListener("click", () => {
      at("viewer-picture").src = image.src;
      at("viewer-picture").alt = alt;
      at("viewer").setAttribute("aria-label", alt);
      at("viewer").showModal();
    });
    return button;
  }

  // Words stay whole, and buttons wrap to the next line for it; only what is longer than any word, such as a number, is broken.
  const LONG = /[^\s\-/\u3000-\u9fff]{17,}/;

  function pressable(button) {
    const kind = LONG.test(button.text) ? "press long" : "press";
    if (button.url) {
      const link = make("a", kind, button.text);
      link.href = button.url;
      return link;
    }
    const node = make("button", kind, button.text);
    node.type = "button";
    node.dataset.token = button.data;
    node.addEventListener("click", (event) => {
      if (secondOfTwo(event) || queue().some((one) => one.button === button.data)) return;
      node.setAttribute("aria-pressed", "true");
      push({ id: fresh(), button: button.data, label: button.text });
    });
    return node;
  }

  // The second tap of a double tap: by then another button may have moved under the finger.
  // Safari counts each tap as a first one, so that for fingers the time tells.
  function secondOfTwo(event) {
    const quick = event.pointerType === "touch" && event.timeStamp - tapped < DOUBLE_TAP;
    tapped = event.timeStamp;
    return event.detail > 1 || quick;
  }

  function codeBox(text) {
    const box = make("div", text.includes("\n") ? "code block" : "code");
    const copy = make("button", "plain", say("copy"));
    copy.type = "button";
    copy.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(text); } catch { getSelection().selectAllChildren(box.firstChild); document.execCommand("copy"); }
      copy.textContent = say("copied");
    });
    box.append(make("code", "", text), copy);
    return box;
  }

  function fill(card, message, payload, when) {
    card.replaceChildren();
    if (payload.head) card.append(make("h2", "", payload.head));
    for (const one of payload.pictures || []) card.append(picture(message, one.source, one.alt));
    if (payload.body) card.append(make("p", "", payload.body));
    if (payload.facts?.length) {
      const list = make("dl", "facts");
      for (const [label, value] of payload.facts) list.append(make("dt", "", label), make("dd", "", value));
      card.append(list);
    }
    if (payload.code) card.append(codeBox(payload.code));
    for (const one of payload.documents || []) card.append(documentLink(message, one.source, one.name));
    if (payload.hint) card.append(make("p", "hint", payload.hint));
    const rows = make("div", "buttons");
    for (const row of payload.buttons || []) {
      const line = make("div", "row");
      line.append(...row.map(pressable));
      rows.append(line);
    }
    if (rows.firstChild) card.append(rows);
    card.append(make("p", "when", clock(when)));
  }

  const mineText = (one) => {
    if (one.came === "removed") return say("removed");
    if (one.button || one.came === "button") return say("tapped", { label: one.label || "" });
    if (one.came === "file" || (one.photo && one.name)) return say("file", { name: one.name || "" });
    if (one.photo || one.came === "photo") return say("photo");
    return one.text || "";
  };
  const named = (update) => document.querySelector(`[data-update="${CSS.escape(update)}"]`);

  // What the person did: faint while it waits, with the reason when it could not be taken.
  function mine(card, text, { when, waiting = false, fault = "" } = {}) {
    const seen = card.querySelector(".preview");
    card.classList.toggle("waiting", waiting);
    card.classList.toggle("fault", Boolean(fault));
    card.replaceChildren(make("span", "hide", say("you")), ...(seen ? [seen] : []), make("p", "", text));
    if (fault) card.append(make("p", "hint", `⚠ ${fault}`));
    card.append(make("p", "when", waiting ? say("sending") : clock(when || Date.now())));
    return card;
  }
  function mineCard(update) {
    const card = make("article", "message mine");
    card.dataset.update = update;
    return card;
  }

  function cardOf({ what, message, payload, at: when }) {
    let card = null;
    if (what === "show" && !shown.has(message)) {
      card = make("article", "message");
      fill(card, message, payload, when);
      shown.set(message, card);
    } else if (what === "mine" && !(payload.came === "text" && payload.text === "/start")) {
      const known = named(payload.update);
      const made = mine(known || mineCard(payload.update), mineText(payload), { when });
      card = known ? null : made;
    }
    if (card) card.dataset.day = day(when);
    return card;
  }

  function append(card) {
    const before = [...at("log").querySelectorAll(".message")].pop();
    if (card.dataset.day && before?.dataset.day !== card.dataset.day) at("log").append(make("p", "day", card.dataset.day));
    at("log").append(card);
  }

  function apply(event, number) {
    if (number <= last) return;
    last = number;
    const follow = nearEnd();
    const card = cardOf(event);
    const { what, message, payload } = event;
    if (card) {
      if (what === "show") for (const one of at("log").querySelectorAll(".message:not(.old)")) one.classList.add("old");
      append(card);
    } else if (what === "edit" && shown.has(message)) {
      fill(shown.get(message), message, payload, event.at);
    } else if (what === "remove" && payload?.update && named(payload.update)) {
      mine(named(payload.update), say("removed"), { when: event.at });
    }
    if (follow) toEnd(); else if (what === "show") at("newest").hidden = false;
    document.body.dataset.last = String(last);
  }

  // The newest fifty first; older ones when asked for, without moving what is being read.
  async function load(before) {
    const log = at("log");
    const answer = await call(`/chat/messages${before ? `?before=${before}` : ""}`);
    if (!answer.ok) throw new Error("later");
    const { last: newest, more, messages } = await answer.json();
    log.setAttribute("aria-busy", "true");
    const height = log.scrollHeight - log.scrollTop;
    const cards = messages.map(cardOf).filter(Boolean);
    if (before) {
      for (const one of log.querySelectorAll(".day")) one.remove();
      at("earlier").after(...cards);
      let name = "";
      for (const one of log.querySelectorAll(".message[data-day]")) {
        if (one.dataset.day !== name) one.before(make("p", "day", one.dataset.day));
        name = one.dataset.day;
      }
      log.scrollTop = log.scrollHeight - height;
    } else {
      cards.forEach((one, index) => { append(one); one.classList.toggle("old", index < cards.length - 1); });
      last = newest;
      toEnd();
    }
    if (messages.length) oldest = messages[0].number;
    at("earlier").hidden = !more;
    log.removeAttribute("aria-busy");
    document.body.dataset.last = String(last);
  }

  function listen() {
    stream?.close();
    if (document.body.dataset.state !== "offline") state("connecting");
    stream = new EventSource(`/chat/events?after=${last}`);
    heard = Date.now();
    const alive = () => { heard = Date.now(); pause = 1000; state("online"); };
    stream.addEventListener("open", () => { alive(); drain(); });
    stream.addEventListener("alive", alive);
    // Whoever chose another language reads the page in it at once, on every phone where it is open.
    stream.addEventListener("language", ({ data }) => {
      if (data.replace("_", "-") !== me.locale) renew().then(() => state("online")).catch(() => {});
    });
    stream.addEventListener("message", (one) => { alive(); apply(JSON.parse(one.data), Number(one.lastEventId)); });
    stream.addEventListener("error", () => {
      state("offline");
      if (stream.readyState === EventSource.CLOSED) later();
    });
  }

  // ---- sending
  function push(item) {
    Object.assign(item, { person: me.person, made: Date.now(), turn: turn++ });
    keep(item);
    waiting(item);
    toEnd();
    drain();
  }

  function waiting(item) {
    const update = `${me.person}-${item.id}`;
    if (named(update)) return;
    const card = mineCard(update);
    card.dataset.day = day(Date.now());
    append(mine(card, mineText(item), { waiting: true }));
    if (item.photo) photoOf(item.id).then((file) => file?.type.startsWith("image/") && preview(card, file));
  }

  function preview(card, file) {
    const image = make("img", "preview");
    image.alt = say("photo");
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => image.remove());
    image.addEventListener("load", toEnd, { once: true });
    card.prepend(image);
  }

  function upload(item, file) {
    return new Promise((done, failed) => {
      const ask = new XMLHttpRequest();
      const bar = make("progress", "bar-sent");
      bar.max = 1;
      bar.setAttribute("aria-label", say("sending"));
      named(`${me.person}-${item.id}`)?.append(bar);
      ask.open("POST", `/chat/photo?id=${item.id}`);
      ask.setRequestHeader("X-CSRF-Token", me.csrf);
      ask.upload.addEventListener("progress", (one) => { if (one.lengthComputable) bar.value = one.loaded / one.total; });
      ask.addEventListener("load", () => done(new Response(ask.responseText, { status: ask.status })));
      ask.addEventListener("error", () => failed(new Error("later")));
      ask.addEventListener("loadend", () => bar.remove());
      const form = new FormData();
      // Control characters in a name, as some scanners write them, would break the form in which it is sent.
      form.append("file", file, (file.name || "").replace(/[\u0000-\u001f\u007f]/g, "") || "photo.jpg");
      ask.send(form);
    });
  }

  async function deliver(item) {
    const { person, made, turn: _turn, ...body } = item;
    if (!item.photo) return call("/chat/send", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const file = await photoOf(item.id);
    return file ? upload(item, file) : new Response(JSON.stringify({ title: say("lost") }), { status: 422 });
  }

  async function settle(item, answer) {
    if (answer.status === 401) { signedOut("signin"); throw new Error("signed out"); }
    if (answer.status === 403) { await renew(); throw new Error("later"); }
    if (answer.status === 408 || answer.status === 429 || answer.status >= 500) throw new Error("later");
    if (answer.status >= 400) {
      const problem = await answer.json().catch(() => ({}));
      const fault = answer.status === 422 ? problem.title : say(answer.status === 413 ? "large" : "refused");
      const card = named(`${me.person}-${item.id}`);
      if (card) mine(card, mineText(item), { fault });
      for (const one of document.querySelectorAll(".press[data-token]")) {
        if (one.dataset.token === item.button) { one.disabled = true; one.removeAttribute("aria-pressed"); }
      }
    }
    photos.delete(item.id);
    if (item.photo) await stored("readwrite", (room) => room.delete(item.id));
    forget(item.id);
  }

  // One at a time and in order: an answer must not overtake the one before it, not even from a second tab.
  async function drain() {
    if (draining || !me.person) return;
    draining = true;
    const work = async () => {
      for (let items = queue(); items.length; items = queue()) await settle(items[0], await deliver(items[0]));
    };
    try {
      await (navigator.locks ? navigator.locks.request("bihuan-drain", work) : work());
      if (me.person && stream?.readyState === EventSource.OPEN) state("online");
    } catch {
      if (me.person) { state("offline"); setTimeout(drain, wait()); }
    } finally {
      draining = false;
    }
  }

  function attach(input) {
    for (const file of [...input.files].slice(0, 9)) {
      const item = { id: fresh(), photo: true, name: file.type.startsWith("image/") ? "" : file.name };
      photos.set(item.id, file);
      stored("readwrite", (room) => room.put(file, item.id));
      push(item);
    }
    input.value = "";
  }

  // ---- coming and going
  function signedOut(key) {
    stream?.close();
    clearTimeout(again);
    me.person = "";
    loaded = false;
    last = 0;
    shown.clear();
    for (const one of at("log").querySelectorAll(".message, .day")) one.remove();
    for (const id of ["log", "composer", "leave", "menu", "newest"]) at(id).hidden = true;
    at("signin").hidden = false;
    at("signin-text").textContent = say(key);
    at("signin-hint").textContent = say("signin_hint");
    at("code-form").hidden = true;
    document.body.dataset.state = "";
    at("state").textContent = "";
  }

  const later = () => { clearTimeout(again); again = setTimeout(begin, wait()); };

  async function renew() {
    const answer = await call("/chat/me");
    if (answer.ok) {
      const { words: names, ...who } = await answer.json();
      me = { ...who, person: String(who.person), locale: who.locale.replace("_", "-") };
      document.documentElement.lang = me.locale;
      dress(names);
    } else if (answer.status === 401) {
      const missing = await answer.json().catch(() => ({}));
      me.wants = missing.wants || "";
      if (missing.csrf) me.csrf = missing.csrf;
    }
    return answer.status;
  }

  // The link is used; whoever has an authenticator proves it now. A reload comes back here.
  function askCode() {
    signedOut("code_title");
    at("signin-hint").textContent = say("code_hint");
    at("code-form").hidden = false;
    at("code").value = "";
    at("code-fault").textContent = "";
    at("code").focus();
  }

  async function prove() {
    at("code-go").disabled = true;
    try {
      const code = at("code").value.trim();
      const answer = await call("/chat/code", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code }) });
      if (answer.status >= 500) throw new Error("later");
      if (answer.status === 401) { signedOut("dead"); return; }
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        at("code-fault").textContent = problem.title || say("refused");
        at("code").select();
        return;
      }
      me.wants = "";
      await begin();
    } catch {
      at("code-fault").textContent = say("offline_code");
    } finally {
      at("code-go").disabled = false;
    }
  }

  async function begin() {
    try {
      const status = await renew();
      if (status === 401) { if (me.wants === "code") askCode(); else signedOut("signin"); return; }
      if (status !== 200) throw new Error("later");
      at("signin").hidden = true;
      for (const id of ["log", "composer", "leave", "menu"]) at(id).hidden = false;
      if (!loaded) await load(0);
      loaded = true;
    } catch {
      state("offline");
      later();
      return;
    }
    queue().forEach(waiting);
    listen();
  }

  // The token is used by POST only and stays in the address until the server has answered.
  async function enter() {
    const token = location.hash.slice(1);
    if (!token) return begin();
    let answer;
    try {
      answer = await call("/chat/enter", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) });
      if (answer.status >= 500) throw new Error("later");
    } catch {
      state("offline");
      setTimeout(enter, wait());
      return;
    }
    history.replaceState(null, "", location.pathname);
    await begin();
    if (!answer.ok && !me.person && me.wants !== "code") signedOut("dead");
  }

  at("code-form").addEventListener("submit", (event) => { event.preventDefault(); prove(); });
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("text").value.trim();
    if (!text) return;
    at("text").value = "";
    at("text").style.height = "";
    push({ id: fresh(), text });
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at("composer").requestSubmit(); }
  });
  at("text").addEventListener("input", () => { at("text").style.height = ""; at("text").style.height = `${at("text").scrollHeight + 2}px`; });
  for (const id of ["camera", "gallery"]) at(id).addEventListener("change", () => attach(at(id)));
  at("viewer-close").addEventListener("click", () => at("viewer").close());
  at("viewer-picture").addEventListener("click", () => at("viewer").close());
  at("menu").addEventListener("click", () => push({ id: fresh(), text: "/start" }));
  at("leave").addEventListener("click", async () => {
    const answer = await call("/chat/leave", { method: "POST" }).catch(() => null);
    if (answer) signedOut("signin"); else state("offline");
  });
  at("earlier").addEventListener("click", () => load(oldest).catch(() => state("offline")));
  at("newest").addEventListener("click", () => { toEnd(); at("newest").hidden = true; at("text").focus(); });
  at("log").addEventListener("scroll", () => { if (nearEnd()) at("newest").hidden = true; }, { passive: true });
  const wakeUp = (patience) => { if (me.person && loaded && Date.now() - heard > patience) { listen(); drain(); } };
  window.addEventListener("online", () => { pause = 1000; wakeUp(0); });
  window.addEventListener("offline", () => { if (me.person) state("offline"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wakeUp(20000); });
  setInterval(() => wakeUp(SILENCE), 10000);
  window.addEventListener("hashchange", () => { if (location.hash.length > 1) location.reload(); });

  (async () => {
    const first = await fetch(`/chat/words?lang=${encodeURIComponent(navigator.language)}`).then((one) => one.json()).catch(() => null);
    if (first) { dress(first.words); document.documentElement.lang = first.locale.replace("_", "-"); }
    await enter();
  })();
})();
