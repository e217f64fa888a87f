'use strict';

const { fileURLToPath } = require('node:url');
const { isAnyArrayBuffer } = require('node:util').types;
const { Inexpressible } = require('./json.cjs');

/**
 * A file as the native library takes it: its path, or its bytes as they are at this moment.
 * @throws {Inexpressible}
 */
async function toFile(name, file) {
  if (typeof file === 'string') return { path: file };
  if (file instanceof URL && file.protocol === 'file:') return { path: fileURLToPath(file) };
  if (file instanceof Blob) return fromBlob(file);
  const copy = copyOf(file);
  if (copy !== undefined) return { bytes: copy };
  if (typeof file === 'object' && file !== null) {
    const { path, bytes, ...rest } = file;
    const said = description(name, rest);
    if (typeof path === 'string' && bytes === undefined) return { path, ...said };
    if (path === undefined && bytes instanceof Blob) return { ...(await fromBlob(bytes)), ...said };
    const content = path === undefined ? copyOf(bytes) : undefined;
    if (content !== undefined) return { bytes: content, ...said };
  }
  throw new Inexpressible(
    `\`${name}\` must be a path, bytes, a Blob, or an object with \`path\` or \`bytes\`, \`name\` and \`mediaType\``,
  );
}

/** What a caller says of a file: its name, and what is in it. */
function description(name, fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  for (const [field, value] of given) {
    if (field !== 'name' && field !== 'mediaType') throw new Inexpressible(`\`${name}\` has no \`${field}\``);
    if (typeof value !== 'string') throw new Inexpressible(`\`${name}.${field}\` must be a text`);
  }
  return Object.fromEntries(given);
}

/** A copy of bytes, or undefined when it is no bytes. */
function copyOf(value) {
  if (isAnyArrayBuffer(value)) return Buffer.from(Buffer.from(value));
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
}

/** The bytes of a Blob with what it says of them; a `File` is a Blob with a name. */
async function fromBlob(blob) {
  const { name, type } = blob;
  return { bytes: Buffer.from(await blob.arrayBuffer()), ...(name && { name }), ...(type && { mediaType: type }) };
}

module.exports = { toFile };
