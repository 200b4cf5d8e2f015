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
