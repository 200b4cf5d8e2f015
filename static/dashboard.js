/* PhishNet in the browser: only what makes the path shorter. Every page works without. */
"use strict";

/* The sign-in form tells the server the reader's time zone. */
for (const field of document.querySelectorAll("input[name=time_zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

/* Keys without Ctrl or Alt get in the way of some: whoever wants can turn them off. */
const keysAreOn = () => localStorage.getItem("keys") !== "off";
{
  const show = () => {
    for (const field of document.querySelectorAll("[data-keys]")) field.checked = keysAreOn();
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys]")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
  });
  document.addEventListener("htmx:afterSettle", show);
  show();
}

/* A form that writes is sent once, however often its button is pressed. */
document.addEventListener("submit", (event) => {
  const { once } = event.target.dataset;
  if (once === undefined || (once && event.submitter?.getAttribute("formaction") === once)) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

/* The receipt: 1 to 9 go to the evidence of a finding, v to the verdict. */
{
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (!document.getElementById("receipt") || !keysAreOn()) return;
    if (event.key === "v") {
      document.querySelector("#you input[name=verdict]")?.focus();
      event.preventDefault();
    } else if (/^[1-9]$/.test(event.key)) {
      document.querySelector(`.pn-place[data-key="${event.key}"]`)?.click();
    }
  });

  /* What is chosen is said to those who cannot see the ring around the mark. */
  const choose = () => {
    for (const link of document.querySelectorAll(".pn-place, .pn-tabs a")) {
      const isChosen = location.hash !== "" && link.hash === location.hash;
      link.toggleAttribute("aria-current", isChosen);
      if (isChosen) link.setAttribute("aria-current", "true");
    }
  };
  window.addEventListener("hashchange", choose);
  choose();

  /* A message that waited has a subject now. */
  document.addEventListener("htmx:afterSwap", () => {
    const heading = document.getElementById("receipt")?.dataset.heading;
    const shown = document.getElementById("heading");
    if (!heading || !shown) return;
    shown.textContent = heading;
    document.title = `${heading} · PhishNet`;
  });
}

/* The way back from a receipt leads to the list as it was left. */
{
  const keep = () => {
    if (document.getElementById("analyses")) sessionStorage.setItem("list", location.search);
  };
  const lead = () => {
    for (const link of document.querySelectorAll("[data-back]")) link.search = sessionStorage.getItem("list") ?? "";
  };
  window.addEventListener("pagehide", keep);
  window.addEventListener("pageshow", lead);
  document.addEventListener("htmx:afterSettle", lead);
}

