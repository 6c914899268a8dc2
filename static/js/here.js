// On a page that goes on by itself, the way to its other language and the switch of light and dark
// lead to where the reader is now, and not to where the page began.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hreflang]");
  if (link) link.href = `/${link.hreflang}${location.pathname.slice(3)}${location.search}`;
}, true);

document.addEventListener("submit", (event) => {
  const { next, theme } = event.target.elements;
  if (next && theme) next.value = `${location.pathname}${location.search}`;
}, true);
