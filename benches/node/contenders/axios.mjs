import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import axios from 'axios';
import { CALL, CREDENTIALS, JSON_TYPE, opened, SIGN_IN, toHeaders } from '../server.mjs';
import { AT_ONCE, atOnce, WIRE } from '../sums.mjs';

async function calling(baseUrl) {
  const certificate = process.env.AIRUDDER_CA_CERTIFICATE;
  const pooled = { keepAlive: true, maxSockets: AT_ONCE };
  const http = axios.create({
    baseURL: baseUrl,
    httpAgent: new Agent(pooled),
    httpsAgent: new SecureAgent({ ...pooled, ca: certificate && readFileSync(certificate) }),
  });
  const signedIn = await http.post(SIGN_IN, CREDENTIALS, { headers: JSON_TYPE });
  const headers = toHeaders(opened(signedIn.data));
  return async () => opened((await http.get(CALL, { headers })).data);
}

export const jobs = {
  calls: async (baseUrl) => atOnce(await calling(baseUrl), WIRE),
};
