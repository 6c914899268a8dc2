// On the page that comes without a network: what is over goes, and so does the page when it can.

for (const one of document.querySelectorAll("[data-until]")) {
  one.hidden = Date.parse(one.dataset.until) <= Date.now();
}
const list = document.querySelector("#coming");
if (list && !list.querySelector("li:not([hidden])")) {
  list.hidden = true;
  document.querySelector("#none").hidden = false;
}
addEventListener("online", () => location.reload());
