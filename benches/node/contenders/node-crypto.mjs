import { createDecipheriv, hash, timingSafeEqual } from 'node:crypto';
import { EVENT, KEY } from '../server.mjs';
import { events, WIRE } from '../sums.mjs';

function unwrap(body, signed) {
  const decipher = createDecipheriv('aes-128-ecb', KEY, null).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(body.toString('latin1'), 'base64'), decipher.final()]);
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end -= 1;
  const plaintext = padded.subarray(0, end);
  if (!timingSafeEqual(hash('sha256', plaintext, 'buffer'), Buffer.from(signed, 'hex')))
    throw new Error('another digest');
  return JSON.parse(plaintext.toString());
}

async function event(baseUrl) {
  const response = await fetch(baseUrl + EVENT);
  const signed = response.headers.get('signed');
  const body = Buffer.from(await response.arrayBuffer());
  return events(() => unwrap(body, signed), WIRE);
}

export const jobs = { event };
