// Tells how many posts arrived since the list was loaded, from a stream of
// server-sent events, and shows them when the reader wants. Nothing is held
// open while the page is hidden; on return the server counts again.
{
  const AUTO = "atalaya-live-auto";
  let source = null;
  const stop = () => {
    if (source) source.close();
    source = null;
  };
  const start = () => {
    stop();
    const region = document.querySelector("[data-stream]");
    if (!region || document.hidden || !window.EventSource) return;
    const show = region.querySelector("[data-live-show]");
    const label = region.querySelector(".live-auto");
    const auto = region.querySelector("[data-live-auto]");
    label.hidden = false;
    auto.checked = sessionStorage.getItem(AUTO) === "yes";
    auto.onchange = () => {
      sessionStorage.setItem(AUTO, auto.checked ? "yes" : "no");
      if (auto.checked && !show.hidden) show.click();
    };
    source = new EventSource(region.dataset.stream);
    // The browser tries again by itself; until then nobody is left to believe that nothing happens.
    const lost = region.querySelector("[data-live-lost]");
    source.addEventListener("open", () => (lost.hidden = true));
    source.addEventListener("error", () => {
      lost.hidden = false;
      document.getElementById("status").textContent = document.body.dataset.lost;
    });
    source.addEventListener("count", (event) => {
      if (show.textContent !== event.data) show.textContent = event.data;
      show.hidden = false;
      const chosen = document.querySelector(".post-check:checked");
      if (auto.checked && !chosen) show.click();
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "results") start();
  });
  window.addEventListener("pagehide", stop);
  start();
}
