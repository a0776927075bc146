// A Node HTTP/2 client with prior knowledge: node http2-client.mjs URL, asks once and prints what it met as JSON lines.
import http2 from 'node:http2';

const session = http2.connect(process.argv[2]);
const say = (what) => (error) =>
  console.log(
    JSON.stringify({
      what,
      error: error.message,
      code: error.code,
      errno: error.errno,
      rstCode: stream.rstCode,
    }),
  );
session.on('error', say('session'));
session.on('goaway', (code, last, data) =>
  console.log(JSON.stringify({ goaway: code, last, data: String(data ?? '') })),
);
const stream = session.request({ ':path': '/' });
stream.on('error', say('stream'));
stream.on('response', (headers) => console.log(JSON.stringify({ status: headers[':status'] })));
stream.resume();
stream.on('close', () => {
  console.log('done');
  session.close();
  setImmediate(() => process.exit(0));
});
