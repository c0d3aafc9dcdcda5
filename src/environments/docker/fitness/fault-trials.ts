/** One trial per fault: do it, see that it took effect, undo it, see that too. */
import { engineMessage } from '../engine.ts';
import type { EngineFacts } from '../engine.ts';
import { type FaultFitness, can, cannot } from '../../fitness.ts';
import type { Images } from '../images/images.ts';
import { trialPort } from './trial-program.ts';
import type { Executed, Trial } from './trial.ts';

const isHeard = (heard: unknown): boolean => typeof heard === 'object';

export async function tryPartition(trial: Trial): Promise<FaultFitness> {
  const complaints: string[] = [];
  for (const flavour of ['iptables-nft', 'iptables-legacy', 'iptables']) {
    const rule = ['INPUT', '-s', '127.0.0.1/32', '-p', 'tcp', '--dport', String(trialPort), '-j', 'DROP'];
    const added = await trial.execute([flavour, '-w', '-A', ...rule]);
    if (added.code !== 0) {
      complaints.push(`${flavour}: ${wordsOf(added)}`);
      continue;
    }
    const cut = await trial.ask();
    await trial.execute([flavour, '-w', '-D', ...rule]);
    if (cut !== 'silent')
      return cannot('partition', `a rule of ${flavour} was taken, and dropped nothing`, rulesAdvice);
    if (isHeard(await trial.ask()))
      return can('partition', `${flavour} dropped a new connection, and let the next one pass`);
    return cannot('partition', `a rule of ${flavour} was removed, and still drops`, rulesAdvice);
  }
  return cannot('partition', complaints.join('; '), rulesAdvice);
}

const rulesAdvice =
  'The kernel of the engine needs nf_tables or ip_tables: sudo modprobe nf_tables nft_compat xt_tcpudp, or ip_tables iptable_filter.';

export async function tryKill(trial: Trial): Promise<FaultFitness> {
  try {
    await trial.node.kill();
    if (isHeard(await trial.ask())) return cannot('kill', 'a killed node still answered', restartAdvice);
    await trial.node.start();
    if (!(await trial.answers())) return cannot('kill', 'a killed node did not come back when started', restartAdvice);
    return can('kill', 'a killed node fell silent, and answered when started again');
  } catch (error) {
    return cannot('kill', engineMessage(error), restartAdvice);
  }
}

const restartAdvice = 'Look at the log of the engine.';

export async function tryPause(trial: Trial, { rootless, cgroup }: EngineFacts): Promise<FaultFitness> {
  const advice =
    rootless && cgroup === 1
      ? 'An engine without root needs cgroup v2 to pause: boot with systemd.unified_cgroup_hierarchy=1.'
      : 'Pausing needs the freezer of cgroups: look for it in /sys/fs/cgroup on the machine of the engine.';
  try {
    await trial.node.pause();
    const paused = await trial.ask();
    await trial.node.unpause();
    if (isHeard(paused)) return cannot('pause', 'a paused node still answered', advice);
    if (!(await trial.answers())) return cannot('pause', 'a paused node stayed silent when it went on', advice);
    return can('pause', 'a paused node fell silent, and answered when it went on');
  } catch (error) {
    return cannot('pause', engineMessage(error), advice);
  }
}

/** In milliseconds; far more than two questions are apart. */
const step = 60_000;

export async function tryClock(trial: Trial, images: Images): Promise<FaultFitness> {
  if (images.faketime === null)
    return cannot(
      'clock',
      'the images have no libfaketime',
      'Install it on this machine (Debian: sudo apt-get install libfaketime) and run harness images again.',
    );
  const before = await trial.ask();
  const bumped = await trial.ask(`clock +${step / 1000}s x1.0`);
  const healed = await trial.ask('clock +0s x1.0');
  if (typeof before === 'string' || typeof bumped === 'string' || typeof healed === 'string')
    return cannot('clock', 'a node did not answer under libfaketime', faketimeAdvice);
  const offset = ({ wall, monotonic }: typeof before): number => wall - monotonic;
  const moved = offset(bumped) - offset(before);
  if (Math.abs(moved - step) > step / 60)
    return cannot('clock', `a step of 60 s moved the wall clock by ${(moved / 1000).toFixed(1)} s`, faketimeAdvice);
  if (Math.abs(offset(healed) - offset(before)) > step / 60)
    return cannot('clock', 'a step of the wall clock could not be undone', faketimeAdvice);
  return can('clock', 'libfaketime moved the wall clock by 60 s and back, and left the monotonic one alone');
}

const faketimeAdvice =
  'The libfaketime of these images does not suit their Node: harness images --base IMAGE takes another.';

export async function tryShaping(trial: Trial): Promise<readonly FaultFitness[]> {
  const attempt = async (fault: string, discipline: string, name: string): Promise<FaultFitness> => {
    const added = await trial.execute(['tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...discipline.split(' ')]);
    if (added.code !== 0) return cannot(fault, `tc: ${wordsOf(added)}`, moduleAdvice(name));
    await trial.execute(['tc', 'qdisc', 'del', 'dev', 'lo', 'root']);
    return can(fault, `the kernel has the discipline ${name}`);
  };
  return [
    await attempt('packets:delay', 'netem delay 1ms', 'netem'),
    await attempt('packets:rate', 'handle 1: htb default 0', 'htb'),
  ];
}

const moduleAdvice = (name: string): string =>
  `The kernel of the engine lacks sch_${name}: sudo modprobe sch_${name} there. Some distributions keep it in a package ` +
  'of extra modules (Ubuntu: linux-modules-extra-$(uname -r), Fedora: kernel-modules-extra). Or leave it out, or use --env sim.';

const wordsOf = ({ code, complaint, output }: Executed): string =>
  (complaint || output || `exit code ${code}`).replaceAll(/\s*\n\s*/g, ' ');
