// Where the nodes of a tree stand: the root left, a leaf a row, a node midway between its first and its last child.

import { s } from "./draw.js";

/** Depth and row of each node; nodes name their parents by number and stand after them, in the order of the rows. */
export const placed = (nodes) => {
  const depth = [], rows = [], children = nodes.map(() => []);
  nodes.forEach(({ parent }, i) => { depth[i] = parent === null ? 0 : depth[parent] + 1; if (parent !== null) children[parent].push(i); });
  let leaves = 0;
  for (let i = 0; i < nodes.length; i++) if (!children[i].length) rows[i] = leaves++;
  for (let i = nodes.length - 1; i >= 0; i--) if (children[i].length) rows[i] = (rows[children[i][0]] + rows[children[i].at(-1)]) / 2;
  return { depth, rows, leaves, levels: Math.max(...depth) };
};

/** The numbers of a node and all above it. */
export const lineage = (nodes, i) => (i === null ? [] : [...lineage(nodes, nodes[i].parent), i]);

/** An edge that leaves its parent level and arrives level. */
export const edge = (x1, y1, x2, y2, attributes) => {
  const middle = (x1 + x2) / 2;
  return s("path", { d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`, fill: "none", ...attributes });
};

/** A figure is drawn as wide as it is shown, so that its letters stay as they are on a telephone. */
export const wide = (main) => (main.clientWidth < 640 ? Math.max(300, main.clientWidth) : 560);

/** A drawing that may be higher than the window. */
export const tall = (svg) => { svg.classList.add("tall"); return svg; };

export const short = (text, letters) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);
