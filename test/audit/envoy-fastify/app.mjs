import fastify from 'fastify';

const app = fastify({ keepAliveTimeout: 30_000, bodyLimit: 10 * 1024 * 1024 });
await app.listen({ port: 3000, host: '0.0.0.0' });
