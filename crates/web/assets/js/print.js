// A button that prints the page; without script the browser's own menu does.
{
  const ready = (root) => root.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
  ready(document);
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });
}
