/* A link to something folded, or to a section whose first part is folded, unfolds it; without this script a click on it does. */
const unfold = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const folded = [...target.querySelectorAll(":scope > details")];
  for (let each = target.closest("details"); each; each = each.parentElement.closest("details")) folded.push(each);
  for (const each of folded) each.open = true;
  if (folded.length) target.scrollIntoView();
};
document.addEventListener("DOMContentLoaded", unfold);
addEventListener("hashchange", unfold);
/* The same link once more, after the reader has folded it again. */
document.addEventListener("click", (event) => event.target.closest?.("a")?.hash === location.hash && location.hash && unfold());
