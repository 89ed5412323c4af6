/* Whatever scrolls sideways at this width can be reached by the keyboard: tables, listings, formulas. */
const reach = () => {
  for (const each of document.querySelectorAll("article :is(pre, p, div, mjx-container)")) {
    const scrolls = each.scrollWidth > each.clientWidth && ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
    if (scrolls && !each.hasAttribute("tabindex")) {
      each.tabIndex = 0;
      each.dataset.scrolls = "";
    } else if (!scrolls && "scrolls" in each.dataset) {
      each.removeAttribute("tabindex");
      delete each.dataset.scrolls;
    }
  }
};
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  reach();
});
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
