/** Strongly connected components in linear time (Tarjan 1972), without recursion: a history may be one long path. */

/** The successors of each vertex, one after the other; `edge` is the number of the edge in the columns. */
export interface Successors {
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly edge: Int32Array;
}

/** Of those edges that are wanted. */
export function successorsOf(
  vertices: number,
  columns: { readonly from: readonly number[]; readonly to: readonly number[] },
  wanted: (edge: number) => boolean,
): Successors {
  const { from, to } = columns;
  const start = new Int32Array(vertices + 1);
  const chosen: number[] = [];
  for (let edge = 0; edge < from.length; edge++) {
    if (!wanted(edge)) continue;
    chosen.push(edge);
    start[from[edge]! + 1]!++;
  }
  for (let vertex = 0; vertex < vertices; vertex++) start[vertex + 1]! += start[vertex]!;
  const next = start.slice();
  const targets = new Int32Array(chosen.length);
  const edges = new Int32Array(chosen.length);
  for (const edge of chosen) {
    const place = next[from[edge]!]!++;
    targets[place] = to[edge]!;
    edges[place] = edge;
  }
  return { start, to: targets, edge: edges };
}

/** By vertex the number of its component, and how many vertices each has. No edge leads from a vertex to itself. */
export function componentsOf(vertices: number, { start, to }: Successors): { of: Int32Array; sizes: number[] } {
  const of = new Int32Array(vertices).fill(-1);
  const order = new Int32Array(vertices).fill(-1);
  const low = new Int32Array(vertices);
  const next = start.slice(0, vertices);
  const open: number[] = [];
  const path: number[] = [];
  const sizes: number[] = [];
  let visited = 0;
  const enter = (vertex: number): void => {
    order[vertex] = low[vertex] = visited++;
    open.push(vertex);
    path.push(vertex);
  };
  for (let root = 0; root < vertices; root++) {
    if (order[root]! >= 0) continue;
    enter(root);
    for (let vertex = path.at(-1); vertex !== undefined; vertex = path.at(-1)) {
      if (next[vertex]! < start[vertex + 1]!) {
        const target = to[next[vertex]!++]!;
        if (order[target]! < 0) enter(target);
        else if (of[target]! < 0) low[vertex] = Math.min(low[vertex]!, order[target]!);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above]!, low[vertex]!);
      if (low[vertex] === order[vertex]) sizes.push(close(vertex, sizes.length));
    }
  }
  return { of, sizes };

  function close(root: number, component: number): number {
    let size = 0;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      of[member] = component;
      size++;
      if (member === root) break;
    }
    return size;
  }
}
