// node two-writes.mjs HOST PORT MS: writes a line, and another one MS later, whatever happened meanwhile.
import net from 'node:net';

const [host, port, ms] = process.argv.slice(2);
const socket = net.connect({ host, port: Number(port), allowHalfOpen: true }, () => {
  socket.write('first line\n');
  setTimeout(() => {
    socket.write('second line\n', () => setTimeout(() => socket.write('third line\n'), 50));
  }, Number(ms));
});
socket.resume();
socket.on('error', ({ message, code, syscall }) => {
  console.log(`error ${message} (code ${code}, syscall ${syscall})`);
});
socket.on('close', () => process.exit(0));
