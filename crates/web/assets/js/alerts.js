// Keeps the bar of open alerts right while a page is read, from a stream of
// server-sent events. Nothing is held open while the page is hidden.
{
  const bar = document.querySelector("[data-alerts]");
  let source = null;
  const stop = () => {
    if (source) source.close();
    source = null;
  };
  const start = () => {
    stop();
    if (!bar || document.hidden || !window.EventSource) return;
    const text = bar.querySelector("[data-alerts-text]");
    source = new EventSource(bar.dataset.alerts);
    source.addEventListener("alerts", (event) => {
      if (text.textContent === event.data && !bar.hidden) return;
      text.textContent = event.data;
      bar.hidden = false;
      document.getElementById("status").textContent = event.data;
    });
    source.addEventListener("none", () => (bar.hidden = true));
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pagehide", stop);
  start();
}
