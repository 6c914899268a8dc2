// A button that copies the field it names; hidden where there is no script.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.getElementById("copied");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.done;
    } catch {
      document.execCommand("copy"); // no clipboard without https: the old way still works
      status.textContent = button.dataset.done;
    }
    button.lastChild.textContent = ` ${button.dataset.done}`;
  });
}
