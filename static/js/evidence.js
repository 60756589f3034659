// The evidence panel: which figure it speaks of, and how to leave it again.
(() => {
  let opener = null;
  let empty = "";

  const panel = () => document.getElementById("evidence");

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== panel()) return;
    if (!opener) empty = panel().innerHTML;
    if (opener) opener.removeAttribute("aria-current");
    opener = event.detail.elt;
    opener.setAttribute("aria-current", "true");
  });

  // A proof that can't be fetched in place is still one page away.
  const follow = (event) => {
    if (event.detail.target === panel() && event.detail.elt.href) location.assign(event.detail.elt.href);
  };
  document.addEventListener("htmx:responseError", follow);
  document.addEventListener("htmx:sendError", follow);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel()) return;
    panel().scrollTop = 0;
    const quote = panel().querySelector("mark.quote");
    const below = quote ? quote.getBoundingClientRect().bottom - panel().getBoundingClientRect().bottom : 0;
    if (below > -16) panel().scrollTop = below + 16;
    panel().focus({ preventScroll: true });
  });

  const close = () => {
    if (!opener) return;
    panel().innerHTML = empty;
    opener.removeAttribute("aria-current");
    opener.focus({ preventScroll: true });
    opener = null;
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close-evidence]")) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
