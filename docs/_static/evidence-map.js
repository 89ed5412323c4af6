/* The evidence map: a node shows its card beside the map, and what it rests on lights up. Without this script it leads to the card below. */
document.addEventListener("DOMContentLoaded", () => {
  const map = document.querySelector(".evidence-map");
  if (!map) return;
  const panel = document.createElement("div");
  panel.className = "evidence-panel";
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", "The chosen claim");
  panel.hidden = true;
  document.body.append(panel);
  const nodes = new Map([...map.querySelectorAll(".node")].map((node) => [node.dataset.claim, node]));
  const edges = [...map.querySelectorAll(".edge")];
  let from = null;

  const light = (claim) => {
    map.classList.toggle("lit", Boolean(claim));
    const near = new Set([claim]);
    for (const edge of edges) {
      const on = edge.dataset.from === claim || edge.dataset.to === claim;
      edge.classList.toggle("on", on);
      if (on) near.add(edge.dataset.from).add(edge.dataset.to);
    }
    for (const [name, node] of nodes) node.classList.toggle("on", near.has(name));
  };
  const close = () => {
    panel.hidden = true;
    light(null);
    from?.focus();
  };
  const open = (claim) => {
    const card = document.getElementById("map-" + claim).cloneNode(true);
    card.removeAttribute("id");
    card.querySelector(".headerlink")?.remove();
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", close);
    panel.replaceChildren(card, button);
    for (const link of panel.querySelectorAll('a[href^="#map-"]'))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        from = nodes.get(link.hash.slice(5));
        from.focus();
        open(link.hash.slice(5));
      });
    panel.hidden = false;
    light(claim);
  };
  for (const [claim, node] of nodes) {
    node.addEventListener("mouseenter", () => panel.hidden && light(claim));
    node.addEventListener("mouseleave", () => panel.hidden && light(null));
    node.addEventListener("focus", () => panel.hidden && light(claim));
    node.addEventListener("blur", () => panel.hidden && light(null));
    node.addEventListener("click", (event) => {
      event.preventDefault();
      from = node;
      open(claim);
      panel.querySelector("a").focus({ preventScroll: true });
    });
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && close());
});
