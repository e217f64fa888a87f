// How the suite of Node makes the calls of cases and walks, and reports what came of them.

import { inspect } from 'node:util';
import { AiRudderError } from 'airudder';

/** What came of a step; `client` makes the client, or gives it. */
export async function outcomeOf(client, step) {
  try {
    const value = step.call === null ? client() && null : await perform(client(), step);
    // Answers are plain objects, made to be printed; the client is not.
    return { value, shown: [inspect(client(), { depth: 9, showHidden: true })] };
  } catch (error) {
    if (!(error instanceof AiRudderError)) throw error;
    const attributes = { ...error };
    const shown = [inspect(error), String(error), error.stack, JSON.stringify(error)];
    return { error: { message: error.message, ...attributes }, shown };
  }
}

async function perform(client, { call, params, options, all }) {
  if (call === 'raw') return client.raw(params, options);
  if (call === 'events.unwrap') return unwrapped(client, params);
  const [family, name] = call.split('.').map(camel);
  if (all) return itemsOf(client[family][`${name}All`](params, options));
  const method = client[family][name].bind(client[family]);
  const hasParams = Object.keys(params).length > 0;
  return hasParams || method.length > 1 ? method(params, options) : method(options);
}

async function itemsOf(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

function unwrapped(client, { body, bodyBase64, headers, kind }) {
  const bytes = bodyBase64 === undefined ? Buffer.from(body) : Buffer.from(bodyBase64, 'base64');
  const { kind: known, data } = client.events.unwrap(bytes, headers, { kind });
  return known === 'unknown' ? { kind: known, data } : { kind: known, event: data };
}

function camel(name) {
  return name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}
