// The reading under a chart follows the pointer; a click opens the posts
// behind a bucket. The table twin does the same without script or pointer.
{
  const readings = new WeakMap();
  const line = (figure) => figure && figure.querySelector(".chart-reading");
  document.addEventListener("pointerover", (event) => {
    const hot = event.target.closest && event.target.closest(".hot");
    if (!hot) return;
    const reading = line(hot.closest(".chart"));
    if (!reading) return;
    if (!readings.has(reading)) readings.set(reading, reading.textContent);
    reading.textContent = hot.textContent;
    reading.classList.add("is-live");
  });
  document.addEventListener("pointerout", (event) => {
    const body = event.target.closest && event.target.closest(".chart-body");
    if (!body || body.contains(event.relatedTarget)) return;
    const reading = line(body.closest(".chart"));
    if (reading && readings.has(reading)) {
      reading.textContent = readings.get(reading);
      reading.classList.remove("is-live");
    }
  });
  document.addEventListener("click", (event) => {
    const hot = event.target.closest && event.target.closest(".hot[data-href]");
    const href = hot && hot.getAttribute("data-href");
    if (href && href.startsWith("/") && !href.startsWith("//")) window.location.assign(href);
  });
}
