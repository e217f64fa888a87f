import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { CALL, CREDENTIALS, JSON_TYPE, opened, PAGE, SIGN_IN, toHeaders } from '../server.mjs';
import { AT_ONCE, atOnce, inTurn, pages, WIRE } from '../sums.mjs';

function connect(baseUrl) {
  const certificate = process.env.AIRUDDER_CA_CERTIFICATE;
  return new Pool(baseUrl, {
    connections: AT_ONCE,
    allowH2: process.env.BENCH_HTTP2 === '1',
    connect: certificate && { ca: readFileSync(certificate) },
  });
}

async function reading(baseUrl) {
  const pool = connect(baseUrl);
  const read = async (request) => {
    const { body } = await pool.request(request);
    return opened(JSON.parse(await body.text()));
  };
  const headers = toHeaders(await read({ method: 'POST', path: SIGN_IN, headers: JSON_TYPE, body: CREDENTIALS }));
  return (path) => read({ method: 'GET', path, headers });
}

async function calling(baseUrl) {
  const read = await reading(baseUrl);
  return () => read(CALL);
}

async function page(baseUrl) {
  const read = await reading(baseUrl);
  return pages(async () => (await read(PAGE)).calls, WIRE);
}

export const jobs = {
  call: async (baseUrl) => inTurn(await calling(baseUrl), WIRE),
  calls: async (baseUrl) => atOnce(await calling(baseUrl), WIRE),
  page,
};
