// Files that are sent, in every form in which a program can have one.

import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { File } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Client } from 'airudder';
import { bytesOf, reply, serve } from './support/server.mjs';

const received = [];
const baseUrl = await serve(async (request, response) => {
  const body = await bytesOf(request);
  // Node reads forms itself: an independent reader.
  received.push(await new Response(body, { headers: { 'Content-Type': request.headers['content-type'] } }).formData());
  reply(response, { file_id: 'f-1', size: body.length });
});
const { chatbot } = new Client({ baseUrl });

const photo = Buffer.from('\x89PNG\r\n\x1a\n--boundary\r\n\0', 'latin1');
const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
after(() => rm(folder, { recursive: true }));
const path = join(folder, 'photo.png');
await writeFile(path, photo);

const PNG = 'image/png';
const NOTHING_SAID = 'application/octet-stream';
const forms = {
  'a path': [path, 'photo.png', PNG],
  'a URL': [pathToFileURL(path), 'photo.png', PNG],
  'a path with a name': [{ path, name: 'front door.jpg' }, 'front door.jpg', 'image/jpeg'],
  'a path with its type': [{ path, mediaType: 'image/webp' }, 'photo.png', 'image/webp'],
  'a Buffer': [photo, 'file', NOTHING_SAID],
  'a part of an array': [new Uint8Array([0, ...photo]).subarray(1), 'file', NOTHING_SAID],
  'an ArrayBuffer': [new Uint8Array(photo).buffer, 'file', NOTHING_SAID],
  'bytes with a name': [{ bytes: photo, name: 'photo.png' }, 'photo.png', PNG],
  'a Blob': [new Blob([photo], { type: PNG }), 'file', PNG],
  'a Blob with a name': [{ bytes: new Blob([photo], { type: PNG }), name: 'door' }, 'door', PNG],
  'a File': [new File([photo], 'photo.png'), 'photo.png', PNG],
  'a File that is not named anew': [{ bytes: new File([photo], 'photo.png'), name: undefined }, 'photo.png', PNG],
};
for (const [what, [file, name, type]] of Object.entries(forms)) {
  test(`a file may be ${what}`, async () => {
    const answer = await chatbot.uploadFile({ file, channelId: '5001', fileType: 'image' });
    equal(answer.fileId, 'f-1');
    const form = received.at(-1);
    deepEqual([...form.keys()].sort(), ['channel_id', 'file', 'type']);
    deepEqual([form.get('channel_id'), form.get('type')], ['5001', 'image']);
    const sent = form.get('file');
    deepEqual([sent.name, sent.type], [name, type]);
    deepEqual(Buffer.from(await sent.arrayBuffer()), photo);
  });
}

test('a large file is sent whole', async () => {
  const large = join(folder, 'large.bin');
  await writeFile(large, Buffer.alloc(9_000_001, 'photo'));
  await chatbot.uploadFile({ file: large });
  deepEqual(Buffer.from(await received.at(-1).get('file').arrayBuffer()), Buffer.alloc(9_000_001, 'photo'));
});

test('what is written to the bytes afterwards is not sent', async () => {
  for (const wrap of [(bytes) => bytes, (bytes) => ({ bytes, name: 'photo.png' })]) {
    const bytes = Buffer.from(photo);
    const call = chatbot.uploadFile({ file: wrap(bytes) });
    bytes.fill(0);
    await call;
    deepEqual(Buffer.from(await received.at(-1).get('file').arrayBuffer()), photo);
  }
});

const refused = {
  'a path that leads nowhere': ['/nowhere/Budi.png', /`file` cannot be read/],
  'a folder': [folder, /`file` is no file/],
  nothing: [undefined, /`file` must be a path/],
  'a number': [5, /`file` must be a path/],
  'a web address': [new URL('https://example.com/photo.png'), /`file` must be a path/],
  'a name alone': [{ name: 'Budi.png' }, /`file` must be a path/],
  'a path and bytes': [{ path, bytes: photo }, /`file` must be a path/],
  'text for bytes': [{ bytes: 'Budi' }, /`file` must be a path/],
  'a misspelt name': [{ path, filename: 'Budi.png' }, /`file` has no `filename`/],
  'a name that is no text': [{ path, name: 7 }, /`file\.name` must be a text/],
};
for (const [what, [file, message]] of Object.entries(refused)) {
  test(`${what} is refused`, async () => {
    const before = received.length;
    const error = await chatbot.uploadFile({ file }).catch((error) => error);
    await rejects(Promise.reject(error), { code: 'invalid_request', operation: 'chatbot.upload_file', message });
    ok(!error.message.includes('Budi'));
    equal(received.length, before);
  });
}
