// A supervisor with two workers, as gunicorn or php-fpm: node supervisor.mjs PORT MILLISECONDS
// It kills the worker so long after a request has begun, and starts another one.
import cluster from 'node:cluster';
import http from 'node:http';

const [port, limit] = process.argv.slice(2).map(Number);

if (cluster.isPrimary) {
  let ready = 0;
  const hire = () => {
    const worker = cluster.fork();
    worker.on('message', () => setTimeout(() => worker.process.kill('SIGKILL'), limit));
    worker.on('exit', hire);
    worker.once('listening', () => ++ready === 2 && console.log('ready'));
  };
  hire();
  hire();
} else {
  http
    .createServer((request) => {
      // It began to read, then computes for ever: the rest of the body stays in the kernel.
      request.once('data', () => request.pause());
      process.send('request');
    })
    .listen(port, '::');
}
