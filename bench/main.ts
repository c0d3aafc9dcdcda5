/** `npm run bench`: the figures that the project promises, against the committed baselines. See README.md. */
import { baselines } from './baselines.ts';
import { driverFigure } from './driver.ts';
import { type Figure, perCpuSecond, perSecond } from './figure.ts';
import { realtimeFigure } from './realtime.ts';
import { scalingFigures } from './scaling.ts';
import { simulatorFigure } from './simulator.ts';

const thousands = (number: number): string => (number < 1000 ? number.toFixed(0) : `${(number / 1000).toFixed(1)}k`);

function line(figure: Figure): string {
  const { name, unit, count } = figure;
  const baseline = baselines[name as keyof typeof baselines];
  const [wall, cpu] = [perSecond(figure), perCpuSecond(figure)];
  return [
    name.padEnd(10),
    `${thousands(count)} ${unit}:`,
    `${thousands(wall)} a second of the clock,`,
    `${thousands(cpu)} a second of the processor;`,
    `${(cpu / baseline.perCpuSecond).toFixed(2)} of the baseline,`,
    `${(cpu / baseline.target).toFixed(2)} of the target ${thousands(baseline.target)}`,
  ].join(' ');
}

/** How many seeds a second depends on what is drawn: there is no baseline, and only the lines among each other count. */
const scaling = (figure: Figure): string => {
  const { cpuSeconds, seconds, count, unit } = figure;
  return [
    `${figure.name.padEnd(10)} ${count} ${unit} in ${seconds.toFixed(2)} s of the clock, ${cpuSeconds.toFixed(2)} s of the processor:`,
    `${perSecond(figure).toFixed(1)} a second of the clock, ${perCpuSecond(figure).toFixed(1)} a second of the processor`,
  ].join(' ');
};

for (const figure of [driverFigure, simulatorFigure]) process.stdout.write(`${line(await figure())}\n`);
process.stdout.write(`${line(await realtimeFigure())}\n`);
for (const figure of await scalingFigures()) process.stdout.write(`${scaling(figure)}\n`);
