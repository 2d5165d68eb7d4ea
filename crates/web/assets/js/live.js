// Keeps focus, busy signs and the status line right around htmx swaps, and
// reloads live regions while the page is visible.
{
  const status = () => document.getElementById("status");
  const say = (text) => {
    const line = status();
    if (line && text) line.textContent = text;
  };
  let focused = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (target) target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const code = event.detail.xhr.status;
    // A form that comes back with its errors is shown like any other answer.
    if (code === 422 || code === 409) event.detail.shouldSwap = true;
    focused = document.activeElement && document.activeElement.id;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (target) target.removeAttribute("aria-busy");
    if (focused && document.activeElement === document.body) {
      const again = document.getElementById(focused);
      if (again) again.focus({ preventScroll: true });
    }
    say(event.target.dataset.status || document.body.dataset.updated);
  });
  const lost = (event) => {
    const target = event.detail.target;
    if (target) target.removeAttribute("aria-busy");
    say(document.body.dataset.lost);
  };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:responseError", lost);

  // <div data-live="/streams/3/updates" data-live-every="5"> is asked again at
  // that many seconds, never while the page is hidden or somebody reads in it.
  const EVERY_S_MIN = 2;
  const watch = (region) => {
    if (region.dataset.watched) return;
    region.dataset.watched = "yes";
    const every = Math.max(EVERY_S_MIN, Number(region.dataset.liveEvery) || 5) * 1000;
    const again = async () => {
      if (!region.isConnected) return;
      const reading = region.contains(document.activeElement) || region.matches(":hover");
      if (!document.hidden && !reading && window.htmx) {
        try {
          await window.htmx.ajax("GET", region.dataset.live, { target: region, swap: "innerHTML" });
        } catch {
          say(document.body.dataset.lost);
        }
      }
      setTimeout(again, every);
    };
    setTimeout(again, every);
  };
  const watchAll = () => document.querySelectorAll("[data-live]").forEach(watch);
  document.addEventListener("htmx:afterSettle", watchAll);
  watchAll();
}
