// An answer as it comes: text, then a mark on each sentence, then the page's own rendering of it.
(() => {
  const POLL_MS = 2000;
  const AGAIN_MS = 500;
  const heard = new WeakSet();

  const announce = (said) => {
    const place = document.querySelector("[data-announce]");
    if (place) place.textContent = said;
  };

  const swap = async (section) => {
    const number = section.id;
    await htmx.ajax("GET", section.dataset.part, { target: section, swap: "outerHTML" });
    const made = document.getElementById(number);
    if (made && !made.dataset.stream) announce("The answer is there.");
  };

  // Offsets are code points of all text so far.
  class Live {
    constructor(section) {
      this.text = section.querySelector("[data-text]");
      this.steps = section.querySelector("[data-steps]");
      this.clear();
    }
    clear() {
      this.points = [];
      this.marks = [];
      this.named = new Map();
      this.draw();
    }
    add(said) {
      this.points.push(...said);
      this.draw();
    }
    mark(marked) {
      this.marks.push(marked);
      this.marks.sort((one, other) => one.start - other.start);
      this.draw();
    }
    step(step) {
      let row = this.named.get(step.name);
      if (!row) {
        if (!this.named.size) this.steps.replaceChildren();
        row = document.createElement("li");
        this.named.set(step.name, row);
        this.steps.append(row);
      }
      row.textContent = step.text;
      row.classList.toggle("done", step.is_done);
    }
    draw() {
      const made = [];
      let at = 0;
      for (const one of this.marks) {
        if (one.start < at) continue;
        made.push(this.points.slice(at, one.start).join(""));
        const said = document.createElement("span");
        said.className = `live-${one.claim.verdict}`;
        said.textContent = this.points.slice(one.start, one.end).join("");
        made.push(said);
        at = one.end;
      }
      made.push(this.points.slice(at).join(""));
      this.text.replaceChildren(...made);
    }
  }

  const listen = (section) => {
    heard.add(section);
    const live = new Live(section);
    const source = new EventSource(section.dataset.stream, { withCredentials: true });
    const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
    const end = () => {
      source.close();
      if (section.isConnected) swap(section);
    };
    on("step", (step) => live.step(step));
    on("text", (told) => live.add(told.text));
    on("voided", () => live.clear());
    on("marked", (marked) => live.mark(marked));
    on("finished", end);
    on("refused", end);
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(end, POLL_MS);
    });
    // Whoever stops it replaces the section.
    new MutationObserver((_, watcher) => {
      if (section.isConnected) return;
      watcher.disconnect();
      source.close();
    }).observe(section.parentNode, { childList: true });
  };

  const showCopy = (root) => {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    announce("Copied with its sources.");
    button.textContent = "Copied";
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest("form[data-ask]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  // A second press must not ask twice.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-ask]");
    if (!form) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-ask]")) delete form.dataset.sent;
  });

  const listenToNew = () => {
    for (const section of document.querySelectorAll(".answer[data-stream]")) {
      if (!heard.has(section)) listen(section);
    }
  };

  // What is put in place may be open still: one that was asked to stop, or read before its end.
  document.addEventListener("htmx:afterSwap", () => {
    showCopy(document);
    setTimeout(listenToNew, AGAIN_MS);
  });
  showCopy(document);
  listenToNew();
})();
