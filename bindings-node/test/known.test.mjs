// What the package knows of AI Rudder's pages: each leads to a method, an event, or a text.

import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, eventKinds, operations } from 'airudder';
import './support/environment.mjs';

const workspace = new URL('../../', import.meta.url);
const read = (path) => readFileSync(fileURLToPath(new URL(path, workspace)), 'utf8');

const client = new Client({ baseUrl: 'http://127.0.0.1:9' });
const documents = JSON.parse(read('contract/documents.json'));
const declarations = read('bindings-node/generated/api.d.cts');
const pages = read('contract/pages.tsv')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'));

test('no page is passed over', () => {
  equal(pages.length, 320);
  const known = [...Object.keys(operations), ...Object.keys(eventKinds), ...Object.keys(documents)];
  deepEqual([...new Set(pages.map(([key]) => key.replace(/^event:/, '')))].sort(), known.sort());
});

describe('a page leads somewhere', () => {
  for (const [number, [key, title]] of pages.entries()) {
    test(`${number + 1}: ${key}`, () => {
      if (key in documents) leadsToText(documents[key].places.node);
      else if (key.startsWith('event:')) leadsToEvent(key.slice('event:'.length), title);
      else leadsToMethod(key, title);
    });
  }
});

function leadsToMethod(id, title) {
  const operation = operations[id];
  ok(operation.pages.includes(title));
  equal(typeof client[operation.family][operation.name], 'function');
  ok(commentBefore(`  ${operation.name}(`, interfaceOf(operation.family)).includes(operation.page));
}

function leadsToEvent(kind, title) {
  ok(eventKinds[kind].pages.includes(title));
  const body = client.events.sample(kind);
  equal(client.events.unwrap(body, client.events.sign(body), { kind }).kind, kind);
  const [, model] = declarations.match(new RegExp(`  '${kind.replaceAll('.', '\\.')}': (\\w+);`));
  ok(declarations.includes(`export interface ${model} {`));
}

/** What stands below a heading, up to the next one. Anchors are made as GitHub makes them. */
function leadsToText(place) {
  const [file, anchor] = place.split('#');
  const sections = read(file).split(/^#+ /m).slice(1);
  const section = sections.find((text) => anchorOf(text.split('\n', 1)[0]) === anchor);
  ok(section?.split('\n').slice(1).join('').trim(), `${file} says nothing at #${anchor}`);
}

function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function interfaceOf(family) {
  const name = family[0].toUpperCase() + family.slice(1);
  return declarations.split(`export interface ${name} {\n`)[1].split('\n}\n')[0];
}

/** The text of the comment before a declaration, in one line. */
function commentBefore(declaration, text) {
  const before = text.slice(0, text.indexOf(declaration));
  return before.slice(before.lastIndexOf('/**')).replace(/\s*\n\s*\*\s?/g, ' ');
}

test('an operation says what is known of it', () => {
  const { pages: titles, ...operation } = operations['tasks.cancel_call'];
  deepEqual(operation, {
    id: 'tasks.cancel_call',
    family: 'tasks',
    name: 'cancelCall',
    method: 'POST',
    path: '/service/cloud/cancelphonecall',
    source: 'reported',
    retry: 'repeatable',
    page: titles.find((title) => /^[\x20-\x7e]+$/.test(title)),
    summary: operation.summary,
  });
  equal(operations['flex_route.sdr_push'].family, 'flexRoute');
  const sources = new Set(Object.values(operations).map(({ source }) => source));
  deepEqual([...sources].sort(), ['assumed', 'documented', 'reported']);
  ok(Object.values(operations).every(({ summary }) => summary.length > 0));
});

test('an event says what is known of it', () => {
  const { kind, source, summary } = eventKinds['call.finished'];
  deepEqual([kind, source], ['call.finished', 'assumed']);
  ok(summary.length > 0);
});

test('nobody changes what is known', () => {
  for (const table of [operations, eventKinds]) {
    const [row] = Object.values(table);
    throws(() => {
      table[row.id] = row;
    }, TypeError);
    throws(() => {
      row.source = 'documented';
    }, TypeError);
    throws(() => row.pages.push('another'), TypeError);
  }
});
