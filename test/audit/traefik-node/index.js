const http = require('node:http');
const PORT = process.env.PORT || 3000;
const server = http.createServer((_, response) => response.end('ok'));
server.keepAliveTimeout = 65 * 1000;
server.listen(PORT);
