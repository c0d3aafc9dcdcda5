import { UsageError } from '../core/errors.ts';
import { nodeNames } from '../core/ids.ts';
import { defaultsOf } from '../harness/plan.ts';
import type { OptionDefinition } from '../protocol/system.ts';
import { catalogue } from './catalogue.ts';
import { reporters } from './reporters.ts';
import type { Texts } from './flags.ts';
import { listClaims } from './list-claims.ts';
import type { Terminal } from './terminal.ts';

/**
 * What there is: the systems with their bugs and options, the workloads, the nemeses with their variants, the reports.
 * Resolves to the exit code.
 */
export async function listCommand(flags: Texts, terminal: Terminal): Promise<number> {
  if (flags['claims'] === true) return listClaims(flags, terminal);
  for (const flag of ['measured', 'seed', 'output'])
    if (flags[flag] !== undefined) throw new UsageError(`--${flag} is of what is claimed: add --claims.`);
  const listing = describeAll();
  terminal.print(flags['json'] === true ? JSON.stringify(listing, null, 2) : textOf(listing));
  return 0;
}

/** What is claimed may depend on their number. */
const usualNodes = nodeNames(defaultsOf('sim').nodeCount);

function describeAll() {
  const { systems, workloads, nemeses } = catalogue;
  return {
    systems: Object.values(systems).map((system) => ({
      name: system.name,
      summary: system.summary,
      operations: system.operations,
      claims: system.claims(correct(system.options), usualNodes).map(({ model }) => model),
      options: system.options,
      roles: system.roles ?? [],
      bugs: system.bugs.map((bug) => ({
        name: bug.name,
        summary: bug.summary,
        nemeses: bug.nemeses,
        options: bug.options,
        workload: bug.workload,
      })),
    })),
    workloads: Object.values(workloads).map(({ name, summary, options, decides }) => ({
      name,
      summary,
      decides: decides.map(({ model }) => model),
      options,
    })),
    nemeses: Object.values(nemeses).map(({ name, summary, variants }) => ({
      name,
      summary,
      variants: variants.map((variant) => ({
        name: variant.name,
        summary: variant.summary,
        minimumNodes: variant.minimumNodes,
      })),
    })),
    reports: Object.values(reporters).map(({ name, summary }) => ({ name, summary })),
  };
}

/** The nemeses that can be aimed at a role. */
const aimable = Object.values(catalogue.nemeses).flatMap(({ name, ofRole }) => (ofRole === undefined ? [] : [name]));

const correct = (options: readonly OptionDefinition[]) => ({
  bug: null,
  values: Object.fromEntries(options.map(({ name, fallback }) => [name, fallback])),
});

function textOf({ systems, workloads, nemeses, reports }: ReturnType<typeof describeAll>): string {
  const lines = ['Systems (--system)'];
  for (const { name, summary, claims, bugs, options, roles } of systems) {
    lines.push(entry(1, name, `${summary} Claims: ${claims.join(', ')}.`));
    for (const bug of bugs) lines.push(entry(2, `--bug ${bug.name}`, `${bug.summary} ${bugHint(bug)}`));
    for (const option of options) lines.push(optionEntry(option));
    if (roles.length > 0) lines.push(entry(2, `--nemesis ${aimable.join('|')}:ROLE`, `ROLE: ${roles.join(', ')}.`));
  }
  lines.push('', 'Workloads (--workload)');
  for (const { name, summary, decides, options } of workloads) {
    lines.push(entry(1, name, `${summary} Decides: ${decides.join(', ')}.`));
    for (const option of options) lines.push(optionEntry(option));
  }
  lines.push('', 'Nemeses (--nemesis)');
  for (const { name, summary, variants } of nemeses) {
    lines.push(entry(1, name, summary));
    for (const variant of variants)
      lines.push(entry(2, `${name}:${variant.name}`, `${variant.summary} From ${variant.minimumNodes} nodes on.`));
  }
  lines.push('', 'Reports', ...reports.map(({ name, summary }) => entry(1, name, summary)));
  return lines.join('\n');
}

const bugHint = ({ nemeses, workload }: { nemeses: readonly string[]; workload: string | undefined }): string =>
  `Try --nemesis ${nemeses.join(',')}${workload === undefined ? '' : `; it runs --workload ${workload}`}.`;

function optionEntry({ name, summary, fallback, choices, range }: OptionDefinition): string {
  const allowed =
    choices === undefined ? (range === undefined ? '' : `, ${range[0]} to ${range[1]}`) : `, ${choices.join(' | ')}`;
  return entry(2, `--set ${name}=${fallback}`, `${summary} (default ${fallback}${allowed})`);
}

const entry = (depth: number, title: string, text: string): string =>
  `${'  '.repeat(depth)}${title.padEnd(32 - 2 * depth)} ${text}`;
