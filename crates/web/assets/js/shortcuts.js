// Keys and copying: Ctrl+K (⌘K) goes to the search, data-copy puts a text on
// the clipboard. No single-letter keys: they trip people who dictate.
{
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (field) {
      event.preventDefault();
      field.focus();
      if (field.select) field.select();
    }
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      const status = document.getElementById("status");
      if (status) status.textContent = button.dataset.copied || "";
      button.classList.add("is-copied");
    } catch {
      // Without permission the text stays selectable on the page.
    }
  });
}
