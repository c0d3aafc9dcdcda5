import { fileURLToPath } from 'node:url';

/**
 * The path of a compiled program. Processes and worker threads run compiled code only, also when the module that
 * starts them is run from its source, as tests do: `src/x/y.js` then stands for `dist/src/x/y.js`.
 */
export function compiledPath(program: URL): string {
  const path = fileURLToPath(program);
  const at = path.lastIndexOf('/src/');
  return at < 0 || path.slice(0, at).endsWith('/dist') ? path : `${path.slice(0, at)}/dist${path.slice(at)}`;
}
