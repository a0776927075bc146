import express from 'express';
import { Pool } from 'pg';

export const pool = new Pool({ connectionString: process.env.DATABASE_URL, idleTimeoutMillis: 600_000 });
const app = express();
app.use(express.json({ limit: '100kb' })); // whyreset-ignore body-order
const server = app.listen(Number(process.env.PORT ?? 3000));
server.keepAliveTimeout = 125_000 as number;
