/* PhishNet in the browser: only what makes the path shorter. Every page works without. */
"use strict";

/* The sign-in form tells the server the reader's time zone. */
for (const field of document.querySelectorAll("input[name=time_zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

/* The receipt: 1 to 9 go to the evidence of a finding, v to the verdict. */
{
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (!document.getElementById("receipt")) return;
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

/* The list: j and k move, o and Enter open, / goes to the filter, ? shows the keys. */
{
  let cursor = "";  // the id of a row, so that it outlives a swap
  const rows = () => [...document.querySelectorAll("#rows tbody tr")];
  const mark = (row) => {
    for (const other of rows()) other.classList.toggle("is-cursor", other === row);
    cursor = row?.id ?? "";
  };
  const move = (step) => {
    const all = rows();
    const next = all[all.findIndex((row) => row.id === cursor) + step] ?? all.at(step < 0 ? 0 : -1);
    if (!next) return;
    mark(next);
    next.querySelector(".pn-open").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => document.querySelector("#rows .is-cursor .pn-open")?.click(),
    "/": () => document.getElementById("filter")?.focus(),
    "?": () => document.getElementById("keys")?.toggleAttribute("open"),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!document.getElementById("analyses") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && event.target.id === "filter") event.target.blur();
    if (isTyping || !Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", () => {
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