/* The list: j and k move, o and Enter open, x chooses, / goes to the filter, ? shows the keys. */
{
  let cursor = "";  // the id of a row, so that it outlives a swap
  let anchor = "";  // the row chosen last: where a range begins
  let chosen = new Set();
  const rows = () => [...document.querySelectorAll("#rows tbody tr")];
  const box = (row) => row.querySelector("input[name=id]");
  const at = (id) => rows().findIndex((row) => row.id === id);
  const mark = (row) => {
    for (const other of rows()) other.classList.toggle("is-cursor", other === row);
    cursor = row?.id ?? "";
  };
  const move = (step) => {
    const all = rows();
    const next = all[at(cursor) + step] ?? all.at(step < 0 ? 0 : -1);
    if (!next) return;
    mark(next);
    next.querySelector(".pn-open").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  /* What is chosen is counted by the stylesheet; here it is said, and the box above follows. */
  const tell = (isSaid = true) => {
    const all = rows().filter(box), picked = all.filter((row) => box(row).checked);
    const every = document.querySelector("#rows th [data-choose]");
    const said = document.getElementById("said");
    if (every) {
      every.checked = picked.length > 0 && picked.length === all.length;
      every.indeterminate = picked.length > 0 && picked.length < all.length;
    }
    if (said && isSaid && picked.length + chosen.size) said.textContent = said.dataset.said.replace("{n}", picked.length);
    chosen = new Set(picked.map((row) => row.id));
    if (!picked.length) document.getElementById("judge")?.removeAttribute("open");
  };
  const choose = (picked, isChosen) => {
    for (const row of picked.filter(box)) box(row).checked = isChosen;
    tell();
  };
  const current = () => {
    if (!cursor) move(1);
    return rows()[at(cursor)];
  };
  const turn = () => {
    const row = current();
    if (!row || !box(row)) return;
    anchor = row.id;
    choose([row], !box(row).checked);
  };
  const range = (to, isChosen = true) => {
    const from = at(anchor) < 0 ? at(to) : at(anchor);
    choose(rows().slice(Math.min(from, at(to)), Math.max(from, at(to)) + 1), isChosen);
    anchor = to;
  };
  const all = (isChosen = rows().filter(box).some((row) => !box(row).checked)) => choose(rows(), isChosen);
  const judge = () => {
    const panel = document.getElementById("judge"), row = current();
    if (!panel || !row) return;
    if (!chosen.size) choose([row], true);
    panel.open = true;
    panel.querySelector("input").focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => document.querySelector("#rows .is-cursor .pn-open")?.click(),
    x: turn,
    X: () => { const row = current(); if (row) range(row.id); },
    a: () => all(),
    v: judge,
    "/": () => document.getElementById("filter")?.focus(),
    "?": () => document.getElementById("keys")?.toggleAttribute("open"),
  };

  /* Esc closes the menu it is pressed in, or leaves the filter, or chooses none. */
  const leave = (target) => {
    const menu = target.closest("details.pn-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (target.id === "filter") target.blur();
    else if (chosen.size) choose(rows(), false);
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!document.getElementById("analyses") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") leave(event.target);
    const row = event.target.closest?.("#rows tbody tr");
    if (row && event.key === "Enter" && event.target === box(row)) {
      row.querySelector(".pn-open").click();
      event.preventDefault();
    }
    if (isTyping || !keysAreOn() || !Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("#rows tbody tr");
    if (row) mark(row);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("#rows tbody tr");
    if (event.target.closest?.("button[data-choose]")) all(true);
    else if (event.target.matches?.("th [data-choose]")) all(event.target.checked);
    else if (row && event.target === box(row)) {
      if (event.shiftKey) range(row.id, event.target.checked);
      anchor = row.id;
      tell();
    }
  });
  document.addEventListener("reset", () => setTimeout(tell));
  window.addEventListener("pageshow", () => tell(false));  // a browser may keep what was chosen
  document.addEventListener("htmx:afterSettle", () => {
    for (const row of rows().filter(box)) box(row).checked ||= chosen.has(row.id);
    tell(false);
    const row = cursor && document.getElementById(cursor);
    if (!row) return;
    mark(row);
    if (document.activeElement === document.body) row.querySelector(".pn-open").focus({ preventScroll: true });
  });

  /* An address names what is asked for, not what is not. */
  document.addEventListener("htmx:configRequest", (event) => {
    const asked = event.detail.parameters;
    if (event.detail.verb !== "get") return;
    for (const name of Object.keys(asked)) {
      const left = [asked[name]].flat().filter((value) => value !== "");
      if (left.length) asked[name] = left; else delete asked[name];
    }
  });

  /* Nobody looks at a hidden page. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches('[hx-trigger^="every"]')) event.preventDefault();
  });
}

/* Submitting: files leave in batches, each gets its own answer as soon as there is one. */
{
  const form = document.getElementById("upload");
  const BATCH_FILES = 20, BATCH_BYTES = 20e6, TRIES = 4, PAUSE = 2000;

  const say = (row, kind, text, link) => {
    row.className = kind;
    row.lastElementChild.textContent = text;
    if (!link) return;
    const name = document.createElement("a");
    name.href = link;
    name.append(...row.querySelector("bdi").childNodes);
    row.querySelector("bdi").append(name);
  };

  const listed = (file) => {
    const row = document.getElementById("outcome").content.firstElementChild.cloneNode(true);
    row.querySelector("bdi").textContent = file.name;
    say(row, "is-waiting", form.dataset.waiting);
    document.getElementById("outcomes").append(row);
    return { file, row };
  };

  const batches = (items) => items.reduce((all, item) => {
    const last = all.at(-1);
    const size = last?.reduce((sum, other) => sum + other.file.size, item.file.size);
    const hasRoom = last && last.length < Math.min(BATCH_FILES, form.dataset.maxFiles) && size <= BATCH_BYTES;
    if (hasRoom) last.push(item); else all.push([item]);
    return all;
  }, []);

  const post = (batch, sent) => new Promise((resolve) => {
    const body = new FormData(), request = new XMLHttpRequest();
    for (const { file } of batch) body.append("messages", file, file.name || "message.eml");
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
    request.upload.onprogress = (event) => sent(event.loaded);
    request.responseType = "json";
    request.onloadend = () => resolve(request);
    request.send(body);
  });

  /* What was not answered is sent again: the same message twice is kept once. */
  const persist = async (batch, sent) => {
    for (let turn = 1; ; turn += 1) {
      const answer = await post(batch, sent);
      const mayPass = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!mayPass || turn === TRIES) return answer;
      const wait = Number(answer.getResponseHeader?.("Retry-After")) * 1000 || PAUSE * turn;
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 60000)));
    }
  };

  const settle = (batch, answer) => {
    const { accepted, refused, message } = answer.response ?? {};
    for (const each of accepted ?? []) {
      say(batch[each.index].row, "is-accepted", each.is_new ? form.dataset.accepted : form.dataset.known, each.url);
    }
    for (const each of refused ?? []) say(batch[each.index].row, "is-refused", each.reason);
    if (accepted) return accepted.map((each) => each.url);
    const why = answer.status === 401 ? form.dataset.signedOut : message ?? form.dataset.again;
    for (const { row } of batch) say(row, "is-refused", why);
    return [];
  };

  const submit = async (files) => {
    const bar = form.querySelector("progress"), sum = document.getElementById("outcomes-sum");
    const button = form.querySelector("button");
    document.getElementById("outcomes").replaceChildren();
    document.getElementById("outcomes-card").hidden = false;
    document.getElementById("outcomes-card").scrollIntoView({ block: "nearest" });
    const items = files.map(listed);
    /* A mailbox or an archive may be as large as a request: only what says it is one message is measured as one. */
    const isSmall = ({ name, size }) => size <= Number(/\.(eml|msg)$/i.test(name) ? form.dataset.maxMessage : form.dataset.maxRequest);
    for (const { file, row } of items) if (!isSmall(file)) say(row, "is-refused", form.dataset.large);
    const sending = items.filter(({ file }) => isSmall(file));
    const total = sending.reduce((all, { file }) => all + file.size, 0) || 1;
    let before = 0, done = 0;
    const urls = [];
    button.disabled = true;
    bar.hidden = false;
    for (const batch of batches(sending)) {
      sum.textContent = form.dataset.busy.replace("{done}", done).replace("{all}", sending.length);
      for (const { row } of batch) say(row, "is-sending", form.dataset.sending);
      urls.push(...settle(batch, await persist(batch, (sent) => { bar.value = Math.min(100, (before + sent) / total * 100); })));
      before += batch.reduce((all, { file }) => all + file.size, 0);
      done += batch.length;
    }
    bar.hidden = true;
    button.disabled = false;
    form.reset();
    const counts = form.dataset.summary.replace("{accepted}", urls.length);
    sum.textContent = counts.replace("{refused}", files.length - urls.length);
    if (files.length === 1 && urls.length === 1) location.assign(urls[0]);
  };

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...form.elements.messages.files];
    form.elements.messages.setCustomValidity(files.length ? "" : form.dataset.none);
    if (form.reportValidity() && files.length) submit(files);
  });
  form?.addEventListener("change", () => form.elements.messages.setCustomValidity(""));

  const drop = document.getElementById("drop");
  for (const kind of ["dragenter", "dragover"]) {
    drop?.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  drop?.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop?.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (event.dataTransfer.files.length) submit([...event.dataTransfer.files]);
  });
}
