/* A formula in a line that is wider than its block gets a line of its own that scrolls, at this width. Where one does, the
   columns of a table may become narrower: so once more, until all fit. */
const narrow = () => {
  const formulas = [...document.querySelectorAll("article span.math:has(> mjx-container)")];
  for (const each of formulas) each.classList.remove("wide");
  const clings = 12; /* a bracket or a comma beside it, in pixels */
  const wide = (each) => {
    const block = each.closest("p, li, td, th, dt, dd, summary, h1, h2, h3, h4");
    const width = each.querySelector("svg").getBoundingClientRect().width;
    return block && !each.classList.contains("wide") && width > block.clientWidth - clings;
  };
  for (let found = formulas; found.length > 0; ) {
    found = formulas.filter(wide);
    for (const each of found) each.classList.add("wide");
  }
};

/* Whatever scrolls sideways at this width can be reached by the keyboard: tables, listings, formulas. */
const reach = () => {
  narrow();
  for (const each of document.querySelectorAll("article :is(pre, p, div, mjx-container, span.wide)")) {
    const scrolls = each.scrollWidth > each.clientWidth && ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
    if (scrolls && !each.hasAttribute("tabindex")) {
      each.tabIndex = 0;
      each.dataset.scrolls = "";
    } else if (!scrolls && "scrolls" in each.dataset) {
      each.removeAttribute("tabindex");
      delete each.dataset.scrolls;
    }
  }
  for (const each of document.querySelectorAll("span.math[data-scrolls]:not(.wide)")) {
    each.removeAttribute("tabindex");
    delete each.dataset.scrolls;
  }
};
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  reach();
});
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
