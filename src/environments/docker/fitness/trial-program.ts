/** The programs of a trial, as texts: they run in containers, on whatever Node the image has. */

export const trialPort = 7000;
export const clockFile = '/data/clock';

/** Answers every connection with its two clocks; a line `clock +60s x1.0` first goes into the clock's file. */
export const trialServer: string = `
const { createServer } = require('node:net');
const { writeFileSync } = require('node:fs');
const setClock = (text) => writeFileSync('${clockFile}', text + '\\n');
setClock('+0s x1.0');
createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (bytes) => {
    const clock = /^clock (.+)$/m.exec(String(bytes))?.[1];
    if (clock !== undefined) setClock(clock);
    socket.end(JSON.stringify({ wall: Date.now(), monotonic: performance.now() }));
  });
}).listen(${trialPort});
`;

/** Lives until it is killed: the holder's part is played by what is executed in it. */
export const trialHolder = `setInterval(() => {}, 1e6);`;

/** Its arguments: how long to wait in milliseconds, and the line to send. Prints the answer, `silent` or `refused`. */
export const trialClient: string = `
const [within, line] = process.argv.slice(1);
const { connect } = require('node:net');
const say = (text) => process.stdout.write(text, () => process.exit(0));
setTimeout(() => say('silent'), Number(within));
let heard = '';
connect(${trialPort}, '127.0.0.1', function () { this.write(line + '\\n'); })
  .on('data', (bytes) => (heard += bytes))
  .on('end', () => say(heard))
  .on('error', () => say('refused'));
`;
