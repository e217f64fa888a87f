import { CALL, CREDENTIALS, JSON_TYPE, opened, SIGN_IN, toHeaders } from '../server.mjs';
import { atOnce, WIRE } from '../sums.mjs';

async function calling(baseUrl) {
  const read = async (path, request) => opened(await (await fetch(baseUrl + path, request)).json());
  const headers = toHeaders(await read(SIGN_IN, { method: 'POST', headers: JSON_TYPE, body: CREDENTIALS }));
  return () => read(CALL, { headers });
}

export const jobs = {
  calls: async (baseUrl) => atOnce(await calling(baseUrl), WIRE),
};
